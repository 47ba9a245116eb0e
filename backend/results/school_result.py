"""A school's result for everybody: counts, seat types, the last admitted by keys, receipts; no name, no birth date.

The fields are an allow-list (promises D16): what is not named here cannot come out.
"""

import uuid
from collections import Counter
from typing import Any

from sqlalchemy import select

from backend.classes.standing import sizes_now
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.placement.file_results import posted_until
from backend.placement.pre_admission import filings_of
from backend.placement.rounds import published_rounds
from backend.placement.rows import PlacementRow
from backend.placement.stage_counts import public_counts
from backend.policy.books_in_force import book_of_hash
from backend.policy.places import plan_of, school_named
from backend.policy.rules.book import Book
from backend.policy.rules.facts import FACTS
from backend.policy.rules.seat_types import shown_classes
from backend.publication.rows import Run
from backend.publication.runs import published_run
from backend.publication.scopes import classes_scope

SHOWN_STATES = ("drawn", "offered", "confirmed", "declined", "lapsed")
HOLDING = ("drawn", "offered", "confirmed")


class ResultNotPublished(Refusal):
    """The school's result is not published yet; until then nobody sees a part of it."""

    code = "result-not-published"
    status = 404


def school_result(code: str) -> dict[str, Any]:
    """The published result of a school (C15). Raises ResultNotPublished, also for schools that do not exist.

    Hashes and seed are those of the first round; the others are in `rounds`.
    """
    school = school_named(code)
    if school is None:
        raise ResultNotPublished
    rounds = published_rounds(school.banner, school.stage)
    if not rounds:
        raise ResultNotPublished
    run, switch = rounds[0]
    book = book_of_hash(run.book_sha256)
    rows = _rows([each.id for each, _ in rounds], book.year, code)
    return {
        "school": code,
        "name": school.name,
        "year": book.year,
        "published_at": switch.switched_at.isoformat(),
        "run": str(run.id),
        "plan": plan_of(school.banner, school.stage).get(code, 0),
        "admitted": sum(row.state in HOLDING for row in rows),
        "by_seat_type": _by_seat_type(book, school.stage, rows),
        "cutoff": cutoff(book, [row for row in rows if row.run_id == run.id]),
        "rows": [
            {"no": row.receipt, "seat_type": row.reason.get("class"), "step": row.step, "position": _position(row)}
            for row in rows
        ],
        "classes": class_sizes(code, book.year),
        **public_counts(school.banner, school.stage),
        **_posting(school.banner, school.stage),
        **_hashes(run),
        "rounds": [
            {"run": str(each.id), "published_at": when.switched_at.isoformat(), "why": each.correction_reason}
            | _hashes(each)
            for each, when in rounds
        ],
    }


def _posting(banner: str, stage: str) -> dict[str, Any]:
    """Until when the result is posted, and when it was filed with the bureau, each time (E28)."""
    until = posted_until(banner, stage)
    return {
        "posted_until": until.isoformat() if until else None,
        "filed_at": [one.filed_at.isoformat() for one in filings_of(banner, stage)],
    }


def _hashes(run: Run) -> dict[str, str | None]:
    seed = run.ceremony["seed"] if run.ceremony else None
    return {"input_sha256": run.input_sha256, "output_sha256": run.output_sha256, "seed": seed}


def _rows(runs: list[uuid.UUID], year: int, school: str) -> list[PlacementRow]:
    """The rows that count, of published rounds and of committees, each child once."""
    found = db.session.execute(
        select(PlacementRow)
        .join(Application, Application.id == PlacementRow.application_id)
        .where(
            PlacementRow.school == school,
            PlacementRow.state.in_(SHOWN_STATES),
            Application.year == year,
            PlacementRow.run_id.in_(runs) | PlacementRow.proposal_id.is_not(None),
        )
        .order_by(PlacementRow.receipt)
    )
    return list(found.scalars())


def _by_seat_type(book: Book, stage: str, rows: list[PlacementRow]) -> list[dict[str, Any]]:
    counts = Counter(str(row.reason.get("class")) for row in rows if row.state in HOLDING)
    return [
        {"code": kind.code, "name": kind.name, "count": counts[kind.code]}
        for kind in shown_classes(book, stage)
        if counts[kind.code]
    ]


def _position(row: PlacementRow) -> int | None:
    """The place in the list; by choices there is none, and which choice it was is the family's own affair."""
    return None if "refused" in row.reason else row.position


def cutoff(book: Book, rows: list[PlacementRow]) -> dict[str, Any] | None:
    """The last admitted by seat type, keys and ticket: of the school's own list, by choices of the whole full school.

    With the three of the own card every family sees by itself whether it stands before it (wishes 4).
    """
    last = next((row.reason["last_in"] for row in rows if "refused" in row.reason), None)
    zone_rows = [row for row in rows if row.step == "zone" and row.position is not None]
    if zone_rows:
        last = max(zone_rows, key=lambda row: row.position or 0).reason
    if last is None:
        return None
    names = {key.key: FACTS[key.fact].name for key in book.order}
    keys = {names.get(key, key): value for key, value in (last.get("keys") or {}).items() if value is not None}
    return {"seat_type": last.get("class"), "keys": keys, "ticket": last.get("ticket")}


def class_sizes(school: str, year: int) -> list[dict[str, Any]]:
    """The sizes of the school's published classes of a year as they stand now, empty before the publication."""
    run = published_run("classes", classes_scope(school, year))
    if run is None:
        return []
    return [{"class": number, "size": size} for number, size in sizes_now(run).items()]
