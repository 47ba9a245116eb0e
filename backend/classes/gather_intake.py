"""A school's intake for the former of classes: confirmed children and the school's own sheet, wishes made into labels."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backend.classes.intake import admitted, age_half
from backend.classes.rows import PupilFact, TwinWish
from backend.classes.rules.pupil_sheet import PupilLine
from backend.classes.rules.wishes import APART, CONFLICT, TOGETHER, TWINS, Labels, Wish, labels_of, same_sounding
from backend.enrolment.applications import form_of
from backend.enrolment.rows import Application
from backend.families.people import people_of
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.policy.books_in_force import book_in_force, books_in_force

PLACE_DIGITS = 6
ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Intake:
    """The pupils as rows for the former (contracts 3), their names, the application of each that has one, the wishes."""

    rows: tuple[dict[str, str], ...]
    names: Mapping[str, str]
    applications: Mapping[str, uuid.UUID]
    wishes: tuple[Wish, ...]
    labels: Labels


def gather_intake(school: str, classes: int) -> Intake:
    """Everybody who is to be in a class, by number; nothing in the rows names a person or a class.

    Balanced are sex, ethnicity, household place and the half of the age year (A32, C12), scores where the sheet has
    them (A33), and who needs help in an ordinary class (D17: by the family's form or the sheet). Labels: twins as the family wishes, conflicts of the sheet, names that sound alike apart.
    """
    lines = facts_of(school)
    confirmed = admitted(school, ("confirmed",))
    people = people_of([child for _, _, child in confirmed])
    rows, names, applications = [], {}, {}
    for placed, application, child in confirmed:
        person, fact = people[child.id], lines.get(placed.receipt)
        form = form_of(application)
        household = str(form.get("household_unit") or "")[:PLACE_DIGITS] or ELSEWHERE
        row = _row(placed.receipt, person.sex, person.ethnicity, household, person.born_on, fact)
        rows.append(row | ({"special": "1"} if "disability" in form.get("care", ()) else {}))
        names[placed.receipt], applications[placed.receipt] = person.name, application.id
    for line in lines.values():
        if line.sex and line.no not in names:
            household = _place(line.household)
            rows.append(_row(line.no, line.sex, line.ethnicity, household, date.fromisoformat(line.born_on), line))
            names[line.no] = line.name
    wishes = (
        *_twins([application for _, application, _ in confirmed]),
        *_of_sheet(lines, names),
        *same_sounding(names),
    )
    labels = labels_of(wishes, classes)
    labelled = [
        row | {TOGETHER: labels.together.get(row["no"], ""), APART: labels.apart.get(row["no"], "")} for row in rows
    ]
    ordered = sorted(labelled, key=lambda row: row["no"].encode())
    return Intake(tuple(ordered), names, applications, tuple(wishes), labels)


def facts_of(school: str) -> dict[str, PupilLine]:
    """The rows of the school's sheet of the year in force, unsealed, by number."""
    year = book_in_force(school.split("-", maxsplit=1)[0]).year
    found = db.session.execute(select(PupilFact).where(PupilFact.school == school, PupilFact.year == year)).scalars()
    lines = [PupilLine(**json.loads(unseal(row.id, fact_place(row.id), row.facts_sealed))) for row in found]
    return {line.no: line for line in lines}


def fact_place(key: uuid.UUID) -> str:
    """Where a fact is sealed."""
    return f"class_pupil_fact.facts.{key}"


def _row(no: str, sex: str, ethnicity: str, household: str, born_on: date, fact: PupilLine | None) -> dict[str, str]:
    row = {"no": no, "sex": sex, "ethnicity": ethnicity, "household": household, "age": age_half(born_on)}
    return row | {"special": "1" if fact and fact.special else "0"} | dict(fact.scores if fact else {})


def _place(text: str) -> str:
    """The six digits of a place that the sheet names by code or by the banner's name, else `elsewhere`."""
    if text[:PLACE_DIGITS].isdecimal() and len(text) >= PLACE_DIGITS:
        return text[:PLACE_DIGITS]
    known = {book.banner_name: book.banner for book in books_in_force()}
    return known.get(text, ELSEWHERE)


def _twins(applications: list[Application]) -> list[Wish]:
    """Twins and more at one school: together unless a family said apart; links of the form go both ways."""
    receipts = {application.child_id: application.receipt or "" for application in applications}
    apart = set(
        db.session.execute(
            select(TwinWish.application_id).where(
                TwinWish.wish == APART, TwinWish.application_id.in_([one.id for one in applications])
            )
        ).scalars()
    )
    parted = {application.child_id for application in applications if application.id in apart}
    return [
        Wish(
            APART if {application.child_id, application.twins_with} & parted else TOGETHER,
            TWINS,
            frozenset({receipts[application.child_id], receipts[application.twins_with]}),
        )
        for application in applications
        if application.twins_with in receipts
    ]


def _of_sheet(lines: Mapping[str, PupilLine], names: Mapping[str, str]) -> list[Wish]:
    groups: dict[tuple[str, str, str], set[str]] = {}
    for line in lines.values():
        for kind, reason, label in ((TOGETHER, TWINS, line.twins), (APART, CONFLICT, line.apart)):
            if label and line.no in names:
                groups.setdefault((kind, reason, label), set()).add(line.no)
    return [Wish(kind, reason, frozenset(group)) for (kind, reason, _), group in groups.items() if len(group) > 1]
