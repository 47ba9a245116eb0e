"""Change what candidates hold: each wish judged at its arrival instant, under its band's lock, for one or for many.

`keep_wishes` is the one way into the record, whoever calls it: a web request with one wish, or a writer that gathers the
wishes of some milliseconds into one transaction. It never commits. What it answers is true once its caller's commit has
returned; a caller that cannot tell says "try again with the same key", and the key gives the same answer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from backend.foundation import clock
from backend.foundation.one_message import Statement, in_one_message
from backend.zhongkao.choice_ground import (
    Ground,
    Row,
    Standing,
    bands_held,
    rows_from,
    rows_locked,
    standing_from,
    windows_now,
)
from backend.zhongkao.choice_writing import Earlier, answered_earlier, changes_written, earlier_from, numbers_for
from backend.zhongkao.rules.eligibility import Terms, why_not
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.rules.judging import Refusal
from backend.zhongkao.wishes import Kept, Wish

NOT_ELIGIBLE = "not-eligible"
ADMITTED_EARLIER = "admitted-earlier"
OVERTAKEN = "overtaken"
CLOSED_BEFORE_KEPT = "closed-before-kept"
PAUSED = "paused"
LOGIN_ENDED = "login-ended"
KEY_REUSED = "request-key-reused"
OPEN_TO_ALL = Terms()
STATE_TOLD = frozenset({Refusal.LOCKED.value, Refusal.NOTHING_TO_CLEAR.value})
"""Refusals that depend on what the candidate held: a wish that arrived earlier may no longer be judged after them."""


def keep_wishes(connection: Connection, ground: Ground, wishes: Sequence[Wish]) -> list[Kept]:
    """Judge the wishes in the order given, write what became of each, and tell it in the same order.

    Locks are taken in one order (bands ascending and shared, then the choices by candidate), so callers never
    deadlock. A batch holds no request key twice. Judged by `rules.judging.Window`, the very code of `sunroll zhongkao
    replay`: replaying the written rows in the order of (arrived_at, id) gives what is held. Wishes of candidates who
    are not in the session are answered `unknown-candidate` and not written, having no row to be written under.
    """
    answers, writing = judge_wishes(ground, wishes, in_one_message(connection, asked_for(ground, wishes)))
    if writing:
        in_one_message(connection, writing)
    return answers


def asked_for(ground: Ground, wishes: Sequence[Wish]) -> list[Statement]:
    """The statements that lock and read what the wishes are judged on; they are sent together, in this order."""
    people = sorted({wish.candidate_id for wish in wishes})
    return [
        bands_held(ground.session_id, people),
        rows_locked(ground.session_id, people),
        windows_now(ground.session_id),
        answered_earlier([(wish.candidate_id, wish.request_key) for wish in wishes if wish.request_key]),
        numbers_for(len(wishes)),
    ]


def judge_wishes(
    ground: Ground, wishes: Sequence[Wish], told: Sequence[Sequence[Any]]
) -> tuple[list[Kept], list[Statement]]:
    """What becomes of each wish by what `asked_for` brought, and the statements that write it."""
    _, found, windows, before, numbers = told
    rows, standing, earlier = rows_from(found), standing_from(windows), earlier_from(before)
    free = iter(sorted(row.id for row in numbers))
    answers: list[Kept] = []
    written: list[tuple[Wish, Kept]] = []
    for wish in wishes:
        row, answered = rows.get(wish.candidate_id), earlier.get((wish.candidate_id, wish.request_key or ""))
        if answered is not None:
            answers.append(_again(wish, answered))
            continue
        kept = _judge(wish, row, ground, standing, next(free))
        answers.append(kept)
        if row is not None:
            _note(row, kept)
            written.append((wish, kept))
    return answers, changes_written(ground.session_id, clock.now(), written, rows)


def _again(wish: Wish, before: Earlier) -> Kept:
    """The answer that the key was given before; another wish under the same key is refused."""
    if (before.action, before.unit_id) != (wish.action, wish.unit_id if wish.action == "choose" else before.unit_id):
        return Kept(KEY_REUSED, None, None, 0, before.arrived_at)
    held = before.before_unit_id if before.refused else (before.unit_id if before.action == "choose" else None)
    return Kept(
        before.refused, held, before.before_unit_id, before.version, before.arrived_at, before.change_id, repeated=True
    )


def _judge(wish: Wish, row: Row | None, ground: Ground, standing: Standing, number: int) -> Kept:
    """What becomes of the wish; what is written is written under `number`."""
    at = wish.arrived_at.replace(microsecond=wish.arrived_at.microsecond // 1000 * 1000)
    if row is None:
        return Kept(Refusal.UNKNOWN_CANDIDATE.value, None, None, 0, at)
    refused = _refusal(wish, at, row, ground, standing)
    if refused is not None:
        return Kept(refused, row.unit_id, row.unit_id, row.version, at, number)
    return Kept(None, wish.unit_id if wish.action == "choose" else None, row.unit_id, row.version + 1, at, number)


def _refusal(wish: Wish, at: datetime, row: Row, ground: Ground, standing: Standing) -> str | None:
    """The refusal in the order of contract 4, with what only a live service can meet in between."""
    if wish.action == "choose" and wish.unit_id not in ground.units:
        return Refusal.UNKNOWN_UNIT.value
    band = None if row.band_id is None else standing.bands[row.band_id]
    if band is None:
        return Refusal.OUTSIDE_BAND_WINDOW.value
    told = band.window.judge(milliseconds(at), wish.action, holds_a_unit=row.unit_id is not None)
    if told is Refusal.OUTSIDE_BAND_WINDOW:
        return told.value
    if band.is_closed:
        return CLOSED_BEFORE_KEPT
    return _service_refusal(wish, at, row, ground, standing) or (told.value if told else None)


def _service_refusal(wish: Wish, at: datetime, row: Row, ground: Ground, standing: Standing) -> str | None:
    """What the record refuses before the locks of the window are asked; such wishes are no events of the session."""
    if standing.is_paused and wish.source == "candidate":
        return PAUSED
    if wish.login_id is not None and wish.login_id not in row.live_logins:
        return LOGIN_ENDED
    if row.locked_by is not None:
        return ADMITTED_EARLIER
    if row.judged_at is not None and at < row.judged_at:
        return OVERTAKEN
    if wish.action == "choose" and not _is_eligible(row, ground.units[wish.unit_id or 0].terms):
        return NOT_ELIGIBLE
    return None


def _is_eligible(row: Row, terms: Terms) -> bool:
    """A unit that asks for nothing is open to all, and nobody's papers need be looked at."""
    return terms == OPEN_TO_ALL or why_not(row.applicant, terms) is None


def _note(row: Row, kept: Kept) -> None:
    """Let the next wish of the same candidate in the batch meet what this one left."""
    if kept.refused is None:
        row.unit_id, row.version, row.changed_at = kept.unit_id, kept.version, kept.arrived_at
    if kept.refused is None or kept.refused in STATE_TOLD:
        row.judged_at = kept.arrived_at
        row.is_changed = True
