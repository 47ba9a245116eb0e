"""What a candidate sees of himself: scores, place in the city, bands, categories, choices; and nobody else's."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.admission_view import admission_view
from backend.zhongkao.candidate_codes import name_of_candidate, number_of
from backend.zhongkao.exam_places import (
    bands_of,
    rule_of_session,
    rules_of_year,
    sessions_of,
)
from backend.zhongkao.give_standing_order import standing_order_of
from backend.zhongkao.rows import (
    ExamAdmission,
    ExamBand,
    ExamCandidate,
    ExamChoice,
    ExamJunior,
    ExamRemark,
    ExamScoreCount,
    ExamSession,
    ExamUnit,
    StandingOrder,
)
from backend.zhongkao.rules.exam_rules import ExamRules
from backend.zhongkao.rules.judging import band_of
from backend.zhongkao.rules.scores import hundredths_of
from backend.zhongkao.session_value import band_value, written

NO_SCORE = "—"
"""Stands where a subject that counts has none: the candidate was absent, or his script is missing."""


def points(hundredths: int) -> str:
    """A score with two decimals: "655.50"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def told_at(instant: datetime | None) -> str | None:
    """An instant as interfaces write it, or None."""
    return None if instant is None else written(instant)


def candidate_view(candidate: ExamCandidate) -> dict[str, Any]:
    """The page a candidate opens on."""
    rules = rules_of_year(candidate.year)
    year = sessions_of(candidate.year)
    sessions = [session for session in year if session.state != "planned"]
    current, newest = _current(year), {session.category: session for session in sessions}
    return {
        "exam_number": number_of(candidate),
        "name": name_of_candidate(candidate),
        "year": candidate.year,
        "school_of_origin": _junior_name(candidate),
        "server_time": told_at(clock.now()),
        **_scores(candidate, rules),
        "band": _band_view(candidate, current) if current else None,
        "left_out": _left_out(candidate, current) if current else None,
        "recheck": _recheck(rules),
        "paused": bool(current and current.paused_at),
        "categories": [_category(candidate, category, year) for category in rules.categories],
        "choices": {code: unit.code for code, one in newest.items() if (unit := _held(candidate, one))},
        "standing_order": _order(candidate, current) if current else [],
        "remarks": _remarks(current) if current else [],
        "admission": admission_view(candidate),
    }


def _scores(candidate: ExamCandidate, rules: ExamRules) -> dict[str, Any]:
    if candidate.total is None or candidate.standing is None:
        return {"total": None, "subjects": [], "city_rank": None, "level_with": None, "one_fen": None}
    level = (ExamCandidate.year == candidate.year, ExamCandidate.standing == candidate.standing)
    first, level_with = db.session.execute(
        select(func.min(ExamCandidate.position), func.count(ExamCandidate.position)).where(*level)
    ).one()
    total, many = ExamScoreCount.total, ExamScoreCount.many
    at, above = db.session.execute(
        select(func.sum(many).filter(total == candidate.total), func.sum(many).filter(total > candidate.total)).where(
            ExamScoreCount.year == candidate.year
        )
    ).one()
    return {
        "total": points(candidate.total),
        "subjects": [
            {
                "code": one.code,
                "name": one.name,
                "full": one.full,
                "score": points(candidate.subjects[one.code]) if one.code in candidate.subjects else NO_SCORE,
            }
            for one in rules.subjects
            if one.counts or one.code in candidate.subjects
        ],
        "city_rank": (first or 0) + 1,
        "level_with": level_with,
        "one_fen": {"at": points(candidate.total), "count": int(at or 0), "above": int(above or 0)},
    }


def _junior_name(candidate: ExamCandidate) -> str:
    name = db.session.execute(
        select(ExamJunior.name).where(ExamJunior.year == candidate.year, ExamJunior.code == candidate.junior)
    ).scalar_one_or_none()
    return name or candidate.junior


def _current(sessions: list[ExamSession]) -> ExamSession | None:
    """The session that candidates look at: the first whose results are not out; after the last results, the last."""
    return next((one for one in sessions if one.state != "published"), sessions[-1] if sessions else None)


def band_of_candidate(candidate: ExamCandidate, session: ExamSession) -> ExamBand | None:
    """The band of the session that the candidate is in, or None; before the listing, the one that his score lies in."""
    if session.state == "planned":
        return _band_by_score(candidate, session)
    choice = db.session.get(ExamChoice, (session.id, candidate.id))
    if choice is None or choice.band_id is None or choice.locked_by is not None:
        return None
    return db.session.get(ExamBand, choice.band_id)


