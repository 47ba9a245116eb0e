"""What the departments answer: their registers, read from departments.jsonl of the city folder, question by question."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Keys = Mapping[str, Any]


class BadKeys(Exception):
    """The keys of a question are not those of its item; the text says which are needed."""


class Registers:
    """The registers of all departments. Only an index is held; a family's line is read when somebody asks for it."""

    def __init__(self, folder: Path) -> None:
        self._lines = (folder / "departments.jsonl").open("rb")
        self._where: dict[str, int] = {}
        offset = 0
        for line in self._lines:
            for id_number in _people_of(json.loads(line)):
                self._where[id_number] = offset
            offset += len(line)

    def close(self) -> None:
        """Close the file."""
        self._lines.close()

    def family(self, id_number: str) -> Record:
        """The registers' line about this person's family; empty for a stranger."""
        offset = self._where.get(id_number.strip().upper())
        if offset is None:
            return {}
        self._lines.seek(offset)
        known: Record = json.loads(self._lines.readline())
        return known

    def population(self, keys: Keys) -> Record | None:
        """{id_number} → {name, sex, ethnicity, born_on, status}."""
        return _of(self, "population", keys)

    def household(self, keys: Keys) -> Record | None:
        """{id_number} → {household_number, address, unit_code, kind, moved_in_on, moved_in_reason}."""
        found = _of(self, "household", keys)
        return {name: value for name, value in found.items() if name != "relation_to_head"} if found else None

    def household_relation(self, keys: Keys) -> Record | None:
        """{child_id_number, adult_id_number} → {same_household, relation_to_head, relation}."""
        child, adult = _text(keys, "child_id_number"), _text(keys, "adult_id_number")
        known = self.family(child)
        child_record = known.get("household", {}).get(child)
        adult_record = self.family(adult).get("household", {}).get(adult)
        if not child_record or not adult_record:
            return None
        return {
            "same_household": child_record["household_number"] == adult_record["household_number"],
            "relation_to_head": child_record["relation_to_head"],
            "relation": known["relations"].get(child, {}).get(adult, "无亲属关系登记"),
        }

    def property(self, keys: Keys) -> Record | None:
        """{owner_id_number, certificate?} → the home with this certificate, or the owner's first home."""
        owner = _text(keys, "owner_id_number")
        certificate = keys.get("certificate")
        for home in self._homes(owner):
            if certificate in (None, "", home["certificate"]):
                return home
        return None

    def no_house(self, keys: Keys) -> Record | None:
        """{id_numbers: […]} → {none, homes: [{owner_id_number, certificate, address, use}]}; always found."""
        people = keys.get("id_numbers")
        if not isinstance(people, list) or not people or not all(isinstance(each, str) for each in people):
            raise BadKeys("keys.id_numbers is a list of identity numbers")
        homes = [
            {"owner_id_number": each, **{name: home[name] for name in ("certificate", "address", "use")}}
            for each in people
            for home in self._homes(each)
        ]
        return {"none": not homes, "homes": homes}

    def social_insurance(self, keys: Keys) -> Record | None:
        """{id_number} → {months, first_month, last_month, status, back_paid}."""
        return _of(self, "insurance", keys)

    def business(self, keys: Keys) -> Record | None:
        """{id_number} → {credit_code, name, address, founded_on, state}."""
        return _of(self, "business", keys)

    def residence(self, keys: Keys) -> Record | None:
        """{id_number} → {permit, address, unit_code, issued_on, valid_until}."""
        return _of(self, "permits", keys)

    def household_moves(self, keys: Keys) -> Record | None:
        """{id_number} → {moves: [{moved_on, to, reason}]}."""
        return _of(self, "moves", keys)

    def contract(self, keys: Keys) -> Record | None:
        """{id_number, contract?} → the contract of this number, or the buyer's one."""
        found, wanted = _of(self, "contracts", keys), keys.get("contract")
        return found if found and wanted in (None, "", found["contract"]) else None

    def lease(self, keys: Keys) -> Record | None:
        """{id_number} → {record_number, address, unit_code, began_on, ends_on, tenants}."""
        return _of(self, "leases", keys)

    def employment(self, keys: Keys) -> Record | None:
        """{id_number} → {employer, began_on, state}."""
        return _of(self, "employment", keys)

    def birth(self, keys: Keys) -> Record | None:
        """{child_name, parent_id_number} → {birth_certificate, born_on, parents}."""
        family = self.family(_text(keys, "parent_id_number"))
        found: Record | None = family.get("births", {}).get(str(keys.get("child_name", "")).strip())
        return found

    def nobody(self, keys: Keys) -> Record | None:
        """{id_number} → None: registers that hold nobody of this city (homesteads, public rentals, talents, firms)."""
        _text(keys, "id_number")
        return None

    def _homes(self, owner: str) -> list[Record]:
        return [
            {name: value for name, value in home.items() if name != "owner_ids"}
            for home in self.family(owner).get("homes", [])
            if owner in home["owner_ids"]
        ]


def answers_of(registers: Registers) -> dict[tuple[str, str], tuple[str, Callable[[Keys], Record | None]]]:
    """(department, item) → (source named in the answer, question put to the registers): eighteen items (C03)."""
    return {
        ("police", "population"): ("公安人口库（演练）", registers.population),
        ("police", "household"): ("公安户籍库（演练）", registers.household),
        ("police", "household_relation"): ("公安户籍关系（演练）", registers.household_relation),
        ("police", "residence"): ("公安居住证库（演练）", registers.residence),
        ("police", "household_moves"): ("公安户口迁移（演练）", registers.household_moves),
        ("land", "property"): ("不动产登记簿（演练）", registers.property),
        ("land", "no_house"): ("不动产无房查询（演练）", registers.no_house),
        ("land", "homestead"): ("宅基地登记（演练）", registers.nobody),
        ("housing", "contract"): ("商品房网签（演练）", registers.contract),
        ("housing", "lease"): ("房屋租赁备案（演练）", registers.lease),
        ("housing", "public_rental"): ("公租房管理（演练）", registers.nobody),
        ("labour", "social_insurance"): ("社会保险库（演练）", registers.social_insurance),
        ("labour", "employment"): ("就业登记（演练）", registers.employment),
        ("labour", "talent"): ("人才认定（演练）", registers.nobody),
        ("market", "business"): ("市场主体登记（演练）", registers.business),
        ("market", "company"): ("企业法人登记（演练）", registers.nobody),
        ("welfare", "birth"): ("出生医学证明（演练）", registers.birth),
        ("welfare", "status"): ("民政优抚残疾（演练）", registers.nobody),
    }


def _people_of(known: Record) -> set[str]:
    people = set(known["population"]) | set(known["household"]) | set(known["insurance"]) | set(known["business"])
    people.update(owner for home in known["homes"] for owner in home["owner_ids"])
    return people


def _of(registers: Registers, register: str, keys: Keys) -> Record | None:
    id_number = _text(keys, "id_number")
    found: Record | None = registers.family(id_number).get(register, {}).get(id_number)
    return found


def _text(keys: Keys, name: str) -> str:
    value = keys.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadKeys(f"keys.{name} is missing")
    return value.strip().upper()
