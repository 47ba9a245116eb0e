"""Public pages of the exam wing and their data: timetable, plans, one-fen and rank tables, statistics, results, letters."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request

from backend.foundation import clock
from backend.foundation.carried_answers import carried
from backend.identity.actors import PUBLIC, policy
from backend.policy.page_names import banner_name
from backend.zhongkao.exam_places import NoExamRules, latest_year, rule_of_session, rules_of_year, rules_row_of
from backend.zhongkao.freeze_admission import session_of
from backend.zhongkao.keep_result import forecast_scores
from backend.zhongkao.public_forecasts import forecast_table, forecast_told
from backend.zhongkao.public_lines import lines_of
from backend.zhongkao.public_results import (
    letter_facts,
    results_of,
    session_results,
    statistics_of,
    timetable_of,
    units_of,
)
from backend.zhongkao.quota_pages import quotas
from backend.zhongkao.rules.own_check import Line
from backend.zhongkao.rules.scores import NotAScore, hundredths_of
from backend.zhongkao.year_figures import banners_of, one_fen, ranks

pages = Blueprint("zhongkao_pages", __name__, template_folder="templates")
pages.register_blueprint(quotas)


def clock_text(instant: datetime | None) -> str:
    """An instant in the city's time, to the second, for tables."""
    return "" if instant is None else f"{instant.astimezone(clock.SHANGHAI):%m-%d %H:%M:%S}"


pages.add_app_template_filter(clock_text, "clock_text")
pages.add_app_template_global(lambda session: rule_of_session(session).name, "name_of_session")
pages.add_app_template_global(lambda run: rule_of_session(session_of(run)).name, "name_of_exam_run")


def _name_of_banner(year: int) -> Callable[[str], str]:
    """What a banner is called: as the year's rules have it, else its rule-book, else its code."""
    try:
        names = rules_of_year(year).banners
    except NoExamRules:
        names = {}
    return lambda code: names.get(code) or banner_name(code)


@pages.get("/public/zhongkao")
@policy(PUBLIC)
@carried()
def season() -> str:
    """The newest year: timetable, extensions, plans, statistics, results."""
    try:
        year = latest_year()
    except NoExamRules:
        return render_template("zhongkao/public_season.html", year=None)
    rules = rules_row_of(year)
    return render_template(
        "zhongkao/public_season.html",
        year=year,
        rules=rules,
        categories={one["code"]: one["name"] for one in rules.content["categories"]},
        sessions=timetable_of(year),
        units=units_of(year),
        results=session_results(year),
        banners=banners_of(year),
        name_of=_name_of_banner(year),
    )


@pages.get("/public/zhongkao/<int:year>/one-fen")
@policy(PUBLIC)
@carried()
def one_fen_page(year: int) -> str:
    """一分一段表, of the city or a banner."""
    banner = request.args.get("banner")
    return _table("public_one_fen", year, banner, one_fen(year, banner))


@pages.get("/public/zhongkao/<int:year>/ranks")
@policy(PUBLIC)
@carried()
def ranks_page(year: int) -> str:
    """位次表, of the city or a banner."""
    banner = request.args.get("banner")
    return _table("public_ranks", year, banner, ranks(year, banner))


def _table(page: str, year: int, banner: str | None, rows: Sequence[dict[str, Any]]) -> str:
    where = _name_of_banner(year)(banner) if banner else None
    return render_template(f"zhongkao/{page}.html", year=year, where=where, rows=rows)


@pages.get("/public/zhongkao/<int:year>/statistics")
@policy(PUBLIC)
@carried()
def statistics_page(year: int) -> str:
    """各时段填报情况表: the seven columns at a published time, the newest unless `?reading=` counts another (A52)."""
    readings = list(enumerate(statistics_of(year, None)))
    wanted = request.args.get("reading", type=int, default=len(readings) - 1)
    shown = readings[wanted][1] if 0 <= wanted < len(readings) else None
    return render_template(
        "zhongkao/public_statistics.html",
        year=year,
        readings=readings[::-1],
        shown=shown,
        names={one["code"]: one["name"] for one in timetable_of(year)},
        foretold=forecast_table(year, shown["session"], shown["at"]) if shown else [],
        scores=forecast_scores(year),
    )


