"""Forecasts as everybody may see them, and, once a session is published, how good they were (wish 7)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.zhongkao.candidate_view import points, told_at
from backend.zhongkao.exam_places import session_named, sessions_of, units_of_session
from backend.zhongkao.public_lines import line_of
from backend.zhongkao.public_results import published_output
from backend.zhongkao.rows import ExamForecast, ExamFormerLine, ExamSession
from backend.zhongkao.rules.forecast import Forecast
from backend.zhongkao.rules.forecast_file import forecast_of
from backend.zhongkao.rules.forecast_score import Outcome, scored
from backend.zhongkao.rules.scores import hundredths_of

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


def forecast_scores(year: int) -> list[dict[str, Any]]:
    """A row a reading of every published session: how many lines lay between the ends, the losses, those who know nothing."""
    last_year = {unit: hundredths_of(lines[0]["lowest"]) for unit, lines in former_lines(year).items()}
    return [row for session in sessions_of(year) for row in _scores(session, last_year)]


def _scores(session: ExamSession, last_year: Mapping[str, int]) -> list[dict[str, Any]]:
    output = published_output(session)
    if output is None:
        return []
    lines = {one["id"]: None if (line := line_of(one)) is None else line.total for one in output["units"]}
    rows = []
    for kept in forecasts_of(session):
        current = {one["unit"]: one["lowest"] for one in kept.basis["units"]}
        outcomes = [
            Outcome(
                forecast_of(one),
                lines[one["unit"]],
                last_year.get(one["unit"]),
                None if (lowest := current[one["unit"]]) is None else hundredths_of(lowest),
            )
            for one in kept.units
        ]
        told = scored(outcomes)
        losses = {
            name: None if (loss := getattr(told, name)) is None else points(loss)
            for name in ("loss", "loss_current", "loss_beside_last_year", "loss_last_year")
        }
        rows.append(
            {
                "session": session.code,
                "at": told_at(kept.at),
                "foretold": told.foretold,
                "certain": told.certain,
                "open": told.foretold - told.certain,
                "inside": told.inside,
                "compared": told.compared,
                "compared_last_year": told.compared_last_year,
                **losses,
            }
        )
    return rows


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