def _band_by_score(candidate: ExamCandidate, session: ExamSession) -> ExamBand | None:
    if candidate.total is None or _is_admitted(candidate) or _left_out(candidate, session):
        return None
    bands = bands_of(session.id)
    place = band_of(candidate.total, [band_value(band) for band in bands])
    return None if place is None else bands[place]


def _is_admitted(candidate: ExamCandidate) -> bool:
    found = select(ExamAdmission.id).where(
        ExamAdmission.candidate_id == candidate.id, ExamAdmission.state != "returned"
    )
    return db.session.execute(found.limit(1)).first() is not None


def _left_out(candidate: ExamCandidate, session: ExamSession) -> dict[str, str] | None:
    """The session with its line where the candidate's total lies below it: he takes no part and is told why."""
    rule = rule_of_session(session)
    if candidate.total is None or candidate.total >= hundredths_of(rule.line):
        return None
    return {"session": rule.name, "line": rule.line}


def _recheck(rules: ExamRules) -> dict[str, Any] | None:
    """成绩复核 of the year: until when it may be asked for and answered, and whether now is the time."""
    if rules.recheck is None:
        return None
    opens, closes, now = rules.recheck.opens, rules.recheck.closes, clock.now()
    return {
        "state": "upcoming" if now < opens else "open" if now < closes else "closed",
        "opens_at": told_at(opens),
        "closes_at": told_at(closes),
        "answered_by": told_at(rules.recheck.answered_by),
    }


def band_state(band: ExamBand, now: datetime) -> str:
    """upcoming, open or closed, by the server's clock and the closing event."""
    if band.closed_at is not None or now >= band.close_at:
        return "closed"
    return "open" if now >= band.open_at else "upcoming"


def _band_view(candidate: ExamCandidate, session: ExamSession) -> dict[str, Any] | None:
    band = band_of_candidate(candidate, session)
    if band is None:
        return None
    return {
        "number": band.number + 1,
        "category": session.category,
        "session": rule_of_session(session).name,
        "listed": session.state != "planned",
        "from": None if band.lowest is None else points(band.lowest),
        "below": None if band.below is None else points(band.below),
        "opens_at": told_at(band.open_at),
        "closes_at": told_at(band.close_at),
        "no_clear_from": told_at(band.no_clear_from),
        "no_first_from": told_at(band.no_first_from),
        "state": band_state(band, clock.now()),
        "bands": len(bands_of(session.id)),
    }


def _category(candidate: ExamCandidate, category: Any, sessions: list[ExamSession]) -> dict[str, Any]:
    own = [one for one in sessions if one.category == category.code]
    session = next((one for one in reversed(own) if one.state != "planned"), own[0] if own else None)
    told = {
        "code": category.code,
        "name": rule_of_session(session).name if session and session.round > 1 else category.name,
        "round": session.round if session else None,
    }
    if session is None or session.state == "planned":
        band = band_of_candidate(candidate, session) if session else None
        return told | {"state": "upcoming", "opens_at": told_at(band.open_at) if band else None}
    held = _held(candidate, session)
    told["chosen"] = held.name if held else None
    choice = db.session.get(ExamChoice, (session.id, candidate.id))
    if choice is not None and choice.locked_by is not None:
        unit = db.session.get_one(ExamUnit, choice.locked_by)
        return told | {"state": "locked", "locked_by": unit.code, "locked_by_name": unit.name}
    band = band_of_candidate(candidate, session)
    if choice is None or band is None:
        return told | {"state": "not-in"}
    return told | {"state": "published" if session.state == "published" else band_state(band, clock.now())}


def _held(candidate: ExamCandidate, session: ExamSession) -> ExamUnit | None:
    return db.session.execute(
        select(ExamUnit)
        .join(ExamChoice, ExamChoice.unit_id == ExamUnit.id)
        .where(ExamChoice.session_id == session.id, ExamChoice.candidate_id == candidate.id)
    ).scalar_one_or_none()


def _order(candidate: ExamCandidate, session: ExamSession) -> list[str]:
    order = standing_order_of(candidate.id, session.id)
    return [] if order is None else codes_of(order)


def codes_of(order: StandingOrder) -> list[str]:
    """The units of a standing order by code, in its order."""
    codes = dict(db.session.execute(select(ExamUnit.id, ExamUnit.code).where(ExamUnit.id.in_(order.units))).all())
    return [codes[unit_id] for unit_id in order.units]


def _remarks(session: ExamSession) -> list[dict[str, Any]]:
    found = db.session.execute(
        select(ExamRemark).where(ExamRemark.session_id == session.id).order_by(ExamRemark.id.desc()).limit(20)
    ).scalars()
    return [{"at": told_at(one.at), "text": one.text} for one in found]
