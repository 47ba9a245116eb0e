"""Forecasts as everybody may see them (wish 7)."""

from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.zhongkao.candidate_view import points, told_at
from backend.zhongkao.exam_places import session_named, units_of_session
from backend.zhongkao.rows import ExamForecast, ExamFormerLine, ExamSession
from backend.zhongkao.rules.forecast import Forecast
from backend.zhongkao.rules.forecast_file import forecast_of

METHOD = 1
"""The version of docs/formats/forecast.md that these forecasts were made by."""


def forecasts_of(session: ExamSession) -> list[ExamForecast]:
    """What was foretold, oldest first."""
    found = db.session.execute(
        select(ExamForecast).where(ExamForecast.session_id == session.id).order_by(ExamForecast.at)
    )
    return list(found.scalars())


def forecast_told(year: int, code: str, at: str | None) -> dict[str, Any]:
    """One reading's forecasts with all they were made of; `at` as the readings write it, the newest without it.

    Raises NotFound.
    """
    found = _forecast_at(session_named(year, code), at)
    if found is None:
        raise NotFound
    return {"method": METHOD, "session": code, "at": told_at(found.at), "basis": found.basis, "units": found.units}


def _forecast_at(session: ExamSession, at: str | None) -> ExamForecast | None:
    """The reading's forecasts, the newest without `at`; of the others only the moments are read."""
    moments = db.session.execute(
        select(ExamForecast.id, ExamForecast.at)
        .where(ExamForecast.session_id == session.id)
        .order_by(ExamForecast.at.desc())
    )
    found = next((key for key, moment in moments if at in {None, told_at(moment)}), None)
    return None if found is None else db.session.get_one(ExamForecast, found)


def newest_forecasts(session: ExamSession) -> dict[str, dict[str, Any]]:
    """By unit code, the newest forecast of the session as a candidate is told it: ends, whether certain, which moment."""
    newest = db.session.execute(
        select(ExamForecast.units, ExamForecast.at)
        .where(ExamForecast.session_id == session.id)
        .order_by(ExamForecast.at.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return {}
    return {one["unit"]: forecast_row(forecast_of(one)) | {"at": told_at(newest.at)} for one in newest.units}


def forecast_row(one: Forecast) -> dict[str, Any]:
    """Ends with two decimals; None is a unit that stays unfilled."""
    low, middle, high = (None if end is None else points(end) for end in (one.low, one.middle, one.high))
    return {
        "low": low,
        "middle": middle,
        "high": high,
        "settled_percent": one.settled_percent,
        "is_certain": one.is_certain,
    }


def former_lines(year: int) -> dict[str, list[dict[str, Any]]]:
    """By unit code, how far it went in former years, the newest first."""
    rows = db.session.execute(
        select(ExamFormerLine).where(ExamFormerLine.year == year).order_by(ExamFormerLine.former_year.desc())
    ).scalars()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        told = {"year": row.former_year, "lowest": points(row.lowest), "place": row.place, "of": row.candidates}
        found.setdefault(row.unit, []).append(told)
    return found


def forecast_table(year: int, code: str, at: str) -> list[dict[str, Any]]:
    """A reading's forecasts for the public page: names, ends, former lines; nothing where none was made."""
    session = session_named(year, code)
    kept = _forecast_at(session, at)
    if kept is None:
        return []
    names, former = {unit.code: unit.name for unit, _ in units_of_session(session.id)}, former_lines(year)
    return [
        {"unit": one["unit"], "name": names[one["unit"]], "former": former.get(one["unit"], [])}
        | forecast_row(forecast_of(one))
        for one in kept.units
    ]
