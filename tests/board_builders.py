"""A listed session of any size, written straight into the record: what boards, trials and measurements stand on."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Connection, text

from backend.foundation import clock
from backend.identity.candidate_tokens import CandidateToken, write_candidate_token
from backend.zhongkao.board.boards import write_index
from backend.zhongkao.board.live_board import Fixed, LiveBoard
from backend.zhongkao.board.publish import Publisher
from backend.zhongkao.rules.exam_rules import rules_sha256
from tests.exam_builders import rules_content

YEAR = 2031


@dataclass(frozen=True)
class Listed:
    """The rows of a session by their order: candidates best first, units by code."""

    session: int
    candidates: list[int]
    totals: list[int]
    standings: list[int]
    units: list[int]
    plans: list[int]
    bands: list[int]
    logins: list[int]


_PEOPLE = """
INSERT INTO exam_candidate (year, subject, exam_index, exam_number_sealed, name_sealed, junior, school_banner,
  household_banner, attends, outside, fresh, tags, subjects, total, ties, standing, position)
SELECT :year, gen_random_uuid(), decode(md5(:year || '/' || :code || '/' || n.position), 'hex'), '', '', 'J01',
  '150603', '150603', true, false, true, '[]', '{}', n.total, '[]', n.standing, :first + n.position
