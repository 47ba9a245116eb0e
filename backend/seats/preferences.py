"""Groups that law prefers (B13 to B15): the family asks, the group's own department approves, the list is public.

What an approval gives stands in the book: placed first in the own zone, or at a school chosen from the public ones.
"""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.families.people import words_for
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor, NotAllowed
from backend.identity.authorize import authorize
from backend.identity.rules.roles import Scope
from backend.policy.books_in_force import book_in_force
from backend.policy.places import plan_of, schools_of
from backend.policy.rules.book import Book
from backend.policy.rules.sections import Preference
from backend.seats.rows import PreferenceClaim

ASKABLE = ("draft", "submitted", "checking", "in_review", "returned", "verified")
APPROVE = "preference.approve"
SHORTEST_REASON = 2


class PreferenceUnknown(Refusal):
    """The book prefers no such group, or the group chooses no school, or that school is none to choose."""

    code = "preference-unknown"
    status = 422


class PreferenceTooLate(Refusal):
    """The seat type of the application is settled; a preference is asked for before."""

    code = "preference-too-late"


class PreferenceAnswered(Refusal):
    """The department has answered; a new claim takes new evidence."""

    code = "preference-answered"


class PreferenceReasonMissing(Refusal):
    """An approval names the evidence that was seen, a refusal says why."""

    code = "reason-missing"
    status = 422


def department_scope(banner: str, group: str) -> Scope:
    """The scope on which an official of the group's department of a banner holds the role `department`."""
    return Scope("department", f"{banner}/{group}")


def ask_preference(
    actor: Actor, application_id: uuid.UUID, group: str, evidence: str, school: str | None
) -> PreferenceClaim:
    """The guardian asks. Raises NotFound, PreferenceTooLate, PreferenceUnknown, PreferenceAnswered (approved already)."""
    _, application = open_application(actor, application_id, "application.submit", lock=True)
    if application.state not in ASKABLE:
        raise PreferenceTooLate
    preference = preference_of(book_in_force(application.banner), group)
    _school_fits(preference, application, school)
    claim = claim_of(application.id)
    if claim is not None and claim.state == "approved":
        raise PreferenceAnswered
    key = claim.id if claim else uuid.uuid4()
    values = {
        "group": group,
        "school": school,
        "state": "asked",
        "evidence_sealed": seal(application.child_id, f"preference.evidence.{key}", evidence.strip()),
        "asked_at": clock.now(),
    }
    if claim is None:
        claim = PreferenceClaim(id=key, application_id=application.id, banner=application.banner, **values)
        db.session.add(claim)
    for name, value in values.items():
        setattr(claim, name, value)
    db.session.flush()
    record("preference.asked", "application", application.id, group=group)
    return claim


def answer_preference(
    actor: Actor, claim_id: uuid.UUID, reason: str, valid_until: date | None, *, approves: bool
) -> PreferenceClaim:
    """The department's word. Raises NotFound, NotAllowed, PreferenceAnswered, PreferenceReasonMissing."""
    claim = db.session.execute(
        select(PreferenceClaim).where(PreferenceClaim.id == claim_id).with_for_update()
    ).scalar_one_or_none()
    if claim is None:
        raise NotFound
    if actor.may(APPROVE, (department_scope(claim.banner, claim.group),)) is None:
        raise NotAllowed
    if claim.state != "asked":
        raise PreferenceAnswered
    if len(reason.strip()) < SHORTEST_REASON:
        raise PreferenceReasonMissing
    claim.state = "approved" if approves else "refused"
    claim.reason, claim.valid_until = reason.strip(), valid_until
    claim.answered_at, claim.answered_by = clock.now(), actor.account_id
    record(f"preference.{claim.state}", "application", claim.application_id, claim.reason, group=claim.group)
    return claim


