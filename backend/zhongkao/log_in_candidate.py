"""Log a candidate in: exam number and a code to the stored phone; a device that is new must prove itself again (D13)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.candidate_tokens import CandidateToken, read_candidate_token, write_candidate_token
from backend.identity.one_use_codes import spend_one_use_code
from backend.zhongkao.candidate_codes import (
    ExamCodeWrong,
    candidate_numbered,
    send_change_code,
    send_exam_login_code,
    spend_change_code,
)
from backend.zhongkao.exam_places import latest_year, rules_of_year
from backend.zhongkao.gateways import keyed_digest, token_key
from backend.zhongkao.rows import CandidateLogin, ExamCandidate

LOGIN_LIVES = timedelta(days=10)


class ChangeCodeNeeded(Refusal):
    """The log-in is on a new device: this change needs the code that is sent to the stored phone."""

    code = "change-code-needed"
    status = 422
    keeps_effects = True


@dataclass(frozen=True)
class LoggedIn:
    """A new log-in: the token (shown only once), the candidate, and whether the device was new to him."""

    token: str
    candidate: ExamCandidate
    new_device: bool


def ask_login_code(exam_number: str, address: str) -> str:
    """Send a log-in code to the phone stored for this exam number; the phone, masked.

    An unknown number is answered like a known one whose phone nobody can guess, so numbers cannot be tried out.
    Raises PhoneMissing, CodesTooOften, NoExamRules.
    """
    candidate = candidate_numbered(latest_year(), exam_number)
    return send_exam_login_code(exam_number, candidate, address) or _nobodys_phone(exam_number)


def _nobodys_phone(exam_number: str) -> str:
    """A masked number that an unknown exam number always gets: made from it and a key, so it never changes."""
    digest = keyed_digest(exam_number.strip())
    head, tail = 130 + digest[0] % 70, int.from_bytes(digest[1:3], "big") % 10_000
    return f"{head}****{tail:04d}"


def log_in_candidate(exam_number: str, code: str, device: str) -> LoggedIn | None:
    """A new log-in, or None where number and code do not fit; the caller keeps the counted try."""
    candidate = candidate_numbered(latest_year(), exam_number)
    if candidate is None or not spend_one_use_code(candidate.exam_index, code):
        return None
    moment = clock.now()
    device_sha256 = hashlib.sha256(device.encode()).digest()
    new_device = _is_new(candidate, device_sha256)
    login = CandidateLogin(
        candidate_id=candidate.id,
        device_sha256=device_sha256,
        needs_code=new_device,
        made_at=moment,
        ends_at=moment + LOGIN_LIVES,
    )
    db.session.add(login)
    db.session.flush()
    record("candidate.logged-in", "exam-candidate", candidate.id, new_device=new_device)
    return LoggedIn(_token(candidate, login), candidate, new_device)


def _is_new(candidate: ExamCandidate, device_sha256: bytes) -> bool:
    """The first device of all is trusted; later ones are trusted once a change on them was proven ("once") or never."""
    logins = db.session.execute(
        select(CandidateLogin.device_sha256, CandidateLogin.needs_code).where(
            CandidateLogin.candidate_id == candidate.id
        )
    ).all()
    return bool(logins) and not any(row.device_sha256 == device_sha256 and not row.needs_code for row in logins)


def _token(candidate: ExamCandidate, login: CandidateLogin) -> str:
    said = CandidateToken(
        candidate.id, login.id, candidate.year, login.needs_code, int(login.ends_at.timestamp()), candidate.subject
    )
    return write_candidate_token(said, token_key())


def login_lives(login_id: int) -> bool:
    """Whether there is such a log-in and it was not ended: from a log-out on, its token opens nothing any more."""
    found = select(CandidateLogin.id).where(CandidateLogin.id == login_id, CandidateLogin.ended_at.is_(None))
    return db.session.execute(found).scalar_one_or_none() is not None


def present_login(token: str) -> CandidateLogin:
    """The living log-in of this token. Raises NotFound where it has ended (the door has checked the signature)."""
    said = read_candidate_token(token, token_key(), clock.now())
    login = db.session.get(CandidateLogin, said.login_id) if said else None
    if login is None or login.ended_at is not None:
        raise NotFound
    return login


def candidate_of(actor: Actor) -> ExamCandidate:
    """The candidate who is asking: his own row and nobody else's. Raises NotFound."""
    found = db.session.execute(
        select(ExamCandidate).where(ExamCandidate.subject == actor.account_id)
    ).scalar_one_or_none()
    if actor.kind != "candidate" or found is None:
        raise NotFound
    return found


def require_change_code(candidate: ExamCandidate, login: CandidateLogin, code: str | None, address: str) -> None:
    """Let a change through on a trusted device, or with a right code on a new one.

    Without a code one is sent and the change is refused. Raises ChangeCodeNeeded, ExamCodeWrong, CodesTooOften.
    """
    if not login.needs_code:
        return
    if not code:
        raise ChangeCodeNeeded(phone_masked=send_change_code(candidate, login, address))
    if not spend_change_code(candidate, login, code):
        raise ExamCodeWrong
    if rules_of_year(candidate.year).second_factor == "once":
        login.needs_code = False


def log_out_candidate(login: CandidateLogin, at: datetime) -> None:
    """End a log-in; its token neither shows nor changes anything any more."""
    login.ended_at = at
    record("candidate.logged-out", "exam-candidate", login.candidate_id)
