"""What no public page may hold: names, identity numbers and telephones of the city's people."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

UNITS = (Path(__file__).parents[2] / "rehearsal" / "units.csv").read_text(encoding="utf-8")
"""The real places of the prefecture: a name of a person that is also a part of such a name proves nothing."""


def personal_data_of(families: Iterable[dict[str, Any]]) -> set[str]:
    """Everything that names a person of these families."""
    found = set()
    for family in families:
        for person in (family["guardian"], *family["children"]):
            found |= {person.get(name) for name in ("name", "id_number", "phone", "openid")}
        found.add(family["form"].get("address"))
        found.add(family["form"].get("household_number"))
    return {value for value in found if value and value not in UNITS}


def people_in(page: str, families: Iterable[dict[str, Any]]) -> list[str]:
    """The personal data of the families that stand in the page."""
    return sorted(value for value in personal_data_of(families) if value in page)
