"""After the switch: the admissions become rows of candidates, all at once, and everybody is told, some hundred a task."""

import secrets
import uuid
from typing import Any

from sqlalchemy import insert, select

from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.notices.send_notice import put_notice
from backend.notices.sentences import say
from backend.publication.rows import Run
from backend.publication.runs import output_of
from backend.zhongkao.candidate_codes import phone_of
from backend.zhongkao.command_session import remark
from backend.zhongkao.correct_admission import take_over_plans
from backend.zhongkao.count_candidates import count_candidates
from backend.zhongkao.exam_places import rule_of_session, rules_of_session, units_of_session
from backend.zhongkao.freeze_admission import KIND, session_of
from backend.zhongkao.rows import ExamAdmission, ExamCandidate, ExamSession, ExamUnit
from backend.zhongkao.session_value import id_of
from backend.zhongkao.watch_leavers import last_moves_of, watch_leavers

BATCH = 200
LETTER_BYTES = 12


def announce_exam(run_id: str, after: int = 0) -> None:
    """Write the admissions of a published run (the first time), then tell the next candidates and put the rest on."""
    run = db.session.get_one(Run, uuid.UUID(run_id))
    if run.state != "published" or run.kind != KIND:
        return
    session = session_of(run)
    if session.state == "closed":
        _write_admissions(run, session)
        _tell_leavers(session)
    elif run.corrects is not None and after == 0:
        take_over_plans(run, session)
        _write_admissions(run, session)
    told = list(
        db.session.execute(
            select(ExamAdmission, ExamCandidate, ExamUnit)
            .join(ExamCandidate, ExamCandidate.id == ExamAdmission.candidate_id)
            .join(ExamUnit, ExamUnit.id == ExamAdmission.unit_id)
            .where(ExamAdmission.run_id == run.id, ExamAdmission.candidate_id > after)
            .order_by(ExamAdmission.candidate_id)
            .limit(BATCH)
        )
    )
    for admission, candidate, unit in told:
        _tell(admission, candidate, unit)
    if len(told) == BATCH:
        last = told[-1][0].candidate_id
        put_task("announce-exam", f"{run.id}/{last}", {"run_id": run_id, "after": last})


def _write_admissions(run: Run, session: ExamSession) -> None:
    """All of them in one transaction: a reader sees none or every one (P5). A correction adds those not yet there."""
    there = set(
        db.session.execute(select(ExamAdmission.candidate_id).where(ExamAdmission.session_id == session.id)).scalars()
    )
    units = {unit.code: unit.id for unit, _ in units_of_session(session.id)}
    report_by = rule_of_session(session).report_by
    rows: list[dict[str, Any]] = [
        {
            "id": uuid.uuid4(),
            "session_id": session.id,
            "run_id": run.id,
            "candidate_id": id_of(one["id"]),
            "unit_id": units[one["unit"]],
            "rank": one["rank"],
            "level_with": one["level_with"],
            "state": "admitted",
            "letter": secrets.token_hex(LETTER_BYTES),
            "report_by": report_by,
        }
        for one in output_of(run)["candidates"]
        if one["admitted"] and id_of(one["id"]) not in there
    ]
    if rows:
        db.session.execute(insert(ExamAdmission), rows)
    session.state = "published"
    session.edition += 1
    count_candidates(session.year)
    record("exam-session.published", "exam-session", session.id, run=str(run.id), admitted=len(rows))


def _tell_leavers(session: ExamSession) -> None:
    """How often a place inside the plan was left in the last minutes and filled by somebody who came after; the pairs, the
    chains, and what the admission would be without them (wish 6).
    """
    rules = rules_of_session(session)
    if rules.engine == "parallel":
        return
    watched = watch_leavers(session)
    moves = last_moves_of(session, watched)
    told = say(
        "exam.book.late-leavers",
        minutes=rules.late_minutes,
        leavers=moves.leavers,
        filled=sum(bool(one.entered_after) for one in watched.leavers),
    )
    pairs = say(
        "exam.book.late-pairs",
        pairs=moves.pairs,
        chains=moves.chains,
        longest=moves.longest,
        differing=moves.differing,
        losing=moves.losing,
    )
    remark(session, told + pairs if moves.pairs else told, None)


def _tell(admission: ExamAdmission, candidate: ExamCandidate, unit: ExamUnit) -> None:
    phone = phone_of(candidate)
    if phone is None:
        return
    facts = {"school": unit.name, "until": f"{admission.report_by:%m月%d日}"}
    put_notice(f"exam-admitted/{admission.id}", "exam-admitted", facts, subject=uuid.uuid4(), phone=phone)
