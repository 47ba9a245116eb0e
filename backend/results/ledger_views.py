"""The ledger as its doors show it: the seasons with their heads, a season's decisions by name, a folder as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.rules.roles import CITY
from backend.policy.books_in_force import book_of_hash
from backend.policy.places import school_named
from backend.policy.rules.facts import STAGES
from backend.publication.rows import LedgerEntry, Run
from backend.publication.scopes import place_of, round_of, stage_of
from backend.zhongkao.exam_places import rule_of_session, session_named
from backend.zhongkao.freeze_admission import KIND as EXAM_ADMISSION

STATEMENTS = {
    "rule-book": "规则册",
    "special-case": "特殊情况（一名学生）",
    "correction": "更正（一名学生）",
    "transfer": "转学（一名学生）",
    "interview": "民办学校面谈（一名学生）",
    "ceremony": "抽签仪式（见证人的承诺）",
    "withdrawn": "撤回的名单",
    "waiting-list": "候补递补（一名学生）",
    "filing": "公示期满备案",
    "class-plan": "分班方案",
    "class-move": "班级变动（一名学生）",
}
PLACED, FORMED, DRAWN = "派位", "分班", "民办抽签"


def seasons_view() -> list[dict[str, Any]]:
    """Every season, the newest first: its name, its head (the hash to post elsewhere) and its decisions in order."""
    seasons = db.session.execute(select(LedgerEntry.season).distinct().order_by(LedgerEntry.season.desc())).scalars()
    return [_season_view(season) for season in list(seasons)]


def _season_view(season: str) -> dict[str, Any]:
    found = db.session.execute(
        select(
            LedgerEntry.number,
            LedgerEntry.entry,
            LedgerEntry.entered_at,
            LedgerEntry.hash,
            LedgerEntry.shown["rules.json"].astext.label("rules"),
            Run.scope,
        )
        .outerjoin(Run, Run.id == LedgerEntry.run_id)
        .where(LedgerEntry.season == season)
        .order_by(LedgerEntry.number)
    )
    decisions = [
        {
            "number": row.number,
            "kind": row.entry["kind"],
            "path": row.entry["path"],
            "title": _title(row.entry["kind"], json.loads(row.rules), row.scope),
            "people": row.entry["roots"]["input"]["rows"],
            "corrects": json.loads(row.rules)["corrects"],
            "entered_at": row.entered_at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
            "hash": row.hash,
        }
        for row in found
    ]
    return {"season": season, "head": decisions[-1]["hash"], "decisions": decisions}


def _title(kind: str, rules: Mapping[str, Any], scope: str | None) -> str:
    """What was decided, in a parent's words."""
    if scope is None:
        told = rules["rule"]
        if told.get("banner") == CITY:
            return f"{told['year']} 年中考 {STATEMENTS[told['decided']]}"
        book = book_of_hash(rules["rule_book_sha256"])
        about = str(told.get("scope", "/"))
        school, stage = school_named(place_of(about)), STAGES.get(about.split("/")[1], "")
        place = school.name if school else book.banner_name
        return " ".join(part for part in (place, stage, STATEMENTS[told["decided"]]) if part)
    return run_title(kind, scope, rules["rule_book_sha256"])


def run_title(kind: str, scope: str, book_sha256: str) -> str:
    """What a run decides, in a parent's words; the hash is that of the rules it was decided by."""
    if kind == EXAM_ADMISSION:
        _, code, year = scope.split("/")
        session = rule_of_session(session_named(int(year), code))
        return f"{year} 年中考 {session.name} 录取"
    if kind == "placement":
        book = book_of_hash(book_sha256)
        number = round_of(scope)
        return f"{book.banner_name} {STAGES[stage_of(scope)]} {PLACED}" + (f"（第{number}轮）" if number > 1 else "")
    school = school_named(place_of(scope))
    return f"{school.name if school else place_of(scope)} {DRAWN if kind == 'draw' else FORMED}"


def folder_view(season: str, folder: Mapping[str, bytes]) -> dict[str, Any]:
    """A folder as JSON: its head, and every file as the text that stands in it, by path."""
    manifest = json.loads(folder["manifest.json"])
    return {
        "season": season,
        "level": manifest["level"],
        "head": manifest["decisions"][-1]["hash"],
        "files": {path: data.decode() for path, data in folder.items()},
    }
