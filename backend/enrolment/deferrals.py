"""Entering school later (缓学, domain 2.4): asked for with a hospital's record, answered by the bureau, in the register.

A child whose deferral is approved is no absent child: its live application ends without a penalty, the bureau may find it
a place in a kindergarten, and next year it files like anybody, though it is a year too old by then. The register says
who has to come next year and who has filed.
"""

import uuid
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import live_application_of, move_application
from backend.enrolment.rows import Application, Deferral
from backend.enrolment.rules.states import WITHDRAWABLE
from backend.families.people import words_for
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize, authorize_office
from backend.identity.rules.roles import Scope, banner_scopes
from backend.notices.send_notice import send_notice
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.policy.rules.facts import STAGES

ANSWER = "deferral.answer"
SHORTEST = 5


class DeferralOpen(Refusal):
    """A request for this child waits for its answer."""

    code = "deferral-open"


class DeferralTextMissing(Refusal):
    """The request names the hospital and its record; the answer says why."""

    code = "deferral-text-missing"
    status = 422


class DeferralAnswered(Refusal):
    """The request has its answer."""

    code = "deferral-answered"


class DeferralTooLate(Refusal):
    """The child stands in a frozen list or has a place; then a place is declined, or the child struck out."""

    code = "deferral-too-late"


def ask_deferral(actor: Actor, child_id: uuid.UUID, banner: str, stage: str, evidence: str) -> Deferral:
    """The guardian asks; a helper cannot. Raises NotFound, NoBookInForce, DeferralTextMissing, DeferralOpen."""
    authorize(actor, "place.answer", (Scope("child", str(child_id)),))
    book = book_in_force(banner)
    if stage not in book.stages:
        raise NotFound
    if len(evidence.strip()) < SHORTEST:
        raise DeferralTextMissing
    waiting = select(Deferral.id).where(Deferral.child_id == child_id, Deferral.state == "asked")
    if db.session.execute(waiting).first() is not None:
        raise DeferralOpen
    key = uuid.uuid4()
    sealed = seal(child_id, f"deferral.evidence.{key}", evidence.strip())
    one = Deferral(
        id=key,
        child_id=child_id,
        banner=banner,
        stage=stage,
        year=book.year,
        evidence_sealed=sealed,
        state="asked",
        asked_at=clock.now(),
    )
    db.session.add(one)
    db.session.flush()
    record("deferral.asked", "child", child_id, stage=stage, year=book.year)
    return one


def answer_deferral(actor: Actor, deferral_id: uuid.UUID, reason: str, *, approves: bool) -> Deferral:
    """The bureau's answer. Raises NotFound, NotAllowed, DeferralAnswered, DeferralTextMissing, DeferralTooLate."""
    one = db.session.execute(select(Deferral).where(Deferral.id == deferral_id).with_for_update()).scalar_one_or_none()
    if one is None:
        raise NotFound
    authorize_office(actor, ANSWER, banner_scopes(one.banner))
    if one.state != "asked":
        raise DeferralAnswered
    if len(reason.strip()) < SHORTEST:
        raise DeferralTextMissing
    live = live_application_of(one.child_id)
    if approves and live is not None:
        if live.state not in WITHDRAWABLE:
            raise DeferralTooLate
        move_application(live, "withdrawn", f"缓学：{reason.strip()}")
    one.state, one.reason = "approved" if approves else "refused", reason.strip()
    one.answered_at, one.answered_by = clock.now(), actor.account_id
    record(f"deferral.{one.state}", "child", one.child_id, one.reason)
    tell_family(one, f"deferral-{one.state}", reason=one.reason, next_year=str(one.year + 1))
    return one


def tell_family(one: Deferral, code: str, **facts: str) -> None:
    """One notice to each guardian about the request, by the stage's name."""
    for account in guardians_of(one.child_id):
        key = f"{code}/{one.id}/{facts.get('school', '')}/{account}"
        told = {"stage": STAGES[one.stage], **facts}
        send_notice(account, code, told, key, one.child_id, f"/phone/#/pages/place/deferral?child={one.child_id}")


def deferred_last_year(child_id: uuid.UUID, stage: str, year: int) -> bool:
    """Whether the child's entry at the stage was put off last year: then it is no child of a higher class."""
    found = select(Deferral.id).where(
        Deferral.child_id == child_id,
        Deferral.stage == stage,
        Deferral.year == year - 1,
        Deferral.state == "approved",
    )
    return db.session.execute(found.limit(1)).first() is not None


def deferrals_of(actor: Actor, child_id: uuid.UUID) -> list[dict[str, Any]]:
    """The family's own requests for a child, the newest first. Raises NotFound."""
    authorize(actor, "child.read", (Scope("child", str(child_id)),))
    found = db.session.execute(
        select(Deferral).where(Deferral.child_id == child_id).order_by(Deferral.asked_at.desc())
    ).scalars()
    return [deferral_view(one) for one in found]


def deferral_register(actor: Actor, banner: str) -> list[dict[str, Any]]:
    """The register of deferred children (E39 缓学名册) and of open requests; each child's look is written down (P13)."""
    authorize_office(actor, ANSWER, banner_scopes(banner))
    found = db.session.execute(
        select(Deferral).where(Deferral.banner == banner).order_by(Deferral.state, Deferral.asked_at)
    ).scalars()
    return [_shown(actor, one) for one in found]


def _shown(actor: Actor, one: Deferral) -> dict[str, Any]:
    scopes = (Scope("child", str(one.child_id)), *banner_scopes(one.banner))
    authorize(actor, ANSWER, scopes, purpose=f"deferral/{one.id}")
    years = select(Application.year).where(Application.child_id == one.child_id, Application.state != "withdrawn")
    has_filed = one.year + 1 in set(db.session.execute(years).scalars())
    return deferral_view(one) | {
        "has_filed": has_filed,
        "evidence": words_for(one.child_id, f"deferral.evidence.{one.id}", one.evidence_sealed),
    }


def deferral_view(one: Deferral) -> dict[str, Any]:
    """A request without what proves it."""
    kept = school_named(one.kindergarten) if one.kindergarten else None
    return {
        "id": str(one.id),
        "stage": one.stage,
        "year": one.year,
        "state": one.state,
        "asked_at": one.asked_at.isoformat(),
        "reason": one.reason,
        "kindergarten": one.kindergarten,
        "kindergarten_name": kept.name if kept else None,
        "returns_in": one.year + 1 if one.state == "approved" else None,
    }
