"""The exam office stores another phone for a candidate: the school gave none, or the old one is lost (D13)."""

from sqlalchemy import update

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.accounts import read_phone
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.one_use_codes import void_codes
from backend.zhongkao.candidate_codes import candidate_numbered
from backend.zhongkao.exam_places import city_scopes
from backend.zhongkao.rows import CandidateLogin, ExamCandidate


class CandidateUnknown(Refusal):
    """Nobody in this year has this exam number."""

    code = "exam-number-unknown"
    status = 404


class IdentityUnproven(Refusal):
    """Whoever changes the phone notes by which papers the candidate proved who he is."""

    code = "exam-identity-unproven"
    status = 422


def change_candidate_phone(actor: Actor, year: int, number: str, phone: str, proof: str) -> ExamCandidate:
    """The candidate with his new phone; all his log-ins and codes end: who goes on needs a code that is sent to it.

    `proof` says by which papers he was known; it stands in the audit. What he chose stays. Raises NotAllowed,
    CandidateUnknown, PhoneInvalid, IdentityUnproven.
    """
    authorize_office(actor, "exam.command", city_scopes())
    candidate = candidate_numbered(year, number.strip())
    if candidate is None:
        raise CandidateUnknown
    digits = read_phone(phone)
    if not proof.strip():
        raise IdentityUnproven
    candidate.phone_sealed = seal(candidate.subject, f"exam_candidate.phone.{candidate.subject}", digits)
    void_codes(candidate.exam_index)
    living = (CandidateLogin.candidate_id == candidate.id) & CandidateLogin.ended_at.is_(None)
    ended = db.session.execute(update(CandidateLogin).where(living).values(ended_at=clock.now()))
    logins = ended.rowcount  # type: ignore[attr-defined]
    record("exam-candidate.phone-changed", "exam-candidate", candidate.id, proof, logins_ended=logins)
    return candidate
