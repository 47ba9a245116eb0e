"""List a session: fix who takes part in which band and which units have how many places; then choosing can begin."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Text, cast, func, select, text

from backend.fairness.largest_remainder import largest_remainder
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import Task, put_task
from backend.publication.rows import Run
from backend.publication.runs import ENDED
from backend.zhongkao.exam_places import bands_of, rule_of_session, rules_of_session
from backend.zhongkao.freeze_admission import KIND, scope_of
from backend.zhongkao.rows import (
    ExamAdmission,
    ExamBand,
    ExamCandidate,
    ExamRecheck,
    ExamSession,
    ExamUnit,
    SessionUnit,
)
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.rules.judging import band_of
from backend.zhongkao.rules.scores import hundredths_of
from backend.zhongkao.session_value import band_value
from backend.zhongkao.settle_floors import settle_floors

RETURNED = "returned"
"""In `made_of`: how many of a unit's places were given a second time after their files were returned."""
_CHOICES = """
INSERT INTO exam_choice (session_id, candidate_id, band_id, version, locked_by)
SELECT :session, n.candidate, n.band, 0, a.unit_id
FROM unnest(CAST(:candidates AS bigint[]), CAST(:bands AS bigint[])) AS n(candidate, band)
LEFT JOIN exam_admission a ON a.candidate_id = n.candidate AND a.state <> 'returned'
"""


class SessionNotReady(Exception):
    """An earlier session is not published or is being corrected, or a score is still being looked at: the listing is tried again."""


def list_session(session_id: int) -> None:
    """Make the choices' rows and the session's units; due half an hour before the first band opens.

    Every candidate with a score at the line takes part; who is admitted already stands in it locked (T-1.6).
    Raises SessionNotReady.
    """
    session = db.session.execute(
        select(ExamSession).where(ExamSession.id == session_id).with_for_update()
    ).scalar_one_or_none()
    if session is None or session.state != "planned":
        return
    _require_ready(session)
    settle_floors(session)
    bands = bands_of(session.id)
    for unit, plan, made_of in _plans(session):
        db.session.add(SessionUnit(session_id=session.id, unit_id=unit.id, plan=plan, made_of=made_of))
    count = _list_candidates(session, bands)
    session.state = "listed"
    session.listed_at = clock.now()
    session.edition += 1
    put_due_tasks(session, bands)
    record("exam-session.listed", "exam-session", session.id, code=session.code, candidates=count)


def _require_ready(session: ExamSession) -> None:
    earlier = select(ExamSession.code).where(
        ExamSession.year == session.year, ExamSession.id < session.id, ExamSession.state != "published"
    )
    if (code := db.session.execute(earlier.limit(1)).scalar_one_or_none()) is not None:
        raise SessionNotReady(f"session {code} is not published")
    if _is_being_corrected(session):
        raise SessionNotReady("the admission of an earlier session is being corrected")
    asked = (
        select(func.count())
        .select_from(ExamRecheck)
        .join(ExamCandidate, ExamCandidate.id == ExamRecheck.candidate_id)
        .where(ExamCandidate.year == session.year, ExamRecheck.state == "asked")
    )
    if waiting := db.session.execute(asked).scalar_one():
        raise SessionNotReady(f"{waiting} scores are still being looked at again")


def _is_being_corrected(session: ExamSession) -> bool:
    """Whether a correction of an earlier session is not released yet, or its admissions are not written yet."""
    earlier = select(ExamSession).where(ExamSession.year == session.year, ExamSession.id < session.id)
    scopes = [scope_of(one) for one in db.session.execute(earlier).scalars()]
    unwritten = select(Task.id).where(
        Task.dedupe_key == func.concat("announce-exam/", cast(Run.id, Text)), Task.done_at.is_(None)
    )
    correcting = select(Run.id).where(
        Run.kind == KIND,
        Run.scope.in_(scopes),
        Run.corrects.is_not(None),
        Run.state.not_in(ENDED) | unwritten.exists(),
    )
    return db.session.execute(correcting.limit(1)).first() is not None


def _list_candidates(session: ExamSession, bands: Sequence[ExamBand]) -> int:
    line = hundredths_of(rule_of_session(session).line)
    values, ids = [band_value(band) for band in bands], [band.id for band in bands]
    people = db.session.execute(
        select(ExamCandidate.id, ExamCandidate.total)
        .where(ExamCandidate.year == session.year, ExamCandidate.position.is_not(None), ExamCandidate.total >= line)
        .order_by(ExamCandidate.id)
    ).all()
    places = [band_of(row.total, values) for row in people]
    db.session.flush()
    db.session.execute(
        text(_CHOICES),
        {
            "session": session.id,
            "candidates": [row.id for row in people],
            "bands": [None if place is None else ids[place] for place in places],
        },
    )
    return len(people)


