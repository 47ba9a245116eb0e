"""The world outside the service, for journeys: families with their departments' registers, an exchange that obeys or not."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.verification.gateways.exchange import Answer
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
