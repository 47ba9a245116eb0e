"""What a candidate sees of himself: scores, place in the city, bands, categories, choices; and nobody else's."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.candidate_codes import name_of_candidate, number_of
from backend.zhongkao.exam_places import (
    bands_of,
    rules_of_session,
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
    ExamSession,
    ExamUnit,
    StandingOrder,
)
from backend.zhongkao.rules.exam_rules import ExamRules


def points(hundredths: int) -> str:
    """A score with two decimals: "655.50"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def told_at(instant: datetime | None) -> str | None:
    """An instant as interfaces write it: +08:00, with milliseconds."""
    return None if instant is None else instant.astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds")


def candidate_view(candidate: ExamCandidate) -> dict[str, Any]:
    """The page a candidate opens on."""
    rules = rules_of_year(candidate.year)
    sessions = [session for session in sessions_of(candidate.year) if session.state != "planned"]
    current = _current(sessions)
    return {
        "exam_number": number_of(candidate),
        "name": name_of_candidate(candidate),
        "year": candidate.year,
        "school_of_origin": _junior_name(candidate),
        "server_time": told_at(clock.now()),
        **_scores(candidate, rules),
        "band": _band_view(candidate, current) if current else None,
        "paused": bool(current and current.paused_at),
        "categories": [_category(candidate, category, sessions) for category in rules.categories],
        "choices": {session.category: unit.code for session in sessions if (unit := _held(candidate, session))},
        "standing_order": _order(candidate, current) if current else [],
        "remarks": _remarks(current) if current else [],
        "admission": admission_view(candidate),
    }


def _scores(candidate: ExamCandidate, rules: ExamRules) -> dict[str, Any]:
    if candidate.total is None or candidate.standing is None:
        return {"total": None, "subjects": [], "city_rank": None, "level_with": None, "one_fen": None}
    year = ExamCandidate.year == candidate.year

    def count(condition: Any) -> int:
        return db.session.execute(select(func.count()).where(year, condition)).scalar_one()

    at, above = count(ExamCandidate.total == candidate.total), count(ExamCandidate.total > candidate.total)
    return {
        "total": points(candidate.total),
        "subjects": [
            {"code": one.code, "name": one.name, "full": one.full, "score": points(candidate.subjects[one.code])}
            for one in rules.subjects
            if one.code in candidate.subjects
        ],
        "city_rank": count(ExamCandidate.standing < candidate.standing) + 1,
        "level_with": count(ExamCandidate.standing == candidate.standing),
        "one_fen": {"at": points(candidate.total), "count": at, "above": above},
    }


def _junior_name(candidate: ExamCandidate) -> str:
    name = db.session.execute(
        select(ExamJunior.name).where(ExamJunior.year == candidate.year, ExamJunior.code == candidate.junior)
    ).scalar_one_or_none()
    return name or candidate.junior


def _current(sessions: list[ExamSession]) -> ExamSession | None:
    """The session that is or was last under way."""
    return next((one for one in sessions if one.state == "listed"), sessions[-1] if sessions else None)


def band_of_candidate(candidate: ExamCandidate, session: ExamSession) -> ExamBand | None:
    """The band of the session that the candidate is in, or None."""
    choice = db.session.get(ExamChoice, (session.id, candidate.id))
    return db.session.get(ExamBand, choice.band_id) if choice and choice.band_id else None


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
    session = next((one for one in reversed(sessions) if one.category == category.code), None)
    told = {"code": category.code, "name": category.name, "round": session.round if session else None}
    if session is None:
        return told | {"state": "upcoming"}
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


def admission_view(candidate: ExamCandidate) -> dict[str, Any]:
    """Whether and where the candidate is admitted, by what the published runs say; `state` none before, else a code of
    `word.exam-admission`.
    """
    row = db.session.execute(
        select(ExamAdmission, ExamUnit)
        .join(ExamUnit, ExamUnit.id == ExamAdmission.unit_id)
        .where(ExamAdmission.candidate_id == candidate.id)
        .order_by(ExamAdmission.state == "returned", ExamAdmission.report_by.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return {"state": "none", "unit": None, "school": None, "letter_url": None, "report_by": None}
    admission, unit = row
    session = db.session.get_one(ExamSession, admission.session_id)
    rules = rules_of_session(session)
    category = next(one.name for one in rules.categories if one.code == session.category)
    return {
        "state": admission.state,
        "unit": unit.code,
        "school": unit.name,
        "category": category,
        "plan": unit.plan,
        "rank": admission.rank,
        "level_with": admission.level_with,
        "letter_url": None if admission.state == "returned" else "/api/exam/letter.pdf",
        "report_by": told_at(admission.report_by),
    }