FROM unnest(CAST(:totals AS int[]), CAST(:standings AS int[])) WITH ORDINALITY AS n(total, standing, position)
ORDER BY n.position RETURNING id
"""


def list_session(
    connection: Connection,
    totals: list[int],
    plans: list[int],
    *,
    bands: list[tuple[int | None, int | None]] | None = None,
    opened: datetime | None = None,
    closes: datetime | None = None,
    code: str = "general-1",
    grace_seconds: int = 5,
) -> Listed:
    """Candidates with these totals (hundredths) and units with these plans, choosing open now for an hour."""
    now = clock.now()
    opened, closes = opened or now - timedelta(hours=1), closes or now + timedelta(hours=1)
    best_first = sorted(totals, reverse=True)
    standing_of = {total: standing for standing, total in enumerate(sorted(set(totals), reverse=True))}
    standings = [standing_of[total] for total in best_first]
    content = rules_content(grace_seconds=grace_seconds)
    content["sessions"][0]["code"] = code
    facts = {"content": json.dumps(content), "year": YEAR, "code": code, "now": now, "opened": opened, "closes": closes}
    first = _one(connection, "SELECT coalesce(max(position) + 1, 0) FROM exam_candidate WHERE year = :year", facts)
    people = _all(connection, _PEOPLE, facts | {"totals": best_first, "standings": standings, "first": first})
    session = _session(connection, facts)
    units = [
        _unit(connection, facts | {"unit": f"U{number:04d}", "session": session, "plan": plan})
        for number, plan in enumerate(plans, start=1)
    ]
    bounds = bands or [(None, None)]
    made = [
        _band(connection, facts | {"session": session, "number": number, "lowest": lowest, "below": below})
        for number, (lowest, below) in enumerate(bounds)
    ]
    of_band = [made[_band_index(bounds, total)] for total in best_first]
    _all(
        connection,
        "INSERT INTO exam_choice (session_id, candidate_id, band_id, version) SELECT :session, n.candidate, n.band, 0 "
        "FROM unnest(CAST(:people AS bigint[]), CAST(:bands AS bigint[])) AS n(candidate, band) RETURNING candidate_id",
        {"session": session, "people": people, "bands": of_band},
    )
    logins = _all(
        connection,
        "INSERT INTO candidate_login (candidate_id, device_sha256, needs_code, made_at, ends_at) "
        "SELECT n.candidate, '\\x00', false, :now, CAST(:now AS timestamptz) + interval '1 day' "
        "FROM unnest(CAST(:people AS bigint[])) WITH ORDINALITY AS n(candidate, place) ORDER BY place RETURNING id",
        {"people": people, "now": now},
    )
    return Listed(session, people, best_first, standings, units, plans, made, logins)


def _session(connection: Connection, facts: dict[str, Any]) -> int:
    account = _one(
        connection,
        "INSERT INTO account (id, kind, made_at, language) VALUES (gen_random_uuid(), 'official', :now, 'zh-CN') "
        "RETURNING id",
        facts,
    )
    rules = _one(
        connection,
        "INSERT INTO exam_rules (year, version, sha256, content, reason, published_at, published_by) SELECT :year, "
        "coalesce(max(version), 0) + 1, :sha256, CAST(:content AS jsonb), 'test', :now, :account FROM exam_rules WHERE year = :year RETURNING id",
        facts | {"account": account, "sha256": rules_sha256(json.loads(facts["content"]))},
    )
    return _one(
        connection,
        "INSERT INTO exam_session (year, code, category, round, rules_id, state, listed_at, edition) "
        "SELECT :year, :code, 'general', coalesce(max(round), 0) + 1, :rules, 'listed', :now, 1 "
        "FROM exam_session WHERE year = :year AND category = 'general' RETURNING id",
        facts | {"rules": rules},
    )


def _unit(connection: Connection, facts: dict[str, Any]) -> int:
    unit = _one(
        connection,
        "INSERT INTO exam_unit (year, code, school, name, banner, category, language, origin, plan, terms) VALUES "
        "(:year, :code || '/' || :unit, 'S', '学校 ' || :unit, '150603', 'general', 'zh', 'city', :plan, '{}') "
        "RETURNING id",
        facts,
    )
    _one(
        connection,
        "INSERT INTO session_unit (session_id, unit_id, plan, made_of) VALUES (:session, :id, :plan, '{}') "
        "RETURNING unit_id",
        facts | {"id": unit},
    )
    return unit


def _band(connection: Connection, facts: dict[str, Any]) -> int:
    return _one(
        connection,
        "INSERT INTO exam_band (session_id, number, lowest, below, open_at, close_at, planned_close_at) VALUES "
        "(:session, :number, :lowest, :below, :opened, :closes, :closes) RETURNING id",
        facts,
    )


def _band_index(bounds: list[tuple[int | None, int | None]], total: int) -> int:
    return next(
        index
        for index, (lowest, below) in enumerate(bounds)
        if (lowest is None or lowest <= total) and (below is None or total < below)
    )


def _all(connection: Connection, statement: str, facts: dict[str, Any]) -> list[Any]:
    return list(connection.execute(text(statement), facts).scalars())


def _one(connection: Connection, statement: str, facts: dict[str, Any]) -> Any:
    return connection.execute(text(statement), facts).scalar_one()


class Painted:
    """A board without a record: what everybody holds is said here and published at once."""

    def __init__(self, root: Path, people: int, plans: list[int], *, session: int = 1) -> None:
        units = [
            {"id": n, "code": f"U{n}" if n else "", "name": f"学校 {n}", "school": "S", "plan": plan}
            for n, plan in enumerate([0, *plans])
        ]
        band = {"id": 1, "number": 0, "open_at": 0, "close_at": 2**42}
        said = {
            "session": session,
            "code": "general-1",
            "name": "普通类",
            "category": "general",
            "year": YEAR,
            "units": units,
            "bands": [band],
            "paused": False,
        }
        totals = np.linspace(70000, 20000, people).astype(np.uint32)
        self.board = LiveBoard(
            Fixed(
                said,
                np.arange(1, people + 1, dtype=np.uint64),
                np.arange(people),
                totals,
                np.ones(people, dtype=np.uint16),
            )
        )
        self.root, self.ended, self.book = root, list[int](), 1
        self.publisher = Publisher(root / str(session))
        self.publisher.book(1, self.board.book_parts(1))
        self.publish()
        write_index(root, [session])

    def hold(self, position: int, unit: int) -> None:
        """Let somebody hold a unit by its number; seen with the next version."""
        self.board.choice[position] = unit
        self.board.changes[position] += 1

    def pause(self) -> None:
        """Choosing stops: a book that says so, and the next version with it."""
        self.board.fixed.said["paused"] = True
        self.book += 1
        self.publisher.book(self.book, self.board.book_parts(self.book))
        self.publish()

    def publish(self) -> int:
        """The next version."""
        version, at = self.publisher.version + 1, clock.machine_milliseconds()
        parts = self.board.snapshot_parts(version, self.book, at, self.board.ranks(), self.ended)
        self.publisher.snapshot(version, parts, self.book)
        self.publisher.confirm(at, 0)
        return version


def token_of_position(position: int, key: bytes, *, ends_at: int = 2**40, login: int | None = None) -> str:
    """The token of the candidate at this position of a painted board."""
    said = CandidateToken(
        position + 1, position + 1 if login is None else login, YEAR, False, ends_at, UUID(int=position)
    )
    return write_candidate_token(said, key)
