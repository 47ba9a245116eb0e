"""A guardian withdraws the consents for a child: nothing more is done with its data, and what is held is made unreadable.

Before there is a result the family may leave at any time (个保法 §15, §47; promises P23). A published result is a public
record that the office must keep; until it is withdrawn or kept apart by law, the data behind it cannot go.
"""

import os
import uuid

from sqlalchemy import select

from backend.families.end_helper import end_helper
from backend.families.gateways import registration_of
from backend.families.people import seal_child
from backend.families.queries import helpers_of, open_child
from backend.families.rows import Child, Guardianship
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import INDEX, shred
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.grants import end_grant
from backend.identity.rules.roles import Scope

NOBODY = {"name": "已删除", "id_number": None, "born_on": "1900-01-01", "sex": "male", "ethnicity": "汉"}
"""What stands in the place of a forgotten child, so that lists of withdrawn applications can still be drawn."""


class ChildStillEnrolling(Refusal):
    """The child has an application that goes on, or a result: it is withdrawn first, or kept by law."""

    code = "child-still-enrolling"


def forget_child(actor: Actor, child_id: uuid.UUID) -> None:
    """End the guardian's care of the child; where nobody else cares for it, make its data unreadable for ever.

    Another guardian's care goes on, and with it the child's data. Raises NotFound, ChildStillEnrolling.
    """
    _, child = open_child(actor, child_id, "child.forget")
    others = _others_in_care(child, actor.account_id)
    if not others:
        registration = registration_of(child.id)
        if registration is not None and registration["state"] != "withdrawn":
            raise ChildStillEnrolling
        _forget(actor, child)
    _end_care(child, actor.account_id)
    record("child.left" if others else "child.forgotten", "child", child.id, "the guardian withdrew the consents")


def _others_in_care(child: Child, account_id: uuid.UUID) -> list[Guardianship]:
    """Those who care for the child too and have said who they are: departments and schools need one of them."""
    found = db.session.execute(
        select(Guardianship).where(
            Guardianship.child_id == child.id,
            Guardianship.account_id != account_id,
            Guardianship.ends_at.is_(None),
            Guardianship.person_sealed.is_not(None),
        )
    )
    return list(found.scalars())


def _forget(actor: Actor, child: Child) -> None:
    for helper in helpers_of(child.id):
        if helper.ended_at is None:
            end_helper(actor, child.id, helper.id)
    db.session.flush()
    shred(child.id)
    db.session.expire_all()
    child.forgotten_at = clock.now()
    child.known_index = os.urandom(INDEX)
    child.person_sealed = seal_child(child.id, NOBODY)
    db.session.flush()


def _end_care(child: Child, account_id: uuid.UUID) -> None:
    moment = clock.now()
    for care in db.session.execute(
        select(Guardianship).where(
            Guardianship.child_id == child.id, Guardianship.account_id == account_id, Guardianship.ends_at.is_(None)
        )
    ).scalars():
        care.ends_at = moment
    end_grant(account_id, "guardian", Scope("child", str(child.id)), "the guardian withdrew the consents")
