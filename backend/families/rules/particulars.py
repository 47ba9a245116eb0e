"""What a guardian writes about a child, read and checked: number, name, birth, sex, and the guardian's own number."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from backend.families.rules.ethnicities import read_ethnicity
from backend.families.rules.id_number import IdNumber, IdNumberFault, read_id_number
from backend.families.rules.names import NameFault, read_name

IdKind = Literal["resident", "hkm", "other"]
Relation = Literal["father", "mother", "grandparent", "other"]
_DOCUMENT = re.compile(r"[0-9A-Z]{5,30}")
OLDEST_CHILD = 20


@dataclass(frozen=True)
class Written:
    """What the guardian wrote, untouched. Empty texts count as not given."""

    name: str
    id_kind: IdKind
    id_number: str | None
    born_on: date | None
    sex: str | None
    ethnicity: str
    guardian_name: str
    guardian_id_number: str | None


@dataclass(frozen=True)
class Particulars:
    """What was read: the child's and the guardian's particulars without a fault."""

    name: str
    id_kind: IdKind
    id_number: str | None
    born_on: date
    sex: str
    ethnicity: str
    guardian_name: str
    guardian_id_number: str | None

    @property
    def known_by(self) -> str:
        """The text by which the same child is found again (A22): its number, else name, birth and guardian."""
        if self.id_number:
            return f"{self.id_kind}:{self.id_number}"
        return f"none:{self.name}:{self.born_on.isoformat()}:{self.guardian_id_number}"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the field, a permanent code, a Chinese sentence."""

    field: str
    code: str
    detail: str


def read_particulars(written: Written, today: date) -> Particulars | list[Fault]:
    """The particulars, or everything that is wrong with what was written, all at once.

    A child with a resident's number is born and of the sex that it says. A child without any number needs birth, sex
    and a guardian with a number of his own (T-4.3); a guardian is never the child itself (domain 4.3).
    """
    faults: list[Fault] = []
    name = _name(written.name, "name", faults)
    guardian = _name(written.guardian_name, "guardian_name", faults)
    number, stated = _child_number(written, today, faults)
    born_on, sex = _birth_and_sex(written, stated, today, faults)
    ethnicity = read_ethnicity(written.ethnicity)
    if ethnicity is None:
        faults.append(Fault("ethnicity", "ethnicity-unknown", "民族请照户口簿填写，例如“汉”或“蒙古”。"))
    guardian_number = _guardian_number(written, number, today, faults)
    if faults or born_on is None or sex is None or ethnicity is None:
        return faults
    return Particulars(name, written.id_kind, number, born_on, sex, ethnicity, guardian, guardian_number)


def _name(text: str, field: str, faults: list[Fault]) -> str:
    try:
        return read_name(text)
    except NameFault as fault:
        faults.append(Fault(field, fault.code, fault.in_chinese))
        return ""


def _child_number(written: Written, today: date, faults: list[Fault]) -> tuple[str | None, IdNumber | None]:
    text = (written.id_number or "").strip().upper()
    if written.id_kind == "resident":
        try:
            stated = read_id_number(text, today)
        except IdNumberFault as fault:
            faults.append(Fault("id_number", fault.code, fault.in_chinese))
            return None, None
        return stated.number, stated
    if text and _DOCUMENT.fullmatch(text) is None:
        faults.append(Fault("id_number", "document-number-invalid", "证件号码只能有数字和字母，5到30位。"))
    if written.id_kind == "hkm" and not text:
        faults.append(Fault("id_number", "document-number-missing", "请填写港澳台居民证件的号码。"))
    return text or None, None


def _birth_and_sex(
    written: Written, stated: IdNumber | None, today: date, faults: list[Fault]
) -> tuple[date | None, str | None]:
    if stated is not None:
        if written.born_on not in {None, stated.born_on}:
            faults.append(Fault("born_on", "birth-differs", "出生日期与身份证号码不一致，请核对。"))
        if written.sex not in {None, stated.sex}:
            faults.append(Fault("sex", "sex-differs", "性别与身份证号码不一致，请核对。"))
        return stated.born_on, stated.sex
    if written.id_kind == "resident":
        return None, None
    born_on = written.born_on
    if born_on is None or born_on > today or today.year - born_on.year > OLDEST_CHILD:
        faults.append(Fault("born_on", "birth-missing", "请填写孩子真实的出生日期。"))
    if written.sex not in {"male", "female"}:
        faults.append(Fault("sex", "sex-missing", "请选择孩子的性别。"))
    return born_on, written.sex


def _guardian_number(written: Written, child_number: str | None, today: date, faults: list[Fault]) -> str | None:
    text = (written.guardian_id_number or "").strip().upper()
    if not text:
        if written.id_kind != "resident" and not (written.id_number or "").strip():
            detail = "孩子没有居民身份证号码时，必须填写监护人的证件号码。"
            faults.append(Fault("guardian_id_number", "guardian-number-missing", detail))
        return None
    if text == child_number:
        faults.append(Fault("guardian_id_number", "guardian-is-child", "监护人和孩子不能是同一个证件号码。"))
        return None
    if any(letter.isalpha() for letter in text[:-1]) and _DOCUMENT.fullmatch(text):
        return text
    try:
        return read_id_number(text, today).number
    except IdNumberFault as fault:
        faults.append(Fault("guardian_id_number", fault.code, "监护人的" + fault.in_chinese))
        return None
