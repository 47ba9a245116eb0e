"""A school's intake: the children with a confirmed place, as the school sees them."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import form_of
from backend.enrolment.rows import Application
from backend.enrolment.rules.form import CARE
from backend.families.people import people_of
from backend.families.rows import Child
from backend.foundation.audit import record_access
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.placement.rows import PlacementRow
from backend.policy.books_in_force import book_in_force
from backend.policy.places import plan_lines_of

HOLDING = ("offered", "confirmed")
YOUNGER_HALF_FROM = 3


def admitted(school: str, states: tuple[str, ...] = HOLDING) -> list[tuple[PlacementRow, Application, Child]]:
    """The children who hold a place of the school this year, by receipt."""
    year = book_in_force(school.split("-", maxsplit=1)[0]).year
    found = db.session.execute(
        select(PlacementRow, Application, Child)
        .join(Application, Application.id == PlacementRow.application_id)
        .join(Child, Child.id == PlacementRow.child_id)
        .where(PlacementRow.school == school, PlacementRow.state.in_(states), Application.year == year)
        .order_by(PlacementRow.receipt)
    )
    return [(row, application, child) for row, application, child in found]


def standing_counts(school: str) -> dict[str, int]:
    """State of the application → how many children who hold a place of the school stand there."""
    return dict(Counter(application.state for _, application, _ in admitted(school)))


def planned_classes(school: str) -> int | None:
    """How many classes the plan of this year makes of the school's seats, or None without a plan."""
    banner = school.split("-", maxsplit=1)[0]
    lines = plan_lines_of(banner, book_in_force(banner).year)
    return next((line.classes for line in lines if line.school == school), None)


def admitted_list(actor: Actor, school: str) -> list[dict[str, Any]]:
    """The admitted list as the school sees it; the look is written down, child by child. Raises NotAllowed."""
    grant = authorize_office(actor, "admitted.read", school_scopes(school))
    rows = admitted(school)
    people = people_of([child for _, _, child in rows])
    for _, _, child in rows:
        record_access(grant.role.name, "child", child.id, f"admitted list of {school}")
    return [
        {
            "application": str(application.id),
            "receipt": row.receipt,
            "name": people[child.id].name,
            "sex": people[child.id].sex,
            "born_on": people[child.id].born_on.isoformat(),
            "guardian": people[child.id].guardian_name,
            "state": row.state,
            "interview": row.interview,
            "absent": row.absent_at is not None,
            "kept_until": row.kept_until.isoformat() if row.kept_until else None,
            **care_of(application),
        }
        for row, application, child in rows
    ]


def care_of(application: Application) -> dict[str, Any]:
    """What the family asks the school to be ready for (D16, D17, B11, B12), in words, and its own words beside."""
    form = form_of(application)
    return {"care": [CARE[kind] for kind in form.get("care", ())], "care_note": form.get("care_note", "")}


def age_half(born_on: date) -> str:
    """The half of the age year (September to August) a child is born in: the older or the younger six months."""
    older = born_on.month >= 9 or born_on.month < YOUNGER_HALF_FROM  # noqa: PLR2004  # the school year begins in September
    return "older" if older else "younger"
