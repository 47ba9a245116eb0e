"""What the engine reads of the record: the fixed facts of a session, what everybody holds, what changed since.

Every look is one statement, so it is one committed snapshot of PostgreSQL, and the snapshot's own text comes with it.
Transactions commit in another order than they begin: what is read again from `horizon` on can never be skipped.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from backend.foundation.one_message import Statement, in_one_message
from backend.zhongkao.board.live_board import Fixed, Held

NOBODYS = {"id": 0, "code": "", "name": "", "school": "", "plan": 0}


@dataclass(frozen=True, slots=True)
class Look:
    """What one statement saw: PostgreSQL's snapshot as text, and the choices in it."""

    cut: str
    held: list[Held]

    @property
    def horizon(self) -> int:
        """Every transaction below it is finished: nothing older can still appear."""
        return int(self.cut.split(":", 1)[0])


def listed_sessions(connection: Connection) -> list[int]:
    """The sessions in which live choices are made or stand, the one listed last first."""
    found = connection.execute(
        text(
            "SELECT s.id FROM exam_session s JOIN exam_rules r ON r.id = s.rules_id WHERE s.state IN ('listed', 'closed') "
            "AND r.content ->> 'engine' IS DISTINCT FROM 'parallel' ORDER BY s.listed_at DESC, s.id DESC"
        )
    )
    return list(found.scalars())


def fixed_facts(connection: Connection, session_id: int) -> Fixed:
    """The session's units, bands and candidates, best first."""
    people = connection.execute(text(_PEOPLE), {"session": session_id}).all()
    session = connection.execute(text(_SESSION), {"session": session_id}).one()
    bands = _rows(connection, _BANDS, session_id)
    index_of = {band["id"]: index for index, band in enumerate(bands, start=1)}
    said = {
        "session": session.id,
        "code": session.code,
        "name": session.name,
        "category": session.category,
        "year": session.year,
        "units": [NOBODYS, *_rows(connection, _UNITS, session_id)],
        "bands": [{name: _plain(value) for name, value in band.items()} for band in bands],
        "paused": session.paused_at is not None,
    }
    ids = np.array([row.id for row in people], dtype=np.uint64)
    return Fixed(
        said | {"order": hashlib.sha256(ids.tobytes()).hexdigest()[:16]},
        ids,
        np.array([row.standing for row in people], dtype=np.int64),
        np.array([row.total for row in people], dtype=np.uint32),
        np.array([index_of.get(row.band_id, 0) for row in people], dtype=np.uint16),
    )


_PEOPLE = """
SELECT p.id, p.standing, p.total, c.band_id FROM exam_choice c JOIN exam_candidate p ON p.id = c.candidate_id
WHERE c.session_id = :session AND p.position IS NOT NULL ORDER BY p.position
"""
_SESSION = """
SELECT s.id, s.year, s.code, s.category, s.paused_at, rule ->> 'name' AS name
FROM exam_session s JOIN exam_rules r ON r.id = s.rules_id, jsonb_array_elements(r.content -> 'sessions') AS rule
WHERE s.id = :session AND rule ->> 'code' = s.code
"""
_BANDS = """
SELECT id, number, lowest, below, open_at, close_at, closed_at FROM exam_band WHERE session_id = :session ORDER BY number
"""
_UNITS = """
SELECT u.id, u.code, u.name, u.school, s.plan FROM session_unit s JOIN exam_unit u ON u.id = s.unit_id
WHERE s.session_id = :session ORDER BY u.code COLLATE "C"
"""


def fingerprint(connection: Connection, session_id: int) -> tuple[Any, ...]:
    """Something that changes whenever the fixed facts do: the session's edition, its state, a band that was closed."""
    return tuple(connection.execute(text(_FINGERPRINT), {"session": session_id}).one())


_FINGERPRINT = """
SELECT edition, state, (SELECT count(closed_at) FROM exam_band WHERE session_id = :session) FROM exam_session
WHERE id = :session
"""


def everything_held(connection: Connection, session_id: int) -> Look:
    """What everybody holds, in one snapshot: where an engine begins."""
    found = connection.execute(
        text(
            "SELECT pg_current_snapshot()::text AS cut, c.candidate_id, c.unit_id, c.version "
            "FROM (SELECT 1) AS always LEFT JOIN exam_choice c ON c.session_id = :session AND c.version > 0"
        ),
        {"session": session_id},
    ).all()
    return look_of(found)


_CHANGED = """
SELECT pg_current_snapshot()::text AS cut, c.candidate_id, c.version,
       CASE WHEN c.action = 'choose' THEN c.unit_id END AS unit_id
FROM (SELECT 1) AS always LEFT JOIN exam_change c
     ON c.session_id = %(session)s AND c.written_in >= %(horizon)s AND c.refused IS NULL
"""


def changes_from(session_id: int, horizon: int) -> Statement:
    """The statement that looks at the accepted changes of transactions from `horizon` on; known ones may come again."""
    return _CHANGED, {"session": session_id, "horizon": horizon}


def changed_since(connection: Connection, session_id: int, horizon: int) -> Look:
    """The accepted changes of transactions from `horizon` on, in one snapshot."""
    return look_of(in_one_message(connection, [changes_from(session_id, horizon)])[0])


def ended_logins(connection: Connection, moment: datetime) -> list[int]:
    """The log-ins that were ended and whose tokens would still be good."""
    found = connection.execute(
        text("SELECT id FROM candidate_login WHERE ended_at IS NOT NULL AND ends_at > :moment ORDER BY id"),
        {"moment": moment},
    )
    return list(found.scalars())


def look_of(rows: Sequence[Any]) -> Look:
    """What the rows of one look say."""
    held = [Held(row.candidate_id, row.unit_id, row.version) for row in rows if row.candidate_id is not None]
    return Look(rows[0].cut, held)


def newest_version(connection: Connection, session_id: int) -> int:
    """The highest number a version of this session has had, 0 before the first."""
    found = connection.execute(
        text("SELECT coalesce(max(version), 0) FROM board_version WHERE session_id = :session"),
        {"session": session_id},
    )
    return int(found.scalar_one())


def _rows(connection: Connection, statement: str, session_id: int) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(text(statement), {"session": session_id}).mappings()]


def _plain(value: Any) -> Any:
    return round(value.timestamp() * 1000) if isinstance(value, datetime) else value
