"""Report in: the admitted candidate takes his place up; the school notes who did not come, or returns a file (退档)."""

import uuid
from datetime import datetime

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.notices.send_notice import put_notice
from backend.notices.sentences import say
from backend.zhongkao.candidate_codes import phone_of
from backend.zhongkao.exam_places import city_scopes
from backend.zhongkao.rows import ExamAdmission, ExamCandidate, ExamSession, ExamUnit


class NotAdmitted(Refusal):
    """The candidate is admitted nowhere, or the admission has been settled otherwise."""

    code = "not-admitted"


class ReportingOver(Refusal):
    """The time for reporting in is over; the school decides now."""

    code = "reporting-over"


class NobodyAbsent(Refusal):
    """The time for reporting in is not over, or everybody has reported in or was noted otherwise."""

    code = "exam-nobody-absent"


class FileReasonMissing(Refusal):
    """A file is returned, or a place given up, with a reason."""

    code = "file-reason-missing"
    status = 422


def standing_admission(candidate_id: int) -> ExamAdmission | None:
    """The candidate's admission that was not returned, or None."""
    return db.session.execute(
        select(ExamAdmission).where(ExamAdmission.candidate_id == candidate_id, ExamAdmission.state != "returned")
    ).scalar_one_or_none()


def report_in(candidate: ExamCandidate, arrived_at: datetime) -> ExamAdmission:
    """Take the place up; a second time changes nothing. Raises NotAdmitted, ReportingOver."""
    admission = standing_admission(candidate.id)
    if admission is None or admission.state == "no-show":
        raise NotAdmitted
    if admission.state == "admitted":
        if arrived_at >= admission.report_by:
            raise ReportingOver
        admission.state = "reported-in"
        admission.settled_at = arrived_at
        record("exam-admission.reported-in", "exam-admission", admission.id)
    return admission


def settle_admission(actor: Actor, admission_id: uuid.UUID, state: str, reason: str) -> ExamAdmission:
    """The exam office notes what became of an admission: `reported-in` at the school, `no-show`, or `returned` (退档).

    A returned file frees its candidate for the next 征集 round, and the place goes into that round's plan. Whose admission
    ends, or who is said to have stayed away, is told at once.
    Raises NotAllowed, NotFound, NotAdmitted, FileReasonMissing.
    """
    authorize_office(actor, "exam.command", city_scopes())
    admission = db.session.get(ExamAdmission, admission_id, with_for_update=True)
    if admission is None or state not in {"reported-in", "no-show", "returned"}:
        raise NotFound
    if admission.state != "admitted":
        raise NotAdmitted
    if state != "reported-in" and not reason.strip():
        raise FileReasonMissing
    admission.state = state
    admission.settled_at = clock.now()
    admission.reason = reason.strip() or None
    record(f"exam-admission.{state}", "exam-admission", admission.id, reason)
    if state != "reported-in":
        _tell(admission)
    return admission


def _tell(admission: ExamAdmission) -> None:
    phone = phone_of(db.session.get_one(ExamCandidate, admission.candidate_id))
    if phone is not None:
        code, facts = f"exam-{admission.state}", {"school": db.session.get_one(ExamUnit, admission.unit_id).name}
        put_notice(f"{code}/{admission.id}", code, facts, subject=uuid.uuid4(), phone=phone)


def absent_from(session: ExamSession) -> list[ExamAdmission]:
    """The admitted of a session who have neither reported in nor been noted otherwise, once the time for it is over."""
    found = select(ExamAdmission).where(
        ExamAdmission.session_id == session.id,
        ExamAdmission.state == "admitted",
        ExamAdmission.report_by <= clock.now(),
    )
    return list(db.session.execute(found.order_by(ExamAdmission.id)).scalars())


def settle_absent(actor: Actor, session: ExamSession) -> int:
    """Note them all as `no-show`, as every letter said; how many. Raises NotAllowed, NobodyAbsent."""
    authorize_office(actor, "exam.command", city_scopes())
    absent = absent_from(session)
    if not absent:
        raise NobodyAbsent
    for admission in absent:
        admission.state = "no-show"
        admission.settled_at = clock.now()
        admission.reason = say("exam.book.not-reported")
        _tell(admission)
    record("exam-session.absent-noted", "exam-session", session.id, absent=len(absent))
    return len(absent)