@pages.get("/public/zhongkao/<int:year>/lines")
@policy(PUBLIC)
@carried(unless=("total", "tie"))
def lines_page(year: int) -> str:
    """录取线: every line by kind of seat with its tie-breakers; `?total=` and `?tie=` mark how those scores stand to it."""
    own, is_faulty = None, False
    if total := request.args.get("total", "").strip():
        try:
            own = Line(hundredths_of(total), tuple(hundredths_of(tie.strip() or "0") for tie in _ties()))
        except NotAScore:
            is_faulty = True
    sessions = lines_of(year, own)
    asked = {"total": total, "ties": _ties()}
    return render_template("zhongkao/public_lines.html", year=year, sessions=sessions, asked=asked, is_faulty=is_faulty)


def _ties() -> list[str]:
    return request.args.getlist("tie")


@pages.get("/api/zhongkao/<int:year>/lines")
@policy(PUBLIC)
@carried()
def lines_data(year: int) -> dict[str, Any]:
    """The same as data."""
    return {"year": year, "sessions": lines_of(year)}


@pages.get("/public/zhongkao/letters/<letter>")
@policy(PUBLIC)
def letter_page(letter: str) -> str:
    """Whether a letter is genuine: what the paper must agree with, and nobody's whole name."""
    return render_template("zhongkao/public_letter.html", letter=letter, facts=letter_facts(letter))


@pages.get("/api/zhongkao/<int:year>/one-fen")
@policy(PUBLIC)
@carried()
def one_fen_data(year: int) -> dict[str, Any]:
    """一分一段表 as data; `?banner=` for one banner."""
    banner = request.args.get("banner")
    return {"year": year, "banner": banner, "rows": one_fen(year, banner)}


@pages.get("/api/zhongkao/<int:year>/ranks")
@policy(PUBLIC)
@carried()
def ranks_data(year: int) -> dict[str, Any]:
    """位次表 as data: the first and last place of each score; `?banner=` for one banner."""
    banner = request.args.get("banner")
    return {"year": year, "banner": banner, "rows": ranks(year, banner)}


@pages.get("/api/zhongkao/<int:year>/timetable")
@policy(PUBLIC)
@carried()
def timetable(year: int) -> dict[str, Any]:
    """The sessions with their bands, as they stand after extensions."""
    return {"year": year, "sessions": timetable_of(year)}


@pages.get("/api/zhongkao/<int:year>/statistics")
@policy(PUBLIC)
@carried()
def statistics(year: int) -> dict[str, Any]:
    """The published readings in seven columns; `?session=` for one session."""
    return {"year": year, "readings": statistics_of(year, request.args.get("session"))}


@pages.get("/api/zhongkao/<int:year>/forecasts/<session>")
@policy(PUBLIC)
@carried()
def forecasts_data(year: int, session: str) -> dict[str, Any]:
    """A reading's forecasts with all they were made of; `?at=` names the reading, the newest without it."""
    return forecast_told(year, session, request.args.get("at"))


@pages.get("/api/zhongkao/<int:year>/forecast-scores")
@policy(PUBLIC)
@carried()
def forecast_scores_data(year: int) -> dict[str, Any]:
    """How good the forecasts of published sessions were, reading by reading."""
    return {"year": year, "readings": forecast_scores(year)}


@pages.get("/api/zhongkao/<int:year>/results/<unit>")
@policy(PUBLIC)
@carried()
def results(year: int, unit: str) -> dict[str, Any]:
    """What the published admissions of a unit came to: counts, the lowest admitted; nobody's name."""
    return results_of(year, unit)