def _plans(session: ExamSession) -> list[tuple[ExamUnit, int, dict[str, int]]]:
    """Each unit with its places here: its own plan in the first round, what is vacant later, and what is taken over."""
    rule = rule_of_session(session)
    units = list(
        db.session.execute(
            select(ExamUnit)
            .where(ExamUnit.year == session.year, ExamUnit.category == session.category)
            .order_by(ExamUnit.code)
        ).scalars()
    )
    vacant = _vacancies(session.year)
    own = {unit.id: vacant.get(unit.id, unit.plan) if rule.round > 1 else unit.plan for unit in units}
    made_of = {unit.id: {"own": own[unit.id]} for unit in units}
    for category in rule.takes_over:
        for unit_id, places in _taken_over(session.year, category, units, own, vacant).items():
            made_of[unit_id][category] = places
    return [(unit, sum(made_of[unit.id].values()), made_of[unit.id]) for unit in units]


def _vacancies(year: int) -> dict[int, int]:
    """The vacant places of each unit that was in a published session: the last session's plan without the admitted.

    What a later session of another category took over is vacant no longer: a place is given once.
    """
    admitted = (
        select(ExamAdmission.unit_id, ExamAdmission.session_id, func.count().label("many"))
        .where(ExamAdmission.state != "returned")
        .group_by(ExamAdmission.unit_id, ExamAdmission.session_id)
        .subquery()
    )
    found = db.session.execute(
        select(SessionUnit, ExamUnit, func.coalesce(admitted.c.many, 0))
        .join(ExamSession, ExamSession.id == SessionUnit.session_id)
        .join(ExamUnit, ExamUnit.id == SessionUnit.unit_id)
        .outerjoin(
            admitted,
            (admitted.c.unit_id == SessionUnit.unit_id) & (admitted.c.session_id == SessionUnit.session_id),
        )
        .where(ExamSession.year == year, ExamSession.state == "published")
        .order_by(ExamSession.id)
    ).all()
    vacant: dict[int, int] = {}
    for here, unit, many in found:
        given = here.made_of.keys() - {"own", RETURNED}
        vacant |= {other.id: 0 for _, other, _ in found if other.school == unit.school and other.category in given}
        vacant[unit.id] = max(0, here.plan - here.made_of.get(RETURNED, 0) - many)
    return vacant


def _taken_over(
    year: int, category: str, units: Sequence[ExamUnit], own: Mapping[int, int], vacant: Mapping[int, int]
) -> dict[int, int]:
    """The vacant places of a category by school, dealt to the school's units here in proportion to their plans."""
    from_units = db.session.execute(
        select(ExamUnit).where(ExamUnit.year == year, ExamUnit.category == category)
    ).scalars()
    empty: dict[str, int] = {}
    for unit in from_units:
        empty[unit.school] = empty.get(unit.school, 0) + vacant.get(unit.id, 0)
    dealt: dict[int, int] = {}
    for school, places in empty.items():
        here = {unit.code: unit for unit in units if unit.school == school}
        if here and places:
            weights = {code: own[unit.id] or 1 for code, unit in here.items()}
            dealt |= {here[code].id: seats for code, seats in largest_remainder(weights, places).items()}
    return dealt


def put_due_tasks(session: ExamSession, bands: Sequence[ExamBand]) -> None:
    """The openings, closings and readings of a listed session, each due at its time; put once for each time."""
    grace = timedelta(seconds=rules_of_session(session).grace_seconds)
    for band in bands:
        if band.closed_at is None:
            opening, closing = milliseconds(band.open_at), milliseconds(band.close_at)
            put_task("open-exam-band", f"{band.id}/{opening}", {"band_id": band.id}, due_at=band.open_at)
            put_task("close-exam-band", f"{band.id}/{closing}", {"band_id": band.id}, due_at=band.close_at + grace)
    for at in rule_of_session(session).statistics_at:
        put_task(
            "take-exam-reading",
            f"{session.id}/{milliseconds(at)}",
            {"session_id": session.id, "at": at.isoformat()},
            due_at=at + grace,
        )
