"""The world outside the service, for journeys: families with their departments' registers, an exchange that obeys or not."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.verification.gateways.exchange import Answer
from tests.enrolment_builders import jpeg, page
from tests.families_builders import id_number

_numbers = itertools.count(1)
NAMES = ["苏日娜", "巴图", "其其格", "王小明", "李雨桐", "阿古拉", "张子轩", "萨仁", "刘一诺", "赵天宇"]
LAST = "安宁和平长春夏秋冬山川湖海江河星月云风雨雪松竹梅兰"  # one letter each, so that no two families share a name


@dataclass
class Family:
    """A guardian with a child: what they write, and what each department's register holds of them."""

    child: str
    child_id: str
    guardian: str
    guardian_id: str
    phone: str
    form: dict[str, Any]
    registers: dict[str, Any]
    ethnicity: str = "蒙古族"
    relation: str = "mother"
    token: str = ""
    child_key: str = ""
    application: str = ""
    receipt: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def particulars(self) -> dict[str, Any]:
        """The body of POST /api/children, without consents."""
        return {
            "name": self.child,
            "id_kind": "resident",
            "id_number": self.child_id,
            "ethnicity": self.ethnicity,
            "relation": self.relation,
            "guardian_name": self.guardian,
            "guardian_id_number": self.guardian_id,
        }


def family(unit: str, born_on: date, **home: Any) -> Family:
    """A family whose household and home stand in `unit`, and whose registers say what it writes."""
    number = next(_numbers)
    girl = number % 2 == 0
    child_id = id_number(born_on, girl=girl)
    guardian_id = id_number(date(1988, 1 + number % 12, 5), girl=True)
    child, guardian = NAMES[number % len(NAMES)] + LAST[number % len(LAST)], "乌云" + LAST[number % len(LAST)]
    household = f"HK{number:06d}"
    registered_on = f"{2015 + number % 8}-03-{1 + number % 27:02d}"
    home = {"kind": "owned", "certificate": f"蒙(2020)第{number:07d}号", "use": "住宅"} | home
    form: dict[str, Any] = {
        "unit_code": unit,
        "address": f"演练路{number}号",
        "household_unit": unit,
        "household_number": household,
        "home": home,
        "work": {"kind": "none"},
    }
    registers: dict[str, Any] = {
        "police/population": {
            "name": child,
            "sex": "女" if girl else "男",
            "ethnicity": "蒙古族",
            "born_on": born_on.isoformat(),
            "status": "正常",
        },
        "police/household": {
            "household_number": household,
            "address": f"演练路{number}号",
            "unit_code": unit,
            "kind": "家庭户",
            "moved_in_on": registered_on,
            "moved_in_reason": "出生",
        },
        "police/household_relation": {"same_household": True, "relation_to_head": "女", "relation": "母女"},
        "land/no_house": {"none": home["kind"] != "owned", "homes": []},
    }
    if home["kind"] == "owned":
        registers["land/property"] = property_record(number, unit, guardian, home)
    return Family(child, child_id, guardian, guardian_id, f"1710000{number:04d}", form, registers)


def property_record(number: int, unit: str, owner: str, home: dict[str, Any]) -> dict[str, Any]:
    """The land register's record of a home."""
    return {
        "certificate": home["certificate"],
        "property_unit": f"150603 001001 GB{number:05d} F00010001",
        "address": f"演练路{number}号",
        "unit_code": unit,
        "use": home["use"],
        "share": "单独所有",
        "registered_on": f"{2012 + number % 10}-06-{1 + number % 27:02d}",
        "owners": [owner],
    }


@dataclass
class FakeExchange:
    """The departments' exchange: it tells what the families' registers hold, or fails as it was told to.

    A register's value may be a record, None (not found) or an exception, which is raised.
    """

    families: list[Family] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    away: dict[str, Exception] = field(default_factory=dict)

    def ask(self, department: str, item: str, keys: dict[str, Any], context: dict[str, str]) -> Answer:
        """The register's record for whoever the keys name."""
        name = f"{department}/{item}"
        self.asked.append((name, keys, context))
        if department in self.away:
            raise self.away[department]
        named = {str(each) for value in keys.values() for each in (value if isinstance(value, list) else [value])}
        found = next((one for one in self.families if {one.child_id, one.guardian_id} & named), None)
        record = found.registers.get(name) if found else None
        if isinstance(record, Exception):
            raise record
        return Answer(record, f"{department}(测试)", "2026-05-20")


def sheets_for(
    banner: str, town: str, primary_seats: tuple[int, int] = (9, 9), *, shared: bool = False, kindergarten: bool = True
) -> dict[str, list[list[str]]]:
    """The sheets of a banner with two units in a town, two primary schools, two junior schools, perhaps a kindergarten.

    The first unit leads to P01, the second to P02; with `shared` the first is a multi-school zone of both. Leavers of
    P02 go up to J02 (对口直升), the units lead to J01.
    """
    north, south = f"{town}001", f"{town}002"
    told = [("P01", "一小", "小学"), ("P02", "二小", "小学"), ("J01", "一中", "初中"), ("J02", "二中", "初中")]
    told += [("K01", "一幼", "幼儿园")] if kindergarten else []
    seats = {"P01": primary_seats[0], "P02": primary_seats[1]}
    lines = [("P01", north), ("P02", south), ("J01", north), ("J02", south)]
    lines += [("K01", north), ("K01", south)] if kindergarten else []
    lines += [("P02", north)] if shared else []
    zones = [["学校代码", "地址单元代码", "多校划片", "对口小学代码"]]
    zones += [
        [f"{banner}-{s}", unit, "是" if shared and s[0] == "P" and unit == north else "", ""] for s, unit in lines
    ]
    zones += [[f"{banner}-J02", "", "", f"{banner}-P02"]]
    return {
        "units": [["unit_code", "unit", "town"], [north, "北社区", "演练镇"], [south, "南社区", "演练镇"]],
        "schools": [
            ["学校代码", "学校名称", "学段", "学校地址", "办学条件"],
            *([f"{banner}-{code}", name, stage, f"{name}路1号", "12个班"] for code, name, stage in told),
        ],
        "seats": [["学校代码", "计划人数"], *([f"{banner}-{code}", str(seats.get(code, 9))] for code, _, _ in told)],
        "zones": zones,
        "overflow": [
            ["学校代码", "调剂顺序", "调剂学校代码"],
            [f"{banner}-P01", "1", f"{banner}-P02"],
            [f"{banner}-P02", "1", f"{banner}-P01"],
        ],
    }


def roster(children: list[tuple[Family, str]]) -> list[list[str]]:
    """The roster sheet of children with the school each leaves."""
    return [["姓名", "身份证号", "毕业学校代码"], *([one.child, one.child_id, school] for one, school in children)]


_pictures: list[bytes] = []


def good_picture() -> bytes:
    """A photograph of a page that the sandbox calls good, made once."""
    if not _pictures:
        _pictures.append(jpeg(page()))
    return _pictures[0]
