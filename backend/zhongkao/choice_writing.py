"""Write a batch of judged wishes: one row each in the log, the new state of each choice that changed.

The rows of a batch travel as one JSON text: a dozen arrays would cost the writer's one thread several times as much.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.foundation.one_message import Statement, array
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
FROM json_to_recordset(CAST(%(asked)s AS json)) AS asked(candidate bigint, key text)
JOIN LATERAL (
    SELECT * FROM exam_change e WHERE e.candidate_id = asked.candidate AND e.request_key = asked.key OFFSET 0
) AS c ON true
"""
"""Each key is looked up by its index, whatever the planner believes of how many there are."""
_NUMBERS = "SELECT nextval('exam_change_id_seq') AS id FROM generate_series(1, %(many)s)"
"""Ids in the order of the wishes: an INSERT's own would be in no promised order."""


def answered_earlier(asked: Sequence[tuple[int, str]]) -> Statement:
    """The statement that finds what was answered before under these (candidate, request key) pairs."""
    return _EARLIER, {"asked": json.dumps([{"candidate": who, "key": key} for who, key in asked])}


def earlier_from(found: Sequence[Any]) -> dict[tuple[int, str], Earlier]:
    """What was answered before, by candidate and request key."""
    return {
        (row.candidate_id, row.request_key): Earlier(
            row.action, row.unit_id, row.before_unit_id, row.refused, row.version, row.arrived_at, row.id
        )
        for row in found
    }


def numbers_for(many: int) -> Statement:
    """The statement that takes so many ids of the log, ascending as `sorted` gives them."""
    return _NUMBERS, {"many": many}


_LOG = """
INSERT INTO exam_change (id, session_id, candidate_id, arrived_at, action, unit_id, before_unit_id, refused, version,
                         source, device, login_id, request_key, kept_at)
SELECT n.id, %(session)s, n.candidate, n.at, n.action, n.unit, n.before, n.refused, n.version, n.source,
       coalesce(decode(n.device, 'hex'), (SELECT l.device_sha256 FROM candidate_login l WHERE l.id = n.login)),
       n.login, n.key, %(now)s
FROM json_to_recordset(CAST(%(log_rows)s AS json))
     AS n(id bigint, candidate bigint, at timestamptz, action text, unit bigint, before bigint, refused text,
          version int, source text, device text, login bigint, key text)
"""
_ORDERS_END = """
UPDATE standing_order SET ended_at = %(now)s
WHERE session_id = %(session)s AND ended_at IS NULL AND candidate_id = ANY(CAST(%(choosing)s AS bigint[]))
"""
_STATE = """
UPDATE exam_choice SET unit_id = n.unit, version = n.version, changed_at = n.changed_at, judged_at = n.judged_at
FROM json_to_recordset(CAST(%(choice_rows)s AS json))
     AS n(candidate bigint, unit bigint, version int, changed_at timestamptz, judged_at timestamptz)
WHERE exam_choice.session_id = %(session)s AND exam_choice.candidate_id = n.candidate
      AND exam_choice.candidate_id = ANY(CAST(%(changed)s AS bigint[]))
"""
"""The list of people leads the planner to the index: of a batch's size it knows nothing, and would read everybody."""


def changes_written(
    session_id: int, now: datetime, judged: Sequence[tuple[Wish, Kept]], rows: Mapping[int, Row]
) -> list[Statement]:
    """The statements that write the judged wishes, each under its number, and the choices they changed.

    Whoever chooses for himself has taken his standing order back.
    """
    if not judged:
        return []
    statements: list[Statement] = [(_LOG, {"session": session_id, "now": now, "log_rows": _log_rows(judged)})]
    changed = [row for row in rows.values() if row.is_changed]
    if changed:
        people = array(row.candidate_id for row in changed)
        statements.append((_STATE, {"session": session_id, "choice_rows": _choice_rows(changed), "changed": people}))
    own = [wish.candidate_id for wish, kept in judged if kept.refused is None and wish.source == "candidate"]
    if own:
        statements.append((_ORDERS_END, {"session": session_id, "now": now, "choosing": array(own)}))
    return statements


def _log_rows(judged: Sequence[tuple[Wish, Kept]]) -> str:
    return json.dumps(
        [
            {
                "id": kept.change_id,
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
            for wish, kept in judged
        ]
    )


def _choice_rows(changed: Sequence[Row]) -> str:
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
