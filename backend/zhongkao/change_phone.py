"""The exam office stores another phone for a candidate: the school gave none, or the old one is lost (D13).

Whoever holds the phone can choose in the candidate's name. The old phone is therefore told at once, and while he may
still choose, one official proposes and another gives the word: until then the old phone alone counts.
"""

import uuid
from typing import Any

from sqlalchemy import select, update

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.accounts import masked_phone, read_phone
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.one_use_codes import void_codes
from backend.notices.send_notice import put_notice
from backend.publication.approve_run import SecondOfficialNeeded
from backend.verification.deal_case import names_of
from backend.verification.decide_case import NothingProposed, ProposalWaits, ReasonMissing
from backend.zhongkao.candidate_codes import candidate_numbered, number_of, phone_of
from backend.zhongkao.exam_places import city_scopes
from backend.zhongkao.rows import (
    CandidateLogin,
    ExamBand,
    ExamCandidate,
    ExamChoice,
    ExamPhoneChange,
    ExamSession,
)


class CandidateUnknown(Refusal):
    """Nobody in this year has this exam number."""

    code = "exam-number-unknown"
    status = 404


class IdentityUnproven(Refusal):
    """Whoever changes the phone notes by which papers the candidate proved who he is."""

    code = "exam-identity-unproven"
    status = 422


def change_candidate_phone(actor: Actor, year: int, number: str, phone: str, proof: str) -> ExamPhoneChange:
    """The change: in force at once, or, while the candidate may still choose, waiting for a second official's word.

    `proof` says by which papers he was known; it stands in the audit. Raises NotAllowed, CandidateUnknown, PhoneInvalid,
    IdentityUnproven, ProposalWaits.
    """
    authorize_office(actor, "exam.command", city_scopes())
    candidate = candidate_numbered(year, number.strip())
    if candidate is None:
        raise CandidateUnknown
    digits = read_phone(phone)
    if not proof.strip():
        raise IdentityUnproven
    db.session.refresh(candidate, with_for_update=True)
    if db.session.execute(_waiting().where(ExamPhoneChange.candidate_id == candidate.id)).first():
        raise ProposalWaits
    change_id = uuid.uuid4()
    change = ExamPhoneChange(
        id=change_id,
        candidate_id=candidate.id,
        phone_sealed=seal(candidate.subject, f"exam_phone_change.phone.{change_id}", digits),
        proof=proof.strip(),
        proposed_by=actor.account_id,
        proposed_at=clock.now(),
    )
    db.session.add(change)
    db.session.flush()
    if _may_still_choose(candidate):
        record("exam-candidate.phone-proposed", "exam-candidate", candidate.id, proof, change=str(change.id))
        _tell(candidate, change, "exam-phone-asked")
    else:
        _put_in_force(candidate, change)
    return change


def confirm_candidate_phone(actor: Actor, change_id: uuid.UUID) -> ExamPhoneChange:
    """The second official's word: the new phone counts from now on.

    Raises NotFound, NotAllowed, NothingProposed, SecondOfficialNeeded.
    """
    candidate, change = _held(actor, change_id)
    if change.proposed_by == actor.account_id:
        raise SecondOfficialNeeded
    change.approved_by = actor.account_id
    _put_in_force(candidate, change)
    return change


def withdraw_candidate_phone(actor: Actor, change_id: uuid.UUID, reason: str) -> None:
    """Take back what waits, so that the old phone stays. Either official may, with a reason.

    Raises NotFound, NotAllowed, NothingProposed, ReasonMissing.
    """
    candidate, change = _held(actor, change_id)
    if not reason.strip():
        raise ReasonMissing
    told = {"change": str(change.id), "proposed_by": str(change.proposed_by)}
    record("exam-candidate.phone-withdrawn", "exam-candidate", candidate.id, reason.strip(), **told)
    db.session.delete(change)
    db.session.flush()


def _waiting() -> Any:
    return select(ExamPhoneChange).where(ExamPhoneChange.in_force_at.is_(None))


