"""A family objects to its published result: a receipt, a clock, and one answer by somebody who has not decided before.

Terms by the book (domain 2.10): `objection` for filing after the release, `objection_answer` for the answer.
"""

import uuid
from datetime import datetime

from sqlalchemy import or_, select

from backend.enrolment.applications import open_application
from backend.enrolment.diary_notes import note_in_diary, objection_state
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.sentences import say
from backend.placement.place_view import newest_row
from backend.placement.rows import Objection
from backend.placement.same_fault import files_hit
from backend.placement.tell_family import new_receipt, tell_guardians
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.verification.rows import Case

SHORTEST = 5
OPEN = ("filed", "found")
ANSWER = "objection.answer"
STATES = (*OPEN, "upheld", "rejected")


class NothingToObject(Refusal):
    """No result of this application is published."""

    code = "nothing-to-object"


class ObjectionTooLate(Refusal):
    """The time for objections has passed; `until` says when it ended."""

    code = "appeal-too-late"


class ObjectionOpen(Refusal):
    """An objection of this application waits for its answer."""

    code = "objection-open"


class ObjectionAnswered(Refusal):
    """The objection has its one answer."""

    code = "objection-answered"


class ObjectionTextMissing(Refusal):
    """An objection and its answer are sentences."""

    code = "objection-text-missing"
    status = 422


class AnotherOfficialNeeded(Refusal):
    """Who decided about the file before does not answer the objection to it."""

    code = "second-official-needed"


def file_objection(actor: Actor, application_id: uuid.UUID, text: str, arrived_at: datetime) -> Objection:
    """The guardian objects. Raises NotFound, NothingToObject, ObjectionTooLate, ObjectionOpen, ObjectionTextMissing."""
    _, application = open_application(actor, application_id, "place.answer", lock=True)
    if len(text.strip()) < SHORTEST:
        raise ObjectionTextMissing
    until = objection_until(application)
    if until is None:
        raise NothingToObject
    if arrived_at >= until:
        raise ObjectionTooLate(until=until.isoformat())
    if open_objection(application.id) is not None:
        raise ObjectionOpen
    return _open(application, "filed", text.strip(), actor.account_id, None)


def objection_until(application: Application) -> datetime | None:
    """Until when the family may object, or None where nothing of its result is published."""
    found = newest_row(application)
    if found is None:
        return None
    row, _, switch = found
    began = switch.switched_at if switch else application.moved_at
    return deadline_after(book_in_force(application.banner), "objection", began) if row else None


def answer_objection(
    actor: Actor, objection_id: uuid.UUID, answer: str, fault: str | None, *, upholds: bool
) -> Objection:
    """The one answer. With `fault` (same_fault.FAULTS) an upheld objection opens the files hit by the same fault.

    Raises NotFound, NotAllowed, ObjectionAnswered, ObjectionTextMissing, AnotherOfficialNeeded, FaultUnknown.
    """
    found = db.session.execute(
        select(Objection).where(Objection.id == objection_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    authorize_office(actor, ANSWER, banner_scopes(found.banner))
    if found.state not in OPEN:
        raise ObjectionAnswered
    if len(answer.strip()) < SHORTEST:
        raise ObjectionTextMissing
    if _decided_before(found.application_id, actor):
        raise AnotherOfficialNeeded
    application = db.session.get_one(Application, found.application_id)
    sealed = seal(application.child_id, f"objection.answer.{found.id}", answer.strip())
    found.state = "upheld" if upholds else "rejected"
    found.answer_sealed, found.answered_at, found.answered_by = sealed, clock.now(), actor.account_id
    found.fault = fault if upholds else None
    db.session.flush()
    _tell(application, found, "objection-answered", answer.strip())
    record(f"objection.{found.state}", "application", application.id, receipt=found.receipt, fault=found.fault)
    if upholds and fault:
        for other in files_hit(application, fault):
            if open_objection(other.id) is None:
                _open(other, "found", say("diary.same-fault", receipt=found.receipt), None, found.id)
    return found


def open_objection(application_id: uuid.UUID) -> Objection | None:
    """The objection of an application that waits for its answer."""
    return db.session.execute(
        select(Objection).where(Objection.application_id == application_id, Objection.state.in_(OPEN))
    ).scalar_one_or_none()


def _open(application: Application, state: str, text: str, by: uuid.UUID | None, origin: uuid.UUID | None) -> Objection:
    key, moment = uuid.uuid4(), clock.now()
    one = Objection(
        id=key,
        receipt=new_receipt("Y"),
        banner=application.banner,
        stage=application.stage,
        application_id=application.id,
        state=state,
        text_sealed=seal(application.child_id, f"objection.text.{key}", text),
        filed_at=moment,
        filed_by=by,
        answer_by=deadline_after(book_in_force(application.banner), "objection_answer", moment),
        origin=origin,
    )
    db.session.add(one)
    db.session.flush()
    record(f"objection.{state}", "application", application.id, receipt=one.receipt)
    _tell(application, one, f"objection-{state}")
    return one


def _tell(application: Application, one: Objection, notice: str, words: str = "") -> None:
    """A line in the family's diary, and a notice to every guardian."""
    note = "objection-answered" if words else "objection"
    note_in_diary(application, note, words, receipt=one.receipt, state=one.state)
    told = "：".join(filter(None, (objection_state(one.state), words)))
    facts = {"receipt": one.receipt, "answer_by": one.answer_by.strftime("%m月%d日 %H:%M"), "words": told}
    tell_guardians(application, notice, facts, f"{notice}/{one.id}", "diary/index")


def _decided_before(application_id: uuid.UUID, actor: Actor) -> bool:
    decided = select(Case.id).where(
        Case.application_id == application_id,
        or_(Case.decided_by == actor.account_id, Case.first_by == actor.account_id),
    )
    return db.session.execute(decided.limit(1)).first() is not None
