"""Whose turn it is to be asked: rate, quota and the breaker of one department, as values (domain 2.11, promises 4.5).

A department that is away is not asked again and again: after failures of several different questions its line is
closed for a while, then one question tries it. Waiting for a turn costs a question none of its tries.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from backend.verification.rules.lines import Line

FAILURES_THAT_CLOSE = 5
"""So many different questions in a row; one question that a department chokes on closes nothing."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 15, 300
PROBE_S = 15
"""How long the others wait for the one question that tries a closed line."""
BURST = timedelta(seconds=1)


@dataclass(frozen=True)
class Standing:
    """How a department's line stands.

    `asked` questions on `day` (YYYY-MM-DD); `next_at` is when the rate lets the next one go, `queue_at` the place of
    the last question that was sent away; `failing` the questions that failed since the last answer; `closed_until`
    and `closures` (in a row) belong to the breaker.
    """

    day: str = ""
    asked: int = 0
    next_at: datetime | None = None
    queue_at: datetime | None = None
    failing: tuple[str, ...] = field(default_factory=tuple)
    closed_until: datetime | None = None
    closures: int = 0


@dataclass(frozen=True)
class Turn:
    """Ask now (`come_back_at` is None), or come back then because the line is `why`: closed, over-quota or busy."""

    standing: Standing
    come_back_at: datetime | None = None
    why: str = ""


def take_turn(line: Line, standing: Standing, now: datetime) -> Turn:
    """The turn of one more question at `now`."""
    day = now.date().isoformat()
    if standing.day != day:
        standing = replace(standing, day=day, asked=0)
    if standing.closed_until is not None and now < standing.closed_until:
        return _sent_away(line, standing, standing.closed_until, "closed")
    if standing.asked >= line.quota:
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return _sent_away(line, standing, midnight, "over-quota")
    next_at = max(standing.next_at or now, now)
    if next_at - now > BURST:
        return _sent_away(line, standing, next_at, "busy")
    tried = replace(standing, asked=standing.asked + 1, next_at=next_at + _step(line))
    if standing.closures:
        tried = replace(tried, closed_until=now + timedelta(seconds=PROBE_S))
    return Turn(tried)


def after_answer(standing: Standing) -> Standing:
    """The department answered, whatever it said: its line is open."""
    return replace(standing, failing=(), closed_until=None, closures=0)


def after_failure(standing: Standing, now: datetime, question: str, retry_after_s: int = 0) -> Standing:
    """The question failed; the line closes after enough different ones, at once where the department says for how long."""
    failing = (*(each for each in standing.failing if each != question), question)[-FAILURES_THAT_CLOSE:]
    if len(failing) < FAILURES_THAT_CLOSE and not standing.closures and not retry_after_s:
        return replace(standing, failing=failing)
    closures = standing.closures + 1
    pause = max(retry_after_s, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (closures - 1)))
    return replace(standing, failing=failing, closures=closures, closed_until=now + timedelta(seconds=pause))


def _sent_away(line: Line, standing: Standing, until: datetime, why: str) -> Turn:
    """Those sent away come back one after the other at the line's rate, not all in one instant."""
    queue_at = max(standing.queue_at or until, until) + _step(line)
    return Turn(replace(standing, queue_at=queue_at), queue_at, why)


def _step(line: Line) -> timedelta:
    return timedelta(seconds=1) / line.rate
