"""What everybody may read of an admission, worked out once with it: lines, counts, how good the forecasts were.

Readers see it as soon as its run is the published one (P5). It never changes, so that no reader has it computed again.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.publication.rows import PublishedRun, Run
from backend.zhongkao.candidate_view import points, told_at
from backend.zhongkao.exam_places import sessions_of
from backend.zhongkao.freeze_admission import KIND, scope_of
from backend.zhongkao.public_forecasts import forecasts_of, former_lines
from backend.zhongkao.rows import ExamCandidate, ExamForecast, ExamResult, ExamSession, ExamUnit, SessionUnit
from backend.zhongkao.rules.forecast_file import forecast_of
from backend.zhongkao.rules.forecast_score import Outcome, scored
from backend.zhongkao.rules.own_check import Line
from backend.zhongkao.rules.scores import hundredths_of
from backend.zhongkao.seat_lists import FALLEN, OWN
from backend.zhongkao.session_value import id_of

LOSSES = ("loss", "loss_current", "loss_beside_last_year", "loss_last_year")


def keep_result(run: Run, session: ExamSession, output: Mapping[str, Any]) -> None:
    """Keep what `output` (rules/replay_file.py) comes to for everybody."""
    planned = _planned_lines(session, output)
    units = [
        {key: one[key] for key in ("id", "plan", "chosen", "over_plan", "lowest")}
        | {"admitted": len(one["admitted"]), "planned": planned.get(one["id"])}
        for one in output["units"]
    ]
    db.session.add(ExamResult(run_id=run.id, units=units, forecasts=_forecast_scores(session, units)))


def published_result(session: ExamSession) -> ExamResult | None:
    """The result of the session's published run: readers look at the one switch and at nothing else (P5)."""
    return db.session.execute(
        select(ExamResult)
        .join(PublishedRun, PublishedRun.run_id == ExamResult.run_id)
        .where(PublishedRun.kind == KIND, PublishedRun.scope == scope_of(session))
    ).scalar_one_or_none()


def forecast_scores(year: int) -> list[dict[str, Any]]:
    """A row a reading of every published session: how many lines lay between the ends, the losses, those who know nothing."""
    results = [published_result(session) for session in sessions_of(year)]
    return [row for result in results if result is not None for row in result.forecasts]


def line_of(unit: Mapping[str, Any]) -> Line | None:
    """The line of a unit of a result, None where places were left."""
    if unit["lowest"] is None or unit["admitted"] < unit["plan"]:
        return None
    return Line(hundredths_of(unit["lowest"]["total"]), tuple(map(hundredths_of, unit["lowest"]["ties"])))


def _planned_lines(session: ExamSession, output: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where unused quota fell to open places: the last one in on the places that were open from the start.

    With it everybody knows his kind of seat: first that line, then the own quota's, then that of all open places.
    """
    made: dict[str, dict[str, int]] = dict(
        db.session.execute(
            select(ExamUnit.code, SessionUnit.made_of)
            .join(SessionUnit, SessionUnit.unit_id == ExamUnit.id)
            .where(SessionUnit.session_id == session.id)
        ).all()
    )
    found = {}
    for one in output["units"]:
        places = made[one["id"]].get(OWN, 0)
        if made[one["id"]].get(FALLEN, 0) > 0 and 0 < places <= len(one["admitted"]):
            last = db.session.get_one(ExamCandidate, id_of(one["admitted"][places - 1]))
            found[one["id"]] = {"total": points(last.total or 0), "ties": [points(mark) for mark in last.ties]}
    return found


def _forecast_scores(session: ExamSession, units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = {one["id"]: None if (line := line_of(one)) is None else line.total for one in units}
    last_year = {unit: hundredths_of(former[0]["lowest"]) for unit, former in former_lines(session.year).items()}
    return [_score(session, kept, lines, last_year) for kept in forecasts_of(session)]


def _score(
    session: ExamSession, kept: ExamForecast, lines: Mapping[str, int | None], last_year: Mapping[str, int]
) -> dict[str, Any]:
    current = {one["unit"]: one["lowest"] for one in kept.basis["units"]}
    told = scored(
        Outcome(
            forecast_of(one),
            lines[one["unit"]],
            last_year.get(one["unit"]),
            None if (lowest := current[one["unit"]]) is None else hundredths_of(lowest),
        )
        for one in kept.units
    )
    return {
        "session": session.code,
        "at": told_at(kept.at),
        "foretold": told.foretold,
        "certain": told.certain,
        "open": told.foretold - told.certain,
        "inside": told.inside,
        "compared": told.compared,
        "compared_last_year": told.compared_last_year,
        **{name: None if (loss := getattr(told, name)) is None else points(loss) for name in LOSSES},
    }
