"""Write a batch of judged wishes: one row each in the log, the new state of each choice that changed.

The rows of a batch travel as one JSON text: a dozen arrays would cost the writer's one thread several times as much.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from backend.zhongkao.choice_ground import Row
from backend.zhongkao.wishes import Kept, Wish

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
FROM json_to_recordset(CAST(:asked AS json)) AS asked(candidate bigint, key text)
JOIN exam_change c ON c.candidate_id = asked.candidate AND c.request_key = asked.key
"""


def read_earlier(connection: Connection, asked: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Earlier]:
    """What was answered before under these (candidate, request key) pairs."""
    rows = json.dumps([{"candidate": who, "key": key} for who, key in asked])
    found = connection.execute(text(_EARLIER), {"asked": rows})
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
       coalesce(decode(n.device, 'hex'), (SELECT l.device_sha256 FROM candidate_login l WHERE l.id = n.login)),
       n.login, n.key, :now
FROM json_to_recordset(CAST(:rows AS json))
     AS n(id bigint, candidate bigint, at timestamptz, action text, unit bigint, before bigint, refused text,
          version int, source text, device text, login bigint, key text)
"""
_ORDERS_END = """
UPDATE standing_order SET ended_at = :now
WHERE session_id = :session AND ended_at IS NULL AND candidate_id = ANY(CAST(:candidates AS bigint[]))
"""
_STATE = """
UPDATE exam_choice SET unit_id = n.unit, version = n.version, changed_at = n.changed_at, judged_at = n.judged_at
FROM json_to_recordset(CAST(:rows AS json))
     AS n(candidate bigint, unit bigint, version int, changed_at timestamptz, judged_at timestamptz)
WHERE exam_choice.session_id = :session AND exam_choice.candidate_id = n.candidate
      AND exam_choice.candidate_id = ANY(CAST(:people AS bigint[]))
"""
"""The list of people leads the planner to the index: of a batch's size it knows nothing, and would read everybody."""


def write_changes(
    connection: Connection,
    session_id: int,
    now: datetime,
    judged: Sequence[tuple[Wish, Kept]],
    rows: Mapping[int, Row],
) -> list[int]:
    """Write the judged wishes in their order and the choices they changed; the ids of the log's rows, ascending.

    Whoever chooses for himself has taken his standing order back.
    """
    if not judged:
        return []
    ids = _next_ids(connection, len(judged))
    connection.execute(text(_LOG), {"session": session_id, "now": now, "rows": _log_rows(ids, judged)})
    changed = [row for row in rows.values() if row.is_changed]
    if changed:
        connection.execute(
            text(_STATE),
            {"session": session_id, "rows": _state_rows(changed), "people": [row.candidate_id for row in changed]},
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


def _log_rows(ids: Sequence[int], judged: Sequence[tuple[Wish, Kept]]) -> str:
    return json.dumps(
        [
            {
                "id": number,
                "candidate": wish.candidate_id,
                "at": kept.arrived_at.isoformat(),
                "action": wish.action,
                "unit": None if kept.refused == "unknown-unit" else wish.unit_id,
                "before": kept.before_unit_id,
                "refused": kept.refused,
                "version": kept.version,
                "source": wish.source,
                "device": None if wish.device is None else wish.device.hex(),
                "login": wish.login_id,
                "key": None if kept.refused in TRANSIENT else wish.request_key,
            }
            for number, (wish, kept) in zip(ids, judged, strict=True)
        ]
    )


def _state_rows(changed: Sequence[Row]) -> str:
    return json.dumps(
        [
            {
                "candidate": row.candidate_id,
                "unit": row.unit_id,
                "version": row.version,
                "changed_at": None if row.changed_at is None else row.changed_at.isoformat(),
                "judged_at": None if row.judged_at is None else row.judged_at.isoformat(),
            }
            for row in changed
        ]
    )
