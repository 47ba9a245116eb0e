"""A candidate by exam number, what is stored of him in clear, and the codes to his stored phone (D13, D14)."""

from datetime import timedelta

from sqlalchemy import select

from backend.foundation.crypto import blind_index, unseal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.accounts import masked_phone
from backend.identity.one_use_codes import Budget, send_one_use_code, spend_one_use_code
from backend.zhongkao.rows import CandidateLogin, ExamCandidate

CHANGE_BUDGET: Budget = ((timedelta(seconds=20), 1), (timedelta(hours=1), 30), (timedelta(days=1), 120))
"""How many codes for changes a candidate may ask for in a time: many are needed in the last hour of a band."""
CHANGE_NOTICE = "exam-change-code"
"""A message of its own: it says what the code is for, and providers count it apart from log-ins."""


class ExamCodeWrong(Refusal):
    """Exam number and code do not fit, or the code is too old, used, or tried too often; all said alike."""

    code = "exam-code-wrong"
    status = 422
    keeps_effects = True


class PhoneMissing(Refusal):
    """The school gave no phone for the candidate; it is entered at the exam office, with identity papers."""

    code = "exam-phone-missing"


def exam_index(exam_number: str) -> bytes:
    """What finds the candidate with this exam number, and counts the codes that are asked for it."""
    return blind_index("exam_candidate.exam_number", exam_number)


def candidate_numbered(year: int, exam_number: str) -> ExamCandidate | None:
    """The candidate with this exam number, or None."""
    return db.session.execute(
        select(ExamCandidate).where(ExamCandidate.year == year, ExamCandidate.exam_index == exam_index(exam_number))
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


def send_exam_login_code(exam_number: str, candidate: ExamCandidate | None, address: str) -> str | None:
    """Send a log-in code to the candidate's stored phone and tell which one, masked; None where there is no candidate.

    What is asked for a number that is nobody's is counted alike. Raises PhoneMissing, CodesTooOften.
    """
    phone = _stored_phone(candidate) if candidate else None
    send_one_use_code(exam_index(exam_number), phone, address)
    return masked_phone(phone) if phone else None


def send_change_code(candidate: ExamCandidate, login: CandidateLogin, address: str) -> str:
    """Send the code that a change on a new device needs, and tell the phone, masked. Raises PhoneMissing, CodesTooOften."""
    phone = _stored_phone(candidate)
    send_one_use_code(_changes(candidate), phone, address, CHANGE_BUDGET, str(login.id), CHANGE_NOTICE)
    return masked_phone(phone)


def spend_change_code(candidate: ExamCandidate, login: CandidateLogin, code: str) -> bool:
    """Whether the newest code for a change fits, asked for on this very log-in; it is used up."""
    return spend_one_use_code(_changes(candidate), code, bound_to=str(login.id))


def _changes(candidate: ExamCandidate) -> bytes:
    return blind_index("exam_candidate.change_code", str(candidate.subject))


def _stored_phone(candidate: ExamCandidate) -> str:
    phone = phone_of(candidate)
    if phone is None:
        raise PhoneMissing
    return phone
