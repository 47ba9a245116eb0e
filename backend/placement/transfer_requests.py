"""A request for a transfer as a row (D15): opened by a family or written down for it, open until it is answered."""

import uuid

from sqlalchemy import select

from backend.enrolment.diary_notes import note_in_diary
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.placement.rows import Proposal, TransferRequest
from backend.placement.tell_family import new_receipt, tell_guardians
from backend.policy.books_in_force import book_in_force
from backend.policy.page_names import school_name
from backend.policy.rules.times import days_after


class TransferAskedElsewhere(Refusal):
    """The family has asked for another school, `school`; a transfer goes where it was asked for."""

    code = "transfer-asked-elsewhere"


def open_request(application_id: uuid.UUID) -> TransferRequest | None:
    """The request of an application that waits for its answer, held until the end of the transaction."""
    return db.session.execute(
        select(TransferRequest)
        .where(TransferRequest.application_id == application_id, TransferRequest.state == "open")
        .with_for_update()
    ).scalar_one_or_none()


def file_request(
    actor: Actor, application: Application, school: str, unit_code: str | None, text: str, *, on_paper: bool
) -> TransferRequest:
    """Open a request and tell the family its receipt. One of an application is open at a time."""
    key, moment = uuid.uuid4(), clock.now()
    book = book_in_force(application.banner)
    one = TransferRequest(
        id=key,
        receipt=new_receipt("Z"),
        banner=application.banner,
        stage=application.stage,
        application_id=application.id,
        school=school,
        unit_code=unit_code,
        text_sealed=seal(application.child_id, f"transfer.text.{key}", text),
        on_paper=on_paper,
        asked_at=moment,
        asked_by=actor.account_id,
        answer_by=days_after(book, book.transfers.answer_days, "calendar", moment),
    )
    db.session.add(one)
    db.session.flush()
    record("transfer.asked", "application", application.id, receipt=one.receipt, school=school, on_paper=on_paper)
    tell_family(application, one, "transfer-asked")
    return one


def request_to_propose(
    actor: Actor, application: Application, school: str, unit_code: str | None, reason: str
) -> TransferRequest:
    """The request that a proposal answers: what the family asked for itself, else one written down for it now.

    Where the book sends a transfer to the nearest school with room, that school may have changed since. Raises
    TransferAskedElsewhere.
    """
    one = open_request(application.id)
    if one is None:
        return file_request(actor, application, school, unit_code, reason, on_paper=True)
    if one.school != school:
        if book_in_force(application.banner).transfers.to != "nearest-with-room":
            raise TransferAskedElsewhere(school=school_name(one.school))
        one.school = school
    one.unit_code = unit_code or one.unit_code
    return one


def close_request(one: TransferRequest, state: str, by: uuid.UUID | None, answer: str | None = None) -> None:
    """End an open request as `given`, `refused` or `withdrawn`; a proposal that nobody signed goes with it."""
    application = db.session.get_one(Application, one.application_id)
    if answer:
        one.answer_sealed = seal(application.child_id, f"transfer.answer.{one.id}", answer)
    one.state, one.answered_at, one.answered_by = state, clock.now(), by
    unsigned = select(Proposal).where(Proposal.transfer_id == one.id, Proposal.approved_at.is_(None))
    for proposal in db.session.execute(unsigned).scalars():
        db.session.delete(proposal)
    db.session.flush()
    record(f"transfer.{state}", "application", application.id, receipt=one.receipt, school=one.school)


def tell_family(application: Application, one: TransferRequest, code: str, words: str = "") -> None:
    """A line about the request in the family's diary, and a notice to every guardian."""
    note_in_diary(application, code, words, receipt=one.receipt)
    facts = {
        "receipt": one.receipt,
        "school": school_name(one.school),
        "answer_by": one.answer_by.strftime("%m月%d日"),
        "words": words,
    }
    tell_guardians(application, code, facts, f"{code}/{one.id}", "place/transfer")
