"""Placement by zones, recomputed list by list: siblings, zone, overflow, last class."""

from collections import Counter
from functools import cmp_to_key
from typing import Any

from verify.draws import ticket_of
from verify.folder import canonical, sha256_hex

Row = dict[str, Any]


def recompute_zone(given: Row) -> Row:
    """The result document of a placement by zones."""
    content = _filled_in(given)
    return _Zones(content).result(sha256_hex(canonical({"files": {"input": content}, "options": {}})))


def _filled_in(given: Row) -> Row:
    def by_id(rows: list[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: row["id"].encode("utf-8"))

    applicants = [
        {
            "bundle": None,
            "sibling_at": None,
            **one,
            "keys": {key: value for key, value in one["keys"].items() if value is not None},
        }
        for one in given["applicants"]
    ]
    return {
        **{key: given[key] for key in ("mechanism", "seed", "draw", "classes", "last_class")},
        "order": [{"direction": "ascending", **key} for key in given["order"]],
        "schools": by_id(given["schools"]),
        "applicants": by_id(applicants),
    }


class _Unit:
    """A single or a bundle: members in id order, the best-placed of them, one ticket."""

    def __init__(self, name: str, members: list[Row], ticket: str) -> None:
        self.name, self.members, self.ticket = name, members, ticket
        self.zone: str = members[0]["zone"]
        self.siblings_at = {one["sibling_at"] for one in members} - {None}
        self.best = members[0]
        self.school: str | None = None
        self.step: str | None = None
        self.position = 0
        self.decided_by: list[_Unit | None] = []


class _Zones:
    """One run. A list that decides is a Python list of one entry: the unit it admitted last."""

    def __init__(self, content: Row) -> None:
        self.content = content
        self.classes = [*content["classes"], content["last_class"]]
        self.free = {school["id"]: school["seats"] for school in content["schools"]}
        self.overflow = {school["id"]: school["overflow"] for school in content["schools"]}
        self.tables = [(key, self._places_of_values(key)) for key in content["order"]]
        bundles: dict[str, list[Row]] = {}
        for one in content["applicants"]:
            bundles.setdefault(one["id"] if one["bundle"] is None else one["bundle"], []).append(one)
        self.units = [
            _Unit(name, members, ticket_of(content["seed"], content["draw"], name)) for name, members in bundles.items()
        ]
        places = {unit.name: [self._place(one) for one in unit.members] for unit in self.units}
        for unit in self.units:
            unit.best = unit.members[places[unit.name].index(min(places[unit.name]))]
        self.units.sort(key=lambda unit: (min(places[unit.name]), unit.ticket, unit.name.encode("utf-8")))

    def _places_of_values(self, key: Row) -> dict[Any, int]:
        """The place of each value of one key, also of a missing one (None)."""
        found = {one["keys"].get(key["key"]) for one in self.content["applicants"]}
        in_order = sorted(found, key=cmp_to_key(lambda one, other: _compare_by_key(key, one, other)))
        return {value: place for place, value in enumerate(in_order)}

    def _place(self, one: Row) -> list[int]:
        """Class first, then the keys in their order; the smaller stands before the larger."""
        by_keys = [table[one["keys"].get(key["key"])] for key, table in self.tables]
        return [self.classes.index(one["class"]), *by_keys]

    def result(self, digest: str) -> Row:
        """Serve everybody, then write down who is where and why."""
        lists: dict[str, list[_Unit | None]] = {school: [None] for school in self.free}
        heads = dict.fromkeys(self.free, 0)
        self._siblings(lists, heads)
        for unit in self._waiting(is_last=False):
            unit.position = heads[unit.zone] + 1
            heads[unit.zone] += len(unit.members)
            self._serve(unit, lists[unit.zone], [unit.zone], "zone")
        self._one_list(self._waiting(is_last=False), "overflow")
        self._one_list(sorted(self._waiting(is_last=True), key=lambda unit: unit.ticket), "last")
        return {"placements": self._placements(), "schools": self._schools(), "input_sha256": digest}

    def _siblings(self, lists: dict[str, list[_Unit | None]], heads: dict[str, int]) -> None:
        siblings = [unit for unit in self.units if unit.siblings_at]
        for school in self.free:
            for unit in siblings:
                if school in unit.siblings_at and unit.school is None and len(unit.members) <= self.free[school]:
                    unit.position = heads[school] + 1
                    heads[school] += len(unit.members)
                    self._serve(unit, lists[school], [school], "sibling")

    def _waiting(self, *, is_last: bool) -> list[_Unit]:
        return [
            unit
            for unit in self.units
            if unit.school is None and (unit.best["class"] == self.content["last_class"]) == is_last
        ]

    def _one_list(self, units: list[_Unit], step: str) -> None:
        last_in: list[_Unit | None] = [None]
        heads = 0
        for unit in units:
            tried = list(self.overflow[unit.zone])
            if step == "last":
                tried += [school for school in self.free if school not in tried]
            unit.position = heads + 1
            heads += len(unit.members)
            self._serve(unit, last_in, tried, step)

    def _serve(self, unit: _Unit, decided_by: list[_Unit | None], schools: list[str], step: str) -> None:
        unit.decided_by = decided_by
        for school in schools:
            if len(unit.members) <= self.free[school]:
                self.free[school] -= len(unit.members)
                unit.school, unit.step = school, step
                decided_by[0] = unit
                return

    def _placements(self) -> list[Row]:
        rows = []
        for unit in self.units:
            last = unit.decided_by[0]
            last_in = None if last is None else _stand(last, last.members[-1])
            for place, one in enumerate(unit.members):
                reason = {**_stand(unit, one), "last_in": last_in}
                row = {"id": one["id"], "school": unit.school, "step": unit.step, "reason": reason}
                rows.append({**row, "position": unit.position + place})
        return sorted(rows, key=lambda row: row["id"].encode("utf-8"))

    def _schools(self) -> list[Row]:
        taken: Counter[str] = Counter()
        for unit in self.units:
            if unit.school is not None:
                taken[unit.school] += len(unit.members)
        return [
            {"id": school["id"], "seats": school["seats"], "taken": taken[school["id"]]}
            for school in self.content["schools"]
        ]


def _stand(unit: _Unit, one: Row) -> Row:
    return {"class": one["class"], "keys": one["keys"], "ticket": unit.ticket}


def _compare_by_key(key: Row, one: Any, other: Any) -> int:
    if one is None or other is None:
        return (one is None) - (other is None)
    if "values" in key:
        found = int(key["values"].index(one) - key["values"].index(other))
    elif isinstance(one, int) and isinstance(other, int):
        found = int(one > other) - int(one < other)
    elif isinstance(one, int) or isinstance(other, int):
        found = -1 if isinstance(one, int) else 1
    else:
        left, right = one.encode("utf-8"), other.encode("utf-8")
        found = int(left > right) - int(left < right)
    return -found if key["direction"] == "descending" else found
