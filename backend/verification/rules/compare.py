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
    school of the family's address. `today` (YYYY-MM-DD) is the day of the comparison, for permits and leases that end.
    """

    fields: Mapping[str, Any]
    banner: str
    guardian: str
    relation: str
    in_area: Callable[[str], bool]
    in_zone: Callable[[str], bool]
    today: str = ""


@dataclass(frozen=True)
class Compared:
    """`state` is match, mismatch or not-found; `differs` are the fields that disagree; `facts` what is now known."""

    state: str
    differs: tuple[str, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)


KINSHIP = {"father": "父", "mother": "母", "grandparent": "祖"}
SEXES = {"男": "male", "女": "female", "1": "male", "2": "female"}
"""What registers write for the words of the form."""
WHOLE_SHARE = {"单独所有": 100, "共同共有": 100}


def compare(item: str, compares: tuple[str, ...], record: Mapping[str, Any] | None, said: Said) -> Compared:
    """The verdict on one answer. `item` is department/item, `record` what `registers.read_record` made of it, or None."""
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
    if name == "sex":
        told = str(record.get(name) or "")
        return bool(SEXES.get(told, told) != wanted)
    if name == "ethnicity":
        return _plain(record.get(name)).removesuffix("族") != _plain(wanted).removesuffix("族")
    return _plain(record.get(name)) != _plain(wanted)


def _has_not_ended(told: Any, said: Said) -> bool:
    """Whether a permit or lease holds on the day; one without an end is looked at by a person."""
    return told is not None and str(told) >= said.today


RELATIONS: Mapping[str, Callable[[Any, Said], bool]] = {
    "same_household": lambda told, _said: told is True,
    "none": lambda told, _said: told is True,
    "relation": lambda told, said: said.relation in KINSHIP and KINSHIP[said.relation] in str(told or ""),
    "owners": lambda told, said: said.guardian in (told or []),
    "buyers": lambda told, said: said.guardian in (told or []),
    "tenants": lambda told, said: said.guardian in (told or []),
    "parents": lambda told, said: said.guardian in (told or []),
    "valid_until": _has_not_ended,
    "ends_on": _has_not_ended,
}
"""Fields that are no copy of something written: what must hold of the department's value.

The register cannot say that another guardian than parents and grandparents may speak for a child: a person looks.
"""


def _plain(value: Any) -> str:
    return "".join(str(value if value is not None else "").split()).upper()


def _place(unit: Any, prefix: str, said: Said) -> dict[str, Value]:
    if not unit:
        return {}
    return {
        f"{prefix}.in_banner": str(unit).startswith(said.banner),
        f"{prefix}.in_area": said.in_area(str(unit)),
        f"{prefix}.in_zone": said.in_zone(str(unit)),
    }


def _known(facts: Mapping[str, Value | None]) -> dict[str, Value]:
    """What a record is silent about stays unknown: silence is never a "no" (domain 2.11)."""
    return {name: value for name, value in facts.items() if value is not None}


def _household(record: Mapping[str, Any], said: Said) -> dict[str, Value]:
    kind = record.get("kind")
    return _place(record.get("unit_code"), "household", said) | _known(
        {
            "household.registered_on": record.get("moved_in_on"),
            "household.collective": None if kind is None else kind == "集体户",
        }
    )


def _relation(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    return _known({"household.with_guardian": record.get("same_household")})


def _property(record: Mapping[str, Any], said: Said) -> dict[str, Value]:
    owner = "grandparents" if said.relation == "grandparent" else "parents"
    owners, share = record.get("owners"), record.get("share")
    return _place(record.get("unit_code"), "home", said) | _known(
        {
            "home.kind": "owned",
            "home.none": False,
            "home.owner_relation": None if owners is None else owner if said.guardian in owners else "other",
            "home.use": record.get("use"),
            "home.registered_on": record.get("registered_on"),
            "home.share": share if isinstance(share, int) else WHOLE_SHARE.get(str(share)),
        }
    )


def _homestead(record: Mapping[str, Any], said: Said) -> dict[str, Value]:
    owner = "grandparents" if said.relation == "grandparent" else "parents"
    owners = record.get("owners")
    return _place(record.get("unit_code"), "home", said) | _known(
        {
            "home.kind": "owned",
            "home.use": "住宅",
            "home.owner_relation": None if owners is None else owner if said.guardian in owners else "other",
            "home.registered_on": record.get("registered_on"),
        }
    )


def _contract(record: Mapping[str, Any], said: Said) -> dict[str, Value]:
    buyer = "grandparents" if said.relation == "grandparent" else "parents"
    buyers = record.get("buyers")
    return _place(record.get("unit_code"), "home", said) | _known(
        {
            "home.kind": "contract",
            "home.contract_on": record.get("signed_on"),
            "home.handed_over": record.get("handed_over"),
            "home.owner_relation": None if buyers is None else buyer if said.guardian in buyers else "other",
        }
    )


def _lease(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    return {"lease.recorded": True} | _known({"lease.began_on": record.get("began_on")})


def _residence(record: Mapping[str, Any], said: Said) -> dict[str, Value]:
    until = record.get("valid_until")
    return _known(
        {
            "residence.permit": None if until is None else str(until) >= said.today,
            "residence.issued_on": record.get("issued_on"),
        }
    )


def _no_house(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    return _known({"home.none": record.get("none")})


def _insurance(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    status, months = record.get("status"), record.get("months")
    return {"work.kind": "insured"} | _known(
        {
            "work.insured_months": 0 if record.get("back_paid") else months,
            "work.insured_now": None if status is None else "停" not in status,
        }
    )


def _business(record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    state = record.get("state")
    return {"work.kind": "business"} | _known(
        {
            "work.business_active": None if state is None else state == "存续",
            "work.business_founded_on": record.get("founded_on"),
        }
    )


def _nothing(_record: Mapping[str, Any], _said: Said) -> dict[str, Value]:
    return {}


FACTS: Mapping[str, Callable[[Mapping[str, Any], Said], dict[str, Value]]] = {
    "police/population": _nothing,
    "police/household": _household,
    "police/household_relation": _relation,
    "police/residence": _residence,
    "police/household_moves": _nothing,
    "land/property": _property,
    "land/no_house": _no_house,
    "land/homestead": _homestead,
    "housing/contract": _contract,
    "housing/lease": _lease,
    "housing/public_rental": _lease,
    "labour/social_insurance": _insurance,
    "labour/employment": _nothing,
    "labour/talent": _nothing,
    "market/business": _business,
    "market/company": _business,
    "welfare/birth": _nothing,
    "welfare/status": _nothing,
}
"""Department/item → the facts that its record establishes (capabilities C03, C06a-C06g).

Moves, employment, talents and civil status are shown to the person who decides; a talent's or a soldier's place needs
its own approval (preferences), so that no register alone gives one.
"""
