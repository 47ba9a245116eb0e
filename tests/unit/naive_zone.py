"""A second, slow and plain zone placement for the tests: raw JSON in, rows out, comparisons written as in the contract."""

import hashlib
import hmac
from functools import cmp_to_key
from typing import Any

Value = dict[str, Any]


class NaiveZone:
    """Follows the five numbered rules of contracts 2 one after the other, applicant by applicant."""

    def __init__(self, value: Value) -> None:
        self.value = value
        self.people = {one["id"]: one for one in value["applicants"]}
        self.left = {school["id"]: school["seats"] for school in value["schools"]}
        self.overflow = {school["id"]: school["overflow"] for school in value["schools"]}
        self.schools = sorted(self.left, key=str.encode)
        self.rows: dict[str, Value] = {}
        self.labels: dict[str, list[str]] = {}
        for one in sorted(self.people, key=str.encode):
            self.labels.setdefault(self.people[one].get("bundle") or one, []).append(one)

    def ticket(self, label: str) -> bytes:
        """The ticket of an id or a label."""
        key = hashlib.sha256(self.value["seed"].encode()).digest()
        message = b"sunroll-ticket/v1\0" + self.value["draw"].encode() + b"\0" + label.encode()
        return hmac.new(key, message, "sha256").digest()

    def before(self, one: Value, other: Value) -> int:
        """Negative where `one` stands before `other` by class and keys."""
        classes = [*self.value["classes"], self.value["last_class"]]
        if one["class"] != other["class"]:
            return classes.index(one["class"]) - classes.index(other["class"])
        for rule in self.value["order"]:
            mine, theirs = one["keys"].get(rule["key"]), other["keys"].get(rule["key"])
            if mine == theirs:
                continue
            if mine is None or theirs is None:
                return 1 if mine is None else -1
            if "values" in rule:
                mine, theirs = rule["values"].index(mine), rule["values"].index(theirs)
            if isinstance(mine, int) != isinstance(theirs, int):
                sign = -1 if isinstance(mine, int) else 1
            elif isinstance(mine, int):
                sign = -1 if mine < theirs else 1
            else:
                sign = -1 if mine.encode() < theirs.encode() else 1
            return -sign if rule.get("direction") == "descending" else sign
        return 0

    def best(self, label: str) -> Value:
        """The best-placed member."""
        ones = [self.people[one] for one in self.labels[label]]
        return min(ones, key=cmp_to_key(self.before))

    def compare(self, label: str, other: str) -> int:
        """Negative where the first unit stands before the other: class, keys, ticket."""
        by_keys = self.before(self.best(label), self.best(other))
        return by_keys or (-1 if self.ticket(label) < self.ticket(other) else 1)

    def sort(self, labels: list[str]) -> list[str]:
        """The labels in the order of their units."""
        return sorted(labels, key=cmp_to_key(lambda one, other: 0 if one == other else self.compare(one, other)))

    def stand(self, one: str) -> Value:
        """What the why-card says of one child."""
        label = self.people[one].get("bundle") or one
        keys = {key: item for key, item in self.people[one]["keys"].items() if item is not None}
        return {"class": self.people[one]["class"], "keys": keys, "ticket": self.ticket(label).hex()}

    def serve(self, listed: list[tuple[str, list[str], str]], already: list[str]) -> None:
        """Walk one list: (label, schools to try, step); `already` are the heads who stand in it, all admitted."""
        heads = list(already)
        last = already[-1] if already else None
        decided = list(already)
        for label, schools, step in listed:
            members = self.labels[label]
            fits = [school for school in schools if self.left[school] >= len(members)]
            for one in members:
                heads.append(one)
                school = fits[0] if fits else None
                self.rows[one] = {"id": one, "school": school, "step": step if fits else None, "position": len(heads)}
                decided.append(one)
            if fits:
                self.left[fits[0]] -= len(members)
                last = members[-1]
        for one in decided:
            last_in = None if last is None else self.stand(last)
            self.rows[one]["reason"] = self.stand(one) | {"last_in": last_in}

    def run(self) -> list[Value]:
        """All rows by id."""
        placed: set[str] = set()
        siblings: dict[str, list[str]] = {}
        for school in self.schools:
            here = [
                label
                for label, members in self.labels.items()
                if label not in placed and any(self.people[one].get("sibling_at") == school for one in members)
            ]
            siblings[school] = []
            for label in self.sort(here):
                members = self.labels[label]
                if len(members) <= self.left[school]:
                    self.left[school] -= len(members)
                    placed.add(label)
                    for one in members:
                        siblings[school].append(one)
                        self.rows[one] = {
                            "id": one,
                            "school": school,
                            "step": "sibling",
                            "position": len(siblings[school]),
                        }
        rest = [label for label in self.labels if label not in placed]
        last = [label for label in rest if self.best(label)["class"] == self.value["last_class"]]
        ordinary = [label for label in self.sort(rest) if label not in last]
        for school in self.schools:
            listed = [(label, [school], "zone") for label in ordinary if self.zone(label) == school]
            self.serve(listed, siblings[school])
        left_over = [label for label in ordinary if self.rows[self.labels[label][0]]["school"] is None]
        self.serve([(label, self.overflow[self.zone(label)], "overflow") for label in left_over], [])
        tries = {
            school: [*self.overflow[school], *(one for one in self.schools if one not in self.overflow[school])]
            for school in self.schools
        }
        self.serve([(label, tries[self.zone(label)], "last") for label in sorted(last, key=self.ticket)], [])
        return [self.rows[one] for one in sorted(self.rows, key=str.encode)]

    def zone(self, label: str) -> str:
        """The zone of a unit."""
        zone: str = self.people[self.labels[label][0]]["zone"]
        return zone
