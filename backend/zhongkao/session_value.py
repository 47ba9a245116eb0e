"""A session as the value that the rules of contract 4 run on: candidates, units, bands with their locks, readings."""

from datetime import datetime

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.exam_places import bands_of, rule_of_session, units_of_session
from backend.zhongkao.rows import ExamBand, ExamCandidate, ExamChange, ExamChoice, ExamSession
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.rules.judging import Refusal
from backend.zhongkao.rules.replay import Holdings
from backend.zhongkao.rules.session import Band, Candidate, Event, Forbidden, Lock, Reading, Session, Unit

RULE_REFUSALS = tuple(refusal.value for refusal in Refusal)


def session_value(session: ExamSession) -> Session:
    """The session as it stands now: extended bands with their present times."""
    bands = bands_of(session.id)
    rule = rule_of_session(session)
    people = db.session.execute(
        select(ExamCandidate.id, ExamCandidate.total, ExamCandidate.ties)
        .join(ExamChoice, ExamChoice.candidate_id == ExamCandidate.id)
        .where(ExamChoice.session_id == session.id)
    )
    candidates = [Candidate(name_of(row.id), row.total, tuple(row.ties)) for row in people]
    readings = sorted({at.astimezone(clock.SHANGHAI) for at in rule.statistics_at})
    return Session(
        tuple(sorted(candidates, key=lambda one: one.id.encode())),
        tuple(Unit(unit.code, plan) for unit, plan in units_of_session(session.id)),
        tuple(band_value(band) for band in bands),
        tuple(_locks(bands)),
        tuple(Reading(milliseconds(at), written(at)) for at in readings),
    )


def events_of(session: ExamSession, value: Session) -> list[dict[str, str]]:
    """Every wish that the rules judged, as the rows of an events file, by arrival, then by number in the log.

    What only the service refused (not eligible, admitted earlier, paused, overtaken) never was an event of the session.
    Nor is a wish that was refused as too late or locked and that a later extension would have let in: its candidate was
    told no, and could ask again.
    """
    codes = {unit.id: unit.code for unit, _ in units_of_session(session.id)}
    found = db.session.execute(
        select(
            ExamChange.candidate_id, ExamChange.arrived_at, ExamChange.action, ExamChange.unit_id, ExamChange.refused
        )
        .where(
            ExamChange.session_id == session.id,
            ExamChange.refused.is_(None) | ExamChange.refused.in_(RULE_REFUSALS),
        )
        .order_by(ExamChange.arrived_at, ExamChange.id)
    )
    holdings = Holdings(value)
    events: list[dict[str, str]] = []
    for row in found:
        unit = codes.get(row.unit_id, "") if row.action == "choose" else ""
        event = Event(milliseconds(row.arrived_at), 0, name_of(row.candidate_id), row.action, unit)
        if row.refused is None:
            holdings.take(event)
        elif holdings.judge(event) is None:
            continue
        events.append({"at": written(row.arrived_at), "candidate": event.candidate, "action": row.action, "unit": unit})
    return events


def name_of(candidate_id: int) -> str:
    """The candidate's name in files of the session: says nothing about the person."""
    return f"C{candidate_id:08d}"


def id_of(name: str) -> int:
    """The candidate's row of a name made by `name_of`."""
    return int(name.removeprefix("C"))


def band_value(band: ExamBand) -> Band:
    """The band as the rules know it."""
    return Band(
        band.lowest,
        band.below,
        milliseconds(band.open_at),
        milliseconds(band.close_at),
        written(band.open_at),
        written(band.close_at),
    )


def _locks(bands: list[ExamBand]) -> list[Lock]:
    found: list[Lock] = []
    for band in bands:
        for at, action in ((band.no_clear_from, "clear"), (band.no_first_from, "first")):
            if at is not None:
                found.append(_lock(at, action, band.number))  # type: ignore[arg-type]
    return sorted(found, key=lambda lock: (lock.at, -1 if lock.band is None else lock.band, sorted(lock.forbid)))


def _lock(at: datetime, action: Forbidden, number: int) -> Lock:
    return Lock(milliseconds(at), frozenset({action}), number, written(at))


def written(instant: datetime) -> str:
    """The instant as files and interfaces write it: +08:00, with milliseconds."""
    return instant.astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds")