def _held(actor: Actor, change_id: uuid.UUID) -> tuple[ExamCandidate, ExamPhoneChange]:
    """The candidate and his waiting change, both held, the candidate first as everywhere."""
    authorize_office(actor, "exam.command", city_scopes())
    change = db.session.get(ExamPhoneChange, change_id)
    if change is None:
        raise NotFound
    candidate = db.session.get_one(ExamCandidate, change.candidate_id, with_for_update=True, populate_existing=True)
    change = db.session.get(ExamPhoneChange, change_id, with_for_update=True, populate_existing=True)
    if change is None or change.in_force_at is not None:
        raise NothingProposed
    return candidate, change


def _may_still_choose(candidate: ExamCandidate) -> bool:
    """Whether a band of the candidate's is not closed yet, in a session whose list is made."""
    found = (
        select(ExamBand.id)
        .join(ExamChoice, ExamChoice.band_id == ExamBand.id)
        .join(ExamSession, ExamSession.id == ExamChoice.session_id)
        .where(
            ExamChoice.candidate_id == candidate.id,
            ExamChoice.locked_by.is_(None),
            ExamSession.state == "listed",
            ExamBand.closed_at.is_(None),
        )
    )
    return db.session.execute(found.limit(1)).first() is not None


def _put_in_force(candidate: ExamCandidate, change: ExamPhoneChange) -> None:
    """The new phone counts; log-ins and codes end: who goes on needs a code that is sent to it. What he chose stays."""
    _tell(candidate, change, "exam-phone-changed")
    phone = _phone_of_change(candidate, change)
    candidate.phone_sealed = seal(candidate.subject, f"exam_candidate.phone.{candidate.subject}", phone)
    change.in_force_at = clock.now()
    void_codes(candidate.exam_index)
    living = (CandidateLogin.candidate_id == candidate.id) & CandidateLogin.ended_at.is_(None)
    ended = db.session.execute(update(CandidateLogin).where(living).values(ended_at=clock.now()))
    logins = ended.rowcount  # type: ignore[attr-defined]
    told = {"change": str(change.id), "proposed_by": str(change.proposed_by), "logins_ended": logins}
    record("exam-candidate.phone-changed", "exam-candidate", candidate.id, change.proof, **told)


def _tell(candidate: ExamCandidate, change: ExamPhoneChange, code: str) -> None:
    """Tell the phone that counts so far, where there is one, how the new number ends."""
    former = phone_of(candidate)
    if former is not None:
        facts = {"tail": _phone_of_change(candidate, change)[-4:]}
        put_notice(f"{code}/{change.id}", code, facts, subject=uuid.uuid4(), phone=former)


def _phone_of_change(candidate: ExamCandidate, change: ExamPhoneChange) -> str:
    return unseal(candidate.subject, f"exam_phone_change.phone.{change.id}", change.phone_sealed)


def phone_change_view(change: ExamPhoneChange) -> dict[str, Any]:
    """{id, exam_number, state: waits | in-force, phone_masked, stored_masked, proof, proposed_at}."""
    candidate = db.session.get_one(ExamCandidate, change.candidate_id)
    stored = phone_of(candidate)
    return {
        "id": str(change.id),
        "exam_number": number_of(candidate),
        "state": "waits" if change.in_force_at is None else "in-force",
        "phone_masked": masked_phone(_phone_of_change(candidate, change)),
        "stored_masked": masked_phone(stored) if stored else None,
        "proof": change.proof,
        "proposed_at": change.proposed_at.isoformat(),
    }


def waiting_phones(actor: Actor, year: int) -> list[dict[str, Any]]:
    """The changes of the year that wait for a second official, the oldest first: each with who proposed it and whether
    that is the one who asks. Raises NotAllowed.
    """
    authorize_office(actor, "exam.command", city_scopes())
    asked = _waiting().join(ExamCandidate, ExamCandidate.id == ExamPhoneChange.candidate_id)
    found = db.session.execute(asked.where(ExamCandidate.year == year).order_by(ExamPhoneChange.proposed_at)).scalars()
    changes = list(found)
    names = names_of({change.proposed_by for change in changes})
    return [
        phone_change_view(change)
        | {"by": names.get(change.proposed_by, ""), "mine": change.proposed_by == actor.account_id}
        for change in changes
    ]
