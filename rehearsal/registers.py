"""What the departments' registers hold about a simulated family: the truth, with the gaps its fate gives them."""

from typing import Any

from rehearsal.fates import Fate
from rehearsal.life_papers import papers_of_life
from rehearsal.people import Book, Home, People, Person, Work
from rehearsal.writing import (
    MONTHS_WRONG,
    OTHER_ETHNICITY,
    OTHER_USE,
    another_name,
    another_number,
    another_unit,
    as_known,
)

KINSHIP = {
    ("father", "male"): "父子",
    ("father", "female"): "父女",
    ("mother", "male"): "母子",
    ("mother", "female"): "母女",
    ("grandparent", "male"): "祖孙",
    ("grandparent", "female"): "祖孙",
}
TO_HEAD = {"male": "子", "female": "女"}
GRANDCHILD = {"male": "孙子", "female": "孙女"}


def known_of(people: People, book: Book, home: Home, work: Work, fate: Fate) -> dict[str, Any]:
    """One line of departments.jsonl: {population, household, relations, homes, insurance, business, …}.

    population, household, insurance, business: identity number → record; relations: child's number → adult's number →
    kinship; homes: list of property records with `owner_ids`; the others: rehearsal/life_papers.py.
    """
    known: dict[str, Any] = {
        "population": {},
        "household": {},
        "relations": {child.id_number: {} for child in people.children},
        "homes": _homes(people.guardian, home, fate),
        "insurance": {},
        "business": {},
        **papers_of_life(people, book, home),
    }
    for person in (people.guardian, *people.children):
        is_child = person is not people.guardian
        if not (is_child and fate.population.verdict == "not-found"):
            known["population"][person.id_number] = _population(person, fate, is_child=is_child)
        if book.unit_code and fate.household.verdict != "not-found":
            known["household"][person.id_number] = _household(person, people, book, fate, is_child=is_child)
    for child in people.children:
        known["relations"][child.id_number][people.guardian.id_number] = KINSHIP[people.relation, child.sex]
    if fate.employment.verdict != "not-found":
        _add_work(known, people.guardian, work, fate)
    return known


def _population(person: Person, fate: Fate, *, is_child: bool) -> dict[str, Any]:
    slip = fate.population
    name, ethnicity = person.name, person.ethnicity
    if is_child:
        name = as_known(slip, "name", name, another_name(name))
        ethnicity = as_known(slip, "ethnicity", ethnicity, OTHER_ETHNICITY[ethnicity])
    return {
        "name": name,
        "sex": person.sex,
        "ethnicity": ethnicity,
        "born_on": person.born_on.isoformat(),
        "status": "正常",
    }


def _household(person: Person, people: People, book: Book, fate: Fate, *, is_child: bool) -> dict[str, Any]:
    slip = fate.household
    unit_code = book.unit_code or ""
    number = as_known(slip, "household_number", book.number, another_number(book.number))
    lives_apart = fate.kinship.field == "relation" and not is_child
    to_head = "户主"
    if is_child:
        to_head = (GRANDCHILD if people.relation == "grandparent" else TO_HEAD)[person.sex]
    return {
        "household_number": another_number(another_number(book.number)) if lives_apart else number,
        "address": book.address,
        "unit_code": as_known(slip, "unit_code", unit_code, another_unit(unit_code)),
        "kind": "家庭户",
        "moved_in_on": book.moved_in_on.isoformat(),
        "moved_in_reason": book.reason,
        "relation_to_head": to_head,
    }


def _homes(owner: Person, home: Home, fate: Fate) -> list[dict[str, Any]]:
    is_gap = fate.property.verdict == "not-found" and fate.property.fault == "department"
    if home.kind != "owned" or is_gap or home.registered_on is None:
        return []
    slip = fate.property
    use = home.use or "住宅"
    unit_code = home.unit_code
    if slip.field == "unit_code":
        unit_code = another_unit(unit_code)
    return [
        {
            "owner_ids": [owner.id_number],
            "certificate": home.certificate,
            "property_unit": home.property_unit,
            "address": home.address,
            "unit_code": unit_code,
            "use": as_known(slip, "use", use, OTHER_USE[use]),
            "share": "单独所有",
            "registered_on": home.registered_on.isoformat(),
            "owners": [owner.name],
        }
    ]


def _add_work(known: dict[str, Any], guardian: Person, work: Work, fate: Fate) -> None:
    slip = fate.employment
    if work.kind == "insured":
        months = int(as_known(slip, "months", str(work.months), str(max(0, work.months - MONTHS_WRONG))))
        known["insurance"][guardian.id_number] = {
            "months": months,
            "first_month": work.first_month,
            "last_month": work.last_month,
            "status": "参保缴费",
            "back_paid": False,
        }
        known["employment"][guardian.id_number] = {
            "employer": "演练单位(虚构)",
            "began_on": f"{work.first_month}-01",
            "state": "在业",
        }
    elif work.kind == "business" and work.founded_on:
        known["business"][guardian.id_number] = {
            "credit_code": as_known(slip, "credit_code", work.credit_code, another_number(work.credit_code)),
            "name": f"{guardian.name}便利店(虚构)",
            "address": "",
            "founded_on": work.founded_on.isoformat(),
            "state": "存续",
        }
