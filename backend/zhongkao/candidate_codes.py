"""Six-digit codes to a candidate's stored phone: for logging in, and for each change made on a new device (D13, D14)."""

import hmac
import secrets
import uuid
from datetime import timedelta
from typing import Literal

from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.crypto import blind_index, provider, unseal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.gateways import code_sender
from backend.zhongkao.rows import CandidateCode, ExamCandidate

Purpose = Literal["login", "change"]
CODE_LIVES = timedelta(minutes=5)
TRIES = 5
BUDGETS: dict[str, tuple[tuple[timedelta, int], ...]] = {
    "login": ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10)),
    "change": ((timedelta(seconds=20), 1), (timedelta(hours=1), 30), (timedelta(days=1), 120)),
}
"""How many codes a candidate may ask for in a time; changes need many in the last hour of a band."""


PER_ADDRESS_AN_HOUR = 3000
"""A whole school logs in from one address; whoever tries numbers out asks for more."""


class ExamCodesTooOften(Refusal):
    """The candidate has had his share of codes; `wait_seconds` says when to try again."""

    code = "codes-too-often"
    status = 429


class ExamCodeWrong(Refusal):
    """Exam number and code do not fit, or the code is too old, used, or tried too often; all said alike."""

    code = "exam-code-wrong"
    status = 422
    keeps_effects = True


class PhoneMissing(Refusal):
    """The school gave no phone for the candidate; it is entered at the exam office, with identity papers."""

    code = "exam-phone-missing"


def candidate_numbered(year: int, exam_number: str) -> ExamCandidate | None:
    """The candidate with this exam number, or None."""
    index = blind_index("exam_candidate.exam_number", exam_number)
    return db.session.execute(
        select(ExamCandidate).where(ExamCandidate.year == year, ExamCandidate.exam_index == index)
    ).scalar_one_or_none()


def phone_of(candidate: ExamCandidate) -> str | None:
    """The stored phone in clear, for the gateway that sends to it."""
    if candidate.phone_sealed is None:
        return None
    return unseal(candidate.subject, f"exam_candidate.phone.{candidate.subject}", candidate.phone_sealed)


def name_of_candidate(candidate: ExamCandidate) -> str:
    """The candidate's name in clear."""
    return unseal(candidate.subject, f"exam_candidate.name.{candidate.subject}", candidate.name_sealed)


def number_of(candidate: ExamCandidate) -> str:
    """The exam number in clear."""
    return unseal(candidate.subject, f"exam_candidate.exam_number.{candidate.subject}", candidate.exam_number_sealed)


def send_candidate_code(candidate: ExamCandidate, purpose: Purpose, address: str, login_id: int | None = None) -> str:
    """Send a code to the stored phone and tell which one, masked; `address` is where the asking came from.

    Raises PhoneMissing, ExamCodesTooOften (by candidate, and by address).
    """
    phone = phone_of(candidate)
    if phone is None:
        raise PhoneMissing
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"exam-code/{candidate.id}", 0))))
    moment = clock.now()
    for span, most in BUDGETS[purpose]:
        sent = select(func.count()).where(
            CandidateCode.candidate_id == candidate.id,
            CandidateCode.purpose == purpose,
            CandidateCode.made_at > moment - span,
        )
        if db.session.execute(sent).scalar_one() >= most:
            raise ExamCodesTooOften(wait_seconds=int(span.total_seconds()))
    from_here = select(func.count()).where(
        CandidateCode.address == address, CandidateCode.made_at > moment - timedelta(hours=1)
    )
    if db.session.execute(from_here).scalar_one() >= PER_ADDRESS_AN_HOUR:
        raise ExamCodesTooOften(wait_seconds=3600)
    code = f"{secrets.randbelow(10**6):06d}"
    row = CandidateCode(
        candidate_id=candidate.id,
        purpose=purpose,
        login_id=login_id,
        address=address,
        code_mac=_mac(candidate, purpose, code),
        made_at=moment,
        ends_at=moment + CODE_LIVES,
    )
    db.session.add(row)
    db.session.flush()
    code_sender()(f"exam-{row.id}", uuid.uuid4(), phone, code)
    return masked_phone(phone)


def masked_phone(phone: str) -> str:
    """The number with its middle hidden."""
    return f"{phone[:3]}****{phone[-4:]}"


def spend_candidate_code(candidate: ExamCandidate, purpose: Purpose, code: str, login_id: int | None = None) -> bool:
    """Whether the newest code of the purpose fits; a wrong try is counted, a right code is used up."""
    moment = clock.now()
    row = db.session.execute(
        select(CandidateCode)
        .where(CandidateCode.candidate_id == candidate.id, CandidateCode.purpose == purpose)
        .order_by(CandidateCode.id.desc())
        .limit(1)
        .with_for_update()
    ).scalar_one_or_none()
    if row is None or row.used_at or row.tries >= TRIES or row.ends_at <= moment or row.login_id != login_id:
        return False
    row.tries += 1
    if not hmac.compare_digest(row.code_mac, _mac(candidate, purpose, code.strip())):
        return False
    row.used_at = moment
    return True


def _mac(candidate: ExamCandidate, purpose: Purpose, code: str) -> bytes:
    return provider().mac(candidate.subject.bytes, f"{purpose}/{code}".encode())
