"""Holding a department's record against what the family wrote: a verdict per field, and the facts that follow.

A field that the family did not fill in is not compared. A record that says otherwise is a mismatch to look at, never
a rejection (promises P19); a record that is not there is not found, which is something else than no answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Value = bool | int | str


@dataclass(frozen=True)
class Said:
    """What the family said, in the words of the registers, and the places that the facts ask about.

    `in_area` and `in_zone` answer for an address unit whether it lies in the book's area and in the zone of the
    school of the family's address.
    """

    fields: Mapping[str, Any]
    banner: str
    guardian: str
    relation: str
    in_area: Callable[[str], bool]
    in_zone: Callable[[str], bool]


@dataclass(frozen=True)
class Compared:
    """`state` is match, mismatch or not-found; `differs` are the fields that disagree; `facts` what is now known."""

    state: str
    differs: tuple[str, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)


KINSHIP = {"father": "父", "mother": "母", "grandparent": "祖"}
WHOLE_SHARE = {"单独所有": 100, "共同共有": 100}


def compare(item: str, compares: tuple[str, ...], record: Mapping[str, Any] | None, said: Said) -> Compared:
    """The verdict on one answer. `item` is department/item, `record` the department's record or None."""
    if record is None:
        return Compared("not-found")
    differs = tuple(name for name in compares if _differs(name, record, said))
    return Compared("mismatch" if differs else "match", differs, FACTS[item](record, said))


def _differs(name: str, record: Mapping[str, Any], said: Said) -> bool:
    if name in RELATIONS:
        return not RELATIONS[name](record.get(name), said)
    wanted = said.fields.get(name)
    if wanted in {None, ""}:
        return False
    if name == "months":
        return int(record.get(name) or 0) < int(wanted)
    return _plain(record.get(name)) != _plain(wanted)


RELATIONS: Mapping[str, Callable[[Any, Said], bool]] = {
    "same_household": lambda told, _said: told is True,
    "none": lambda told, _said: told is True,
    "relation": lambda told, said: KINSHIP.get(said.relation, "") in str(told or ""),
    "owners": lambda told, said: said.guardian in (told or []),
}
"""Fields that are no copy of something written: what must hold of the department's value."""


def _plain(value: Any) -> str:
    return "".join(str(value if value is not None else "").split()).upper()


def _place(unit: str, prefix: str, said: Said) -> dict[str, Value]:
    return {
        f"{prefix}.in_banner": unit.startswith(said.banner),
        f"{prefix}.in_area": said.in_area(unit),
        f"{prefix}.in_zone": said.in_zone(unit),
    }


def _household(record: Mapping[str, Any], said: Said) -> dict[str, Value]:
    facts = _place(str(record.get("unit_code") or ""), "household", said)
    if record.get("moved_in_on"):
        facts["household.registered_on"] = str(record["moved_in_on"])
    facts["household.collective"] = record.get("kind") == "集体户"
    return facts


def _relation(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    return {"household.with_guardian": record.get("same_household") is True}


def _property(record: Mapping[str, Any], said: Said) -> dict[str, Value]:
    facts = _place(str(record.get("unit_code") or ""), "home", said)
    owner = "grandparents" if said.relation == "grandparent" else "parents"
    owns = said.guardian in (record.get("owners") or [])
    facts |= {"home.kind": "owned", "home.none": False, "home.owner_relation": owner if owns else "other"}
    if record.get("use"):
        facts["home.use"] = str(record["use"])
    if record.get("registered_on"):
        facts["home.registered_on"] = str(record["registered_on"])
    share = record.get("share")
    facts["home.share"] = share if isinstance(share, int) else WHOLE_SHARE.get(str(share), 50)
    return facts


def _no_house(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    return {"home.none": record.get("none") is True}


def _insurance(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    months = 0 if record.get("back_paid") else int(record.get("months") or 0)
    current = "停" not in str(record.get("status") or "停")
    return {"work.kind": "insured", "work.insured_months": months, "work.insured_now": current}


def _business(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    facts: dict[str, Value] = {"work.kind": "business", "work.business_active": record.get("state") == "存续"}
    if record.get("founded_on"):
        facts["work.business_founded_on"] = str(record["founded_on"])
    return facts


def _nothing(_record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    return {}


FACTS: Mapping[str, Callable[[Mapping[str, Any], Said], dict[str, Value]]] = {
    "police/population": _nothing,
    "police/household": _household,
    "police/household_relation": _relation,
    "land/property": _property,
    "land/no_house": _no_house,
    "labour/social_insurance": _insurance,
    "market/business": _business,
}
"""Department/item → the facts that its record establishes (capabilities C06a-C06g)."""
