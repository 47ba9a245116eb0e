"""The national register's fields for a new pupil, by their pinyin codes (domain 4.2), and the number (domain 4.1)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pypinyin import lazy_pinyin

from backend.families.rules.nations import NATIONS

SEXES = {"male": "1", "female": "2"}
RELATIONS = {"father": "51", "mother": "52", "grandparent": "61", "other": "97"}
SURNAMES = {"单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "盖": "ge", "尉": "yu"}
HEADERS: Mapping[str, str] = {
    "grbsm": "★学籍号",
    "xm": "★姓名",
    "xmpy": "姓名拼音",
    "xbm": "★性别码",
    "csrq": "★出生日期",
    "mzm": "★民族码",
    "gjdqm": "★国籍码",
    "sfzjlxm": "★身份证件类型码",
    "sfzjh": "身份证件号",
    "hkszdm": "户口所在地行政区划码",
    "xzz": "★现住址",
    "xxbsm": "★学校标识码",
    "bjh": "★班号",
    "rxny": "★入学年月",
    "rxfsm": "★入学方式码",
    "jdfsm": "就读方式码",
    "xslym": "学生来源码",
    "xslbm": "学生类别码",
    "cy1xm": "★成员1姓名",
    "cy1gxm": "★成员1关系码",
    "cy1sfjhr": "★成员1是否监护人",
    "cy1sfzh": "成员1身份证件号",
    "cy2xm": "成员2姓名",
    "cy2gxm": "成员2关系码",
    "cy2sfjhr": "成员2是否监护人",
    "cy2sfzh": "成员2身份证件号",
    "sfwlwgryznm": "是否随迁子女",
}
"""Code → column of the import template; ★ is required. A child in the care of one guardian leaves 成员2 empty."""


@dataclass(frozen=True)
class SecondGuardian:
    """The other guardian of a pupil; `relation` as in RELATIONS."""

    name: str
    relation: str
    id_number: str | None


@dataclass(frozen=True)
class Pupil:
    """What is known of an admitted child when the record is made."""

    name: str
    sex: str
    born_on: date
    ethnicity: str
    id_number: str | None
    address: str
    household_code: str
    school: str
    class_number: int
    entered: str
    guardian_name: str
    guardian_relation: str
    guardian_id_number: str | None
    is_migrant: bool
    second: SecondGuardian | None = None


class RecordImpossible(ValueError):
    """A record cannot be made; the message says which field is missing (T-4.3)."""


def national_number(pupil: Pupil) -> tuple[str, str]:
    """(kind, number): G with the pupil's ID number, J for a pupil without one whose guardian has one (T-4.3).

    Raises RecordImpossible where neither has an ID number.
    """
    if pupil.id_number:
        return "G", f"G{pupil.id_number}"
    if not pupil.guardian_id_number:
        raise RecordImpossible("孩子没有身份证件号时,必须填写监护人的身份证件号")
    digest = hashlib.sha256(f"{pupil.guardian_id_number}{pupil.name}{pupil.born_on}".encode()).hexdigest()
    return "J", "J" + str(int(digest, 16))[:18]


def pinyin_of(name: str) -> str:
    """The name in pinyin, surname first, with the surname's own reading where it has one (单 is Shan)."""
    parts = lazy_pinyin(name.replace("·", ""))
    if name[:1] in SURNAMES and parts:
        parts[0] = SURNAMES[name[0]]
    return "".join(part.capitalize() for part in parts)


def nation_code(ethnicity: str) -> str:
    """The two digits of GB/T 3304; 97 where the nation is not among the 56."""
    plain = ethnicity.removesuffix("族")
    return f"{NATIONS.index(plain) + 1:02d}" if plain in NATIONS else "97"


def national_fields(pupil: Pupil) -> dict[str, str]:
    """The record's fields by code, all texts. Raises RecordImpossible."""
    _, number = national_number(pupil)
    second = pupil.second
    return {
        "grbsm": number,
        "xm": pupil.name,
        "xmpy": pinyin_of(pupil.name),
        "xbm": SEXES.get(pupil.sex, "9"),
        "csrq": pupil.born_on.strftime("%Y%m%d"),
        "mzm": nation_code(pupil.ethnicity),
        "gjdqm": "CHN",
        "sfzjlxm": "1" if pupil.id_number else "Z",
        "sfzjh": pupil.id_number or "",
        "hkszdm": pupil.household_code,
        "xzz": pupil.address,
        "xxbsm": pupil.school,
        "bjh": str(pupil.class_number),
        "rxny": pupil.entered,
        "rxfsm": "11",
        "jdfsm": "1",
        "xslym": "1",
        "xslbm": "00",
        "cy1xm": pupil.guardian_name,
        "cy1gxm": RELATIONS.get(pupil.guardian_relation, "97"),
        "cy1sfjhr": "1",
        "cy1sfzh": pupil.guardian_id_number or "",
        "cy2xm": second.name if second else "",
        "cy2gxm": RELATIONS.get(second.relation, "97") if second else "",
        "cy2sfjhr": "1" if second else "",
        "cy2sfzh": (second.id_number or "") if second else "",
        "sfwlwgryznm": "1" if pupil.is_migrant else "0",
    }
