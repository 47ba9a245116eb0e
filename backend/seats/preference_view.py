"""What a family sees of preferences (B13 to B15): the groups of the book, the schools each may choose, its own claim."""

import uuid
from typing import Any

from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.identity.actors import Actor
from backend.policy.books_in_force import book_in_force
from backend.policy.places import plan_of, schools_of
from backend.policy.rules.sections import Preference
from backend.seats.preferences import ASKABLE, claim_of


def preference_view(actor: Actor, application_id: uuid.UUID) -> dict[str, Any]:
    """{may_ask, groups: [{group, name, approved_by, effect, schools: [{code, name}]}], claim} of an application.

    `schools` is empty for a group that is placed first; `claim` is None where nothing was asked. Raises NotFound.
    """
    _, application = open_application(actor, application_id, "child.read")
    claim = claim_of(application.id)
    return {
        "may_ask": application.state in ASKABLE and (claim is None or claim.state != "approved"),
        "groups": [_group(one, application) for one in book_in_force(application.banner).preferences],
        "claim": claim
        and {
            "group": claim.group,
            "school": claim.school,
            "state": claim.state,
            "reason": claim.reason,
            "asked_at": claim.asked_at.isoformat(),
        },
    }


def _group(preference: Preference, application: Application) -> dict[str, Any]:
    return {
        "group": preference.group,
        "name": preference.name,
        "approved_by": preference.approved_by,
        "effect": preference.effect,
        "schools": [] if preference.effect == "place-first" else _schools(preference, application),
    }


def _schools(preference: Preference, application: Application) -> list[dict[str, str]]:
    """The public schools of the stage with a plan, of the book's list where it names one."""
    planned = plan_of(application.banner, application.stage)
    listed = set(preference.schools) if preference.effect == "choose-within-list" else set()
    return [
        {"code": school.code, "name": school.name}
        for school in schools_of(application.banner, application.stage)
        if school.code in planned and not school.private and (not listed or school.code in listed)
    ]
