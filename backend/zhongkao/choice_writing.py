"""Write a batch of judged wishes: one row each in the log, the new state of each choice that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from backend.zhongkao.choice_ground import Row

if TYPE_CHECKING:
    from backend.zhongkao.change_choice import Kept, Wish

TRANSIENT = frozenset({"paused", "closed-before-kept"})
"""Refusals that say nothing about the wish itself: its request key stays free, and the same request may succeed later."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the record says of a request key that was answered before."""

    action: str
    unit_id: int | None
    before_unit_id: int | None
    refused: str | None
    version: int
    arrived_at: datetime
    change_id: int | None


_EARLIER = """
SELECT c.candidate_id, c.request_key, c.action, c.unit_id, c.before_unit_id, c.refused, c.version, c.arrived_at, c.id
FROM unnest(CAST(:people AS bigint[]), CAST(:keys AS text[])) AS asked(candidate, key)
JOIN exam_change c ON c.candidate_id = asked.candidate AND c.request_key = asked.key
"""


def read_earlier(connection: Connection, asked: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Earlier]:
    """What was answered before under these (candidate, request key) pairs."""
    found = connection.execute(text(_EARLIER), {"people": [who for who, _ in asked], "keys": [key for _, key in asked]})
    return {
        (row.candidate_id, row.request_key): Earlier(
            row.action, row.unit_id, row.before_unit_id, row.refused, row.version, row.arrived_at, row.id
        )
        for row in found
    }


_LOG = """
INSERT INTO exam_change (id, session_id, candidate_id, arrived_at, action, unit_id, before_unit_id, refused, version,
                         source, device, login_id, request_key, kept_at)
SELECT n.id, :session, n.candidate, n.at, n.action, n.unit, n.before, n.refused, n.version, n.source,
       coalesce(n.device, l.device_sha256), n.login, n.key, :now
FROM unnest(CAST(:ids AS bigint[]), CAST(:candidates AS bigint[]), CAST(:ats AS timestamptz[]),
            CAST(:actions AS text[]), CAST(:units AS bigint[]), CAST(:befores AS bigint[]), CAST(:refusals AS text[]),
            CAST(:versions AS int[]), CAST(:sources AS text[]), CAST(:devices AS bytea[]), CAST(:logins AS bigint[]),
            CAST(:keys AS text[]))
     AS n(id, candidate, at, action, unit, before, refused, version, source, device, login, key)
     LEFT JOIN candidate_login l ON l.id = n.login
"""
_ORDERS_END = """
UPDATE standing_order SET ended_at = :now
WHERE session_id = :session AND ended_at IS NULL AND candidate_id = ANY(CAST(:candidates AS bigint[]))
"""
_STATE = """
UPDATE exam_choice SET unit_id = n.unit, version = n.version, changed_at = n.changed_at, judged_at = n.judged_at
FROM unnest(CAST(:candidates AS bigint[]), CAST(:units AS bigint[]), CAST(:versions AS int[]),
            CAST(:changed AS timestamptz[]), CAST(:judged AS timestamptz[]))
     AS n(candidate, unit, version, changed_at, judged_at)
WHERE exam_choice.session_id = :session AND exam_choice.candidate_id = n.candidate
"""


def write_changes(
    connection: Connection,
    session_id: int,
    now: datetime,
    judged: Sequence[tuple["Wish", "Kept"]],
    rows: Mapping[int, Row],
) -> list[int]:
    """Write the judged wishes in their order and the choices they changed; the ids of the log's rows, ascending.

    Whoever chooses for himself has taken his standing order back.
    """
    if not judged:
        return []
    ids = _next_ids(connection, len(judged))
    connection.execute(text(_LOG), {"session": session_id, "now": now, "ids": ids} | _columns(judged))
    changed = [row for row in rows.values() if row.is_changed]
    if changed:
        connection.execute(
            text(_STATE),
            {
                "session": session_id,
                "candidates": [row.candidate_id for row in changed],
                "units": [row.unit_id for row in changed],
                "versions": [row.version for row in changed],
                "changed": [row.changed_at for row in changed],
                "judged": [row.judged_at for row in changed],
            },
        )
    own = [wish.candidate_id for wish, kept in judged if kept.refused is None and wish.source == "candidate"]
    if own:
        connection.execute(text(_ORDERS_END), {"session": session_id, "now": now, "candidates": own})
    return ids


def _next_ids(connection: Connection, many: int) -> list[int]:
    """Ids in the order of the wishes: an INSERT's own would be in no promised order."""
    sequence = "nextval(pg_get_serial_sequence('exam_change', 'id'))"
    found = connection.execute(text(f"SELECT {sequence} FROM generate_series(1, :many)"), {"many": many})  # noqa: S608  # no value of a request in it
    return sorted(found.scalars())


def _columns(judged: Sequence[tuple["Wish", "Kept"]]) -> dict[str, list[object]]:
    return {
        "candidates": [wish.candidate_id for wish, _ in judged],
        "ats": [kept.arrived_at for _, kept in judged],
        "actions": [wish.action for wish, _ in judged],
        "units": [None if kept.refused == "unknown-unit" else wish.unit_id for wish, kept in judged],
        "befores": [kept.before_unit_id for _, kept in judged],
        "refusals": [kept.refused for _, kept in judged],
        "versions": [kept.version for _, kept in judged],
        "sources": [wish.source for wish, _ in judged],
        "devices": [wish.device for wish, _ in judged],
        "logins": [wish.login_id for wish, _ in judged],
        "keys": [None if kept.refused in TRANSIENT else wish.request_key for wish, kept in judged],
    }