def claims_waiting(actor: Actor) -> list[dict[str, Any]]:
    """What waits for this department: receipt, group, chosen school and evidence; each look is written down (P13)."""
    scopes = [scope.id for scope in actor.scopes_for(APPROVE) if scope.kind == "department"]
    found = db.session.execute(
        select(PreferenceClaim, Application)
        .join(Application, Application.id == PreferenceClaim.application_id)
        .where(PreferenceClaim.state == "asked", Application.state != "withdrawn")
        .order_by(PreferenceClaim.asked_at)
    )
    return [_waiting(actor, claim, application) for claim, application in found if _key(claim) in scopes]


def _waiting(actor: Actor, claim: PreferenceClaim, application: Application) -> dict[str, Any]:
    scopes = (Scope("child", str(application.child_id)), department_scope(claim.banner, claim.group))
    authorize(actor, APPROVE, scopes, purpose=f"preference/{claim.id}")
    evidence = words_for(application.child_id, f"preference.evidence.{claim.id}", claim.evidence_sealed)
    name = preference_of(book_in_force(claim.banner), claim.group).name
    told = {"id": str(claim.id), "receipt": application.receipt, "group": name, "evidence": evidence}
    return told | {"school": claim.school}


def _key(claim: PreferenceClaim) -> str:
    return department_scope(claim.banner, claim.group).id


def claim_of(application_id: uuid.UUID) -> PreferenceClaim | None:
    """The claim of an application, whatever became of it."""
    return db.session.execute(
        select(PreferenceClaim).where(PreferenceClaim.application_id == application_id)
    ).scalar_one_or_none()


def is_preferred(application_id: uuid.UUID) -> bool:
    """Whether the application has an approved claim, also one that has run out since."""
    claim = claim_of(application_id)
    return claim is not None and claim.state == "approved"


def approved_preference(application: Application) -> PreferenceClaim | None:
    """The approved claim of an application that is still valid today, or None."""
    claim = claim_of(application.id)
    if claim is None or claim.state != "approved":
        return None
    is_over = claim.valid_until is not None and claim.valid_until < clock.now().astimezone(clock.SHANGHAI).date()
    return None if is_over else claim


def preferred_school(application: Application, book: Book, zone: str) -> str | None:
    """The school at which an approved preference is served before everybody: the chosen one, or that of the zone."""
    claim = approved_preference(application)
    if claim is None:
        return None
    return zone if preference_of(book, claim.group).effect == "place-first" else claim.school


def preference_of(book: Book, group: str) -> Preference:
    """The book's line for a group. Raises PreferenceUnknown."""
    for preference in book.preferences:
        if preference.group == group:
            return preference
    raise PreferenceUnknown(group=group)


def public_list(banner: str) -> list[dict[str, Any]]:
    """The public list (B13 to B15): group, department, receipt and school of every approval; no name, no evidence."""
    book = book_in_force(banner)
    found = db.session.execute(
        select(PreferenceClaim, Application.receipt, Application.stage)
        .join(Application, Application.id == PreferenceClaim.application_id)
        .where(PreferenceClaim.banner == banner, PreferenceClaim.state == "approved", Application.year == book.year)
        .order_by(PreferenceClaim.group, Application.receipt)
    )
    shown = []
    for claim, receipt, stage in found:
        line = next((one for one in book.preferences if one.group == claim.group), None)
        if line is not None:
            shown.append(
                {
                    "group": line.name,
                    "department": line.approved_by,
                    "stage": stage,
                    "no": receipt,
                    "school": claim.school,
                }
            )
    return shown


def _school_fits(preference: Preference, application: Application, school: str | None) -> None:
    """A group that is placed first names no school; the others name one, of the list or any that is public (B10)."""
    if preference.effect == "place-first":
        if school is not None:
            raise PreferenceUnknown(group=preference.group)
        return
    open_to = set(plan_of(application.banner, application.stage)) - {
        one.code for one in schools_of(application.banner, application.stage) if one.private
    }
    if preference.effect == "choose-within-list" and preference.schools:
        open_to &= set(preference.schools)
    if school not in open_to:
        raise PreferenceUnknown(group=preference.group)
