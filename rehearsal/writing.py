"""What a simulated family writes into the forms: the truth, with the slips its fate gives it."""

from dataclasses import asdict
from typing import Any

from rehearsal import land
from rehearsal.fates import Check, Fate
from rehearsal.people import Book, Home, People, Person, Work

OTHER_ETHNICITY = {"汉": "蒙古", "蒙古": "汉", "回": "汉", "满": "汉"}
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


def another_day(day: str) -> str:
    """The same date one year earlier or, on 29 February, on the 28th: a date mistyped by a digit."""
    year, month, rest = day.split("-")
    return f"{int(year) - 1}-{month}-{'28' if (month, rest) == ('02', '29') else rest}"


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
    """The name as hurried people type it: the middle dot as a full stop, or one letter doubled."""
    return name.replace("·", ".") if "·" in name else name + name[-1]


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


def form_written(book: Book, home: Home, work: Work, fate: Fate) -> dict[str, Any]:
    """The body of `PUT /api/applications/{id}/form`. `registered_on` is the date of the household registration."""
    slip = fate.household
    moved = book.moved_in_on.isoformat()
    form: dict[str, Any] = {
        "unit_code": home.unit_code,
        "address": home.address,
        "household_number": as_written(slip, "household_number", book.number, another_number(book.number)),
        "registered_on": as_written(slip, "moved_in_on", moved, another_day(moved)),
        "home": _home_written(home, fate),
        "work": {"kind": work.kind},
    }
    if book.unit_code:
        form["household_unit"] = as_written(slip, "unit_code", book.unit_code, another_unit(book.unit_code))
    if work.kind == "insured":
        form["work"]["months"] = int(
            as_written(fate.employment, "months", str(work.months), str(work.months + 6)),
        )
    return form


def _home_written(home: Home, fate: Fate) -> dict[str, Any]:
    written: dict[str, Any] = {"kind": home.kind}
    if home.certificate:
        mistyped = fate.property.verdict == "not-found" and fate.property.fault == "family"
        written["certificate"] = another_number(home.certificate) if mistyped else home.certificate
    if home.property_unit and home.use:
        slip = fate.property
        other_use = "住宅" if home.use == "公寓" else "公寓"
        written["use"] = as_written(slip, "use", home.use, other_use)
        written["unit"] = as_written(slip, "property_unit", home.property_unit, another_number(home.property_unit))
        written["owner_relation"] = "self"
    return written


def papers_at_hand(home: Home, work: Work) -> list[str]:
    """The kinds of papers the family can photograph, the ones asked first in front."""
    papers = ["household", PAPERS_OF_HOME[home.kind], "birth"]
    return [*papers, PAPERS_OF_WORK[work.kind]] if work.kind in PAPERS_OF_WORK else papers


def expected(fate: Fate, home: Home, work: Work) -> dict[str, Any]:
    """Check → what it will say of this family: {verdict, field, fault}; only the checks that apply."""
    checks = {"population": fate.population, "household": fate.household}
    if home.kind == "owned":
        checks["property"] = fate.property
    if work.kind != "none":
        checks["work"] = fate.employment
    return {name: asdict(check) for name, check in checks.items()}


def papers_say(people: People, book: Book, home: Home) -> dict[str, dict[str, str]]:
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
    return printed
