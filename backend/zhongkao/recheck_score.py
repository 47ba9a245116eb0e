"""成绩复核: a candidate asks whether a score is added up right; the answer counts, up or down, before the first band only."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from backend.foundation import clock
from backend.foundation.audit import record, record_access
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.notices.send_notice import put_notice
from backend.zhongkao.candidate_codes import number_of, phone_of
from backend.zhongkao.exam_places import city_scopes, rules_of_year
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.rows import ExamBand, ExamCandidate, ExamRecheck, ExamSession
from backend.zhongkao.rules.exam_rules import Subject
from backend.zhongkao.rules.scores import NotAScore, hundredths_of


class RecheckNotOpen(Refusal):
    """The year has no recheck, or this is not its time."""

    code = "recheck-not-open"


class RecheckAsked(Refusal):
    """The subject was asked about before."""

    code = "recheck-asked"


class RecheckAnswered(Refusal):
    """The question has its answer."""

    code = "recheck-answered"


class ScoresFixed(Refusal):
    """The first band has opened: no score changes any more."""

    code = "scores-fixed"


class ScoreInvalid(Refusal):
    """The score is no number with two decimals at most, or above the full score."""

    code = "score-invalid"
    status = 422


def ask_recheck(candidate: ExamCandidate, subject: str, arrived_at: datetime) -> ExamRecheck:
    """Ask about one subject: is it my script, is a mark missing, is the sum right (not: how strict). Raises RecheckNotOpen,
    RecheckAsked, NotFound.
    """
    recheck = rules_of_year(candidate.year).recheck
    if recheck is None or not recheck.opens <= arrived_at < recheck.closes:
        raise RecheckNotOpen
    if candidate.total is None or subject not in {one.code for one in _rechecked(candidate)}:
        raise NotFound
    asked = select(ExamRecheck.id).where(ExamRecheck.candidate_id == candidate.id, ExamRecheck.subject == subject)
    if db.session.execute(asked).first():
        raise RecheckAsked
    row = ExamRecheck(
        candidate_id=candidate.id, subject=subject, asked_at=arrived_at, before=candidate.subjects.get(subject, 0)
    )
    db.session.add(row)
    db.session.flush()
    record("exam-recheck.asked", "exam-recheck", row.id, subject=subject)
    return row


def _rechecked(candidate: ExamCandidate) -> list[Subject]:
    """The subjects that he has a score in, and those that count in which his script may be missing (漏登)."""
    subjects = rules_of_year(candidate.year).subjects
    return [one for one in subjects if one.counts or one.code in candidate.subjects]


def answer_recheck(actor: Actor, recheck_id: uuid.UUID, score: str, finding: str) -> ExamRecheck:
    """Answer with the score that counts from now on, up or down; the order of all candidates is fixed anew where it changed.

    Raises NotAllowed, NotFound, RecheckAnswered, ScoresFixed, ScoreInvalid.
    """
    authorize_office(actor, "exam.command", city_scopes())
    row = db.session.get(ExamRecheck, recheck_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.state != "asked":
        raise RecheckAnswered
    candidate = db.session.get_one(ExamCandidate, row.candidate_id, with_for_update=True)
    _require_before_first_band(candidate.year)
    after = _score(candidate.year, row.subject, score)
    row.state = "kept" if after == row.before else "changed"
    row.after = after
    row.finding = finding.strip()[:500]
    row.answered_by = actor.account_id
    row.answered_at = clock.now()
    if after != row.before:
        candidate.subjects = {**candidate.subjects, row.subject: after}
        db.session.flush()
        rank_candidates(candidate.year)
    record("exam-recheck.answered", "exam-recheck", row.id, finding, before=row.before, after=after)
    _tell(candidate, row)
    return row


def _tell(candidate: ExamCandidate, row: ExamRecheck) -> None:
    """The candidate is told that there is an answer, and whether the score changed; the score itself stands on his page."""
    phone = phone_of(candidate)
    if phone is not None:
        subject = next(one.name for one in rules_of_year(candidate.year).subjects if one.code == row.subject)
        facts = {"subject": subject}
        put_notice(f"exam-recheck/{row.id}", f"exam-recheck-{row.state}", facts, subject=uuid.uuid4(), phone=phone)


def _require_before_first_band(year: int) -> None:
    first = db.session.execute(
        select(ExamBand.open_at)
        .join(ExamSession, ExamSession.id == ExamBand.session_id)
        .where(ExamSession.year == year)
        .order_by(ExamBand.open_at)
        .limit(1)
    ).scalar_one_or_none()
    listed = select(ExamSession.id).where(ExamSession.year == year, ExamSession.state != "planned")
    if (first is not None and clock.now() >= first) or db.session.execute(listed.limit(1)).first():
        raise ScoresFixed


def _score(year: int, subject: str, text: str) -> int:
    full = next(hundredths_of(one.full) for one in rules_of_year(year).subjects if one.code == subject)
    try:
        score = hundredths_of(text.strip())
    except NotAScore as error:
        raise ScoreInvalid from error
    if score > full:
        raise ScoreInvalid
    return score


def rechecks_of_year(actor: Actor, year: int) -> dict[str, list[dict[str, Any]]]:
    """For the desk: {asked: the questions that wait, the oldest first; answered: the last two hundred answers}.

    Whose question waits is named, and that look is written down (P13); of the others the number's last digits stand.
    Raises NotAllowed.
    """
    grant = authorize_office(actor, "exam.read", city_scopes())
    names = {one.code: one.name for one in rules_of_year(year).subjects}

    def found(condition: ColumnElement[bool], order: ColumnElement[Any]) -> list[dict[str, Any]]:
        rows = db.session.execute(
            select(ExamRecheck, ExamCandidate)
            .join(ExamCandidate, ExamCandidate.id == ExamRecheck.candidate_id)
            .where(ExamCandidate.year == year, condition)
            .order_by(order)
            .limit(200)
        )
        return [
            {"row": row, "number": number_of(candidate), "subject": names.get(row.subject, row.subject)}
            for row, candidate in rows
        ]

    is_asked = ExamRecheck.state == "asked"
    asked, answered = found(is_asked, ExamRecheck.asked_at.asc()), found(~is_asked, ExamRecheck.answered_at.desc())
    for one in asked:
        record_access(grant.role.name, "exam-candidate", one["row"].candidate_id, f"recheck {one['row'].id}")
    return {"asked": asked, "answered": [one | {"number": f"…{one['number'][-3:]}"} for one in answered]}


def rechecks_of(candidate: ExamCandidate) -> list[dict[str, Any]]:
    """What he asked and what the answers are."""
    found = db.session.execute(
        select(ExamRecheck).where(ExamRecheck.candidate_id == candidate.id).order_by(ExamRecheck.asked_at)
    ).scalars()
    return [
        {
            "id": str(one.id),
            "subject": one.subject,
            "state": one.state,
            "before": f"{one.before / 100:.2f}",
            "after": None if one.after is None else f"{one.after / 100:.2f}",
            "finding": one.finding,
        }
        for one in found
    ]
