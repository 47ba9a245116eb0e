"""What a family said on its form, in the words of the registers: the other side of every comparison."""

from dataclasses import replace
from typing import Any

from backend.enrolment.applications import form_of, read_form
from backend.enrolment.rows import Application
from backend.enrolment.rules.form import Form, said_in
from backend.families.people import ChildPerson, child_person
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.database import db
from backend.policy.books_in_force import book_in_force
from backend.policy.places import zones_of
from backend.policy.rules.claims import claims_from, in_area_of
from backend.policy.rules.predicates import Facts
from backend.verification.rules.compare import Said

AT_THE_ADDRESS = (
    "police/residence",
    "land/property",
    "land/homestead",
    "housing/contract",
    "housing/lease",
    "housing/public_rental",
)
"""Items whose place is where the family lives, not where its household is registered."""


def person_of(application: Application) -> ChildPerson:
    """The child with its guardian, in clear."""
    return child_person(db.session.get_one(Child, application.child_id))


def claims_of(application: Application) -> Facts:
    """The form's answers as claims of the rule-book."""
    form = read_form(application) or Form()
    return claims_from(said_in(form, application.banner))


def said_of(application: Application) -> Said:
    """The form's fields under the registers' names."""
    form, person = form_of(application), person_of(application)
    home, work = form.get("home") or {}, form.get("work") or {}
    book = book_in_force(application.banner)
    zones = zones_of(application.banner, application.stage)
    own = set(zones.get(application.unit_code or "", []))
    fields: dict[str, Any] = {
        "name": person.name,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "born_on": person.born_on.isoformat(),
        "household_number": form.get("household_number"),
        "unit_code": form.get("household_unit"),
        "moved_in_on": form.get("registered_on"),
        "certificate": home.get("certificate"),
        "property_unit": home.get("unit"),
        "use": home.get("use"),
        "registered_on": home.get("registered_on"),
        "months": work.get("months"),
        "credit_code": work.get("credit_code"),
        "contract": home.get("certificate"),
        "record_number": home.get("certificate"),
    }
    return Said(
        fields=fields,
        banner=application.banner,
        guardian=person.guardian_name,
        relation=person.relation,
        in_area=lambda unit: in_area_of(book, unit),
        in_zone=lambda unit: bool(own & set(zones.get(unit, []))),
        today=clock.today().isoformat(),
    )


def said_for_item(item: str, application: Application) -> Said:
    """The same, with the fields whose name means another thing in this register: the home stands at the address."""
    said = said_of(application)
    if item not in AT_THE_ADDRESS:
        return said
    return replace(said, fields={**said.fields, "unit_code": application.unit_code})


def keys_for(item: str, application: Application) -> dict[str, Any]:
    """The query that a department is asked with: numbers of child and guardian, the number of the home's paper."""
    person = person_of(application)
    home = form_of(application).get("home") or {}
    child, guardian = {"id_number": person.id_number}, {"id_number": person.guardian_id_number}
    keys: dict[str, dict[str, Any]] = {
        "police/population": child,
        "police/household": child,
        "police/household_relation": {
            "child_id_number": person.id_number,
            "adult_id_number": person.guardian_id_number,
        },
        "police/residence": guardian,
        "police/household_moves": child,
        "land/property": {"owner_id_number": person.guardian_id_number, "certificate": home.get("certificate")},
        "land/no_house": {"id_numbers": [n for n in (person.guardian_id_number, person.id_number) if n]},
        "housing/contract": guardian | {"contract": home.get("certificate")},
        "welfare/birth": {"child_name": person.name, "parent_id_number": person.guardian_id_number},
        "welfare/status": child,
    }
    return keys.get(item, guardian)


NEEDED = {
    "police/household_relation": ("child_id_number", "adult_id_number"),
    "land/property": ("owner_id_number",),
    "land/no_house": ("id_numbers",),
    "welfare/birth": ("child_name", "parent_id_number"),
}
"""Keys without which an item finds nobody; all others need one person's number."""


def can_be_asked(item: str, keys: dict[str, Any]) -> bool:
    """Whether the family gave the numbers without which this register finds nobody."""
    return all(keys.get(name) for name in NEEDED.get(item, ("id_number",)))
