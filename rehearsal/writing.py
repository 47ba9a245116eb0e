"""What a simulated family writes into the forms: the truth, with the slips its fate gives it."""

from dataclasses import asdict
from typing import Any

from rehearsal import land
from rehearsal.fates import MATCH, Check, Fate
from rehearsal.people import Book, Home, People, Person, Work

OTHER_ETHNICITY = {"汉": "蒙古", "蒙古": "汉", "回": "汉", "满": "汉"}
OTHER_USE = {"住宅": "公寓", "公寓": "住宅"}
MONTHS_WRONG = 6
PAPERS_OF_HOME = {"owned": "property", "contract": "contract", "rented": "lease", "none": "residence"}
PAPERS_OF_WORK = {"insured": "insurance", "business": "licence"}


def as_written(check: Check, field: str, truth: str, wrong: str) -> str:
    """The truth, or the wrong value where the family itself erred in this field."""
    return wrong if _erred(check, "family", field) else truth


def as_known(check: Check, field: str, truth: str, wrong: str) -> str:
    """The truth, or the wrong value where the department's register errs in this field."""
    return wrong if _erred(check, "department", field) else truth


def _erred(check: Check, who: str, field: str) -> bool:
    return check.verdict == "mismatch" and check.field == field and check.fault == who


def another_number(number: str) -> str:
    """The number with its last digit mistyped."""
    for index in range(len(number) - 1, -1, -1):
        if number[index].isdigit():
            return f"{number[:index]}{(int(number[index]) + 1) % 10}{number[index + 1 :]}"
    return number + "1"


def another_unit(code: str) -> str:
    """The neighbouring address unit of the same banner."""
    members = [unit.code for unit in land.units_of(code[:6])]
    return members[(members.index(code) + 1) % len(members)]


def another_name(name: str) -> str:
    """The name as hurried people type it: only what follows the middle dot, or one letter doubled."""
    return name.rpartition("·")[2] if "·" in name else name + name[-1]


def child_written(child: Person, people: People, fate: Fate) -> dict[str, Any]:
    """The body of `POST /api/children` but for the consents."""
    slip = fate.population
    return {
        "name": as_written(slip, "name", child.name, another_name(child.name)),
        "id_kind": "resident",
        "id_number": child.id_number,
        "born_on": child.born_on.isoformat(),
        "sex": child.sex,
        "ethnicity": as_written(slip, "ethnicity", child.ethnicity, OTHER_ETHNICITY[child.ethnicity]),
        "relation": people.relation,
        "guardian_name": people.guardian.name,
        "guardian_id_number": people.guardian.id_number,
    }


def form_written(people: People, book: Book, home: Home, work: Work, fate: Fate) -> dict[str, Any]:
    """The body of `PUT /api/applications/{id}/form`. `registered_on` is the date of the household registration."""
    slip = fate.household
    form: dict[str, Any] = {
        "unit_code": home.unit_code,
        "address": home.address,
        "on_guardians_book": True,
        "household_number": as_written(slip, "household_number", book.number, another_number(book.number)),
        "registered_on": book.moved_in_on.isoformat(),
        "home": _home_written(home, people, fate),
        "work": _work_written(work, fate),
    }
    if fate.book == "outside":
        form["household"] = "elsewhere"
    else:
        unit_code = book.unit_code or home.unit_code
        form["household_unit"] = as_written(slip, "unit_code", unit_code, another_unit(unit_code))
    return form


def _home_written(home: Home, people: People, fate: Fate) -> dict[str, Any]:
    written: dict[str, Any] = {"kind": home.kind}
    if home.certificate and home.registered_on:
        mistyped = fate.property.verdict == "not-found" and fate.property.fault == "family"
        written["certificate"] = another_number(home.certificate) if mistyped else home.certificate
        written["registered_on"] = home.registered_on.isoformat()
    if home.property_unit and home.use:
        written["use"] = as_written(fate.property, "use", home.use, OTHER_USE[home.use])
        written["unit"] = home.property_unit
        written["owner_relation"] = "grandparents" if people.relation == "grandparent" else "parents"
    return written


def _work_written(work: Work, fate: Fate) -> dict[str, Any]:
    written: dict[str, Any] = {"kind": work.kind}
    slip = fate.employment
    if work.kind == "insured":
        written["months"] = int(as_written(slip, "months", str(work.months), str(work.months + MONTHS_WRONG)))
    if work.kind == "business":
        written["credit_code"] = as_written(slip, "credit_code", work.credit_code, another_number(work.credit_code))
    return written


def papers_at_hand(home: Home, work: Work) -> list[str]:
    """The kinds of papers the family can photograph, the ones asked first in front."""
    papers = ["household", PAPERS_OF_HOME[home.kind], "birth"]
    return [*papers, PAPERS_OF_WORK[work.kind]] if work.kind in PAPERS_OF_WORK else papers


def expected(fate: Fate, home: Home, work: Work) -> dict[str, Any]:
    """department/item → what its check will say of this family: {verdict, field, fault}; only items that apply."""
    checks = {"police/population": fate.population}
    if fate.book == "here":
        checks["police/household"] = fate.household
    checks["police/household_relation"] = fate.kinship
    if fate.household.verdict == "not-found":
        checks["police/household_relation"] = fate.household
    if fate.book == "outside":
        checks["police/household_relation"] = Check("not-found", None, "department")
    checks["land/property" if home.kind == "owned" else "land/no_house"] = fate.property
    if work.kind != "none":
        checks["labour/social_insurance" if work.kind == "insured" else "market/business"] = fate.employment
    if home.kind == "contract":
        del checks["land/no_house"]
        checks["housing/contract"] = MATCH
    if home.kind == "rented":
        checks["housing/lease"] = MATCH
    if fate.book == "outside":
        checks["police/residence"] = MATCH
    return {name: asdict(check) for name, check in checks.items()}


def papers_say(people: People, book: Book, home: Home, work: Work) -> dict[str, dict[str, str]]:
    """What stands on the family's papers, free of the slips in the form: kind of paper → label → text."""
    child = people.children[0]
    printed = {
        "household": {
            "户号": book.number,
            "与户主关系": "孙子女" if people.relation == "grandparent" else "子女",
            "监护人": people.guardian.name,
            "姓名": child.name,
            "性别": "男" if child.sex == "male" else "女",
            "民族": child.ethnicity,
            "出生日期": child.born_on.isoformat(),
            "公民身份号码": child.id_number,
            "住址": book.address,
            "迁入日期": book.moved_in_on.isoformat(),
        }
    }
    kind = PAPERS_OF_HOME[home.kind]
    printed[kind] = {
        "residence": {
            "姓名": people.guardian.name,
            "公民身份号码": people.guardian.id_number,
            "居住地址": home.address,
        },
        "lease": {"承租人": people.guardian.name, "备案号": home.certificate or "", "坐落": home.address},
        "contract": {"买受人": people.guardian.name, "合同编号": home.certificate or "", "坐落": home.address},
        "property": {
            "证书编号": home.certificate or "",
            "权利人": people.guardian.name,
            "共有情况": "单独所有",
            "坐落": home.address,
            "不动产单元号": home.property_unit or "",
            "用途": home.use or "",
            "登记日期": home.registered_on.isoformat() if home.registered_on else "",
        },
    }[kind]
    if work.kind == "insured":
        printed["insurance"] = {
            "参保人": people.guardian.name,
            "累计缴费月数": str(work.months),
            "最近缴费月份": work.last_month,
        }
    if work.kind == "business":
        printed["licence"] = {"经营者": people.guardian.name, "统一社会信用代码": work.credit_code}
    return printed
