"""What one candidate is told of his place, and what everybody is told of a unit: values of one version, ready for JSON.

He sees his own rank, how many stand level with him, the plan, the lowest inside, the age of the figures and the time
left in his band by the server's clock (A54); of others he sees numbers only.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from backend.foundation.clock import SHANGHAI
from backend.zhongkao.board.boards import Seat
from backend.zhongkao.board.layout import compact
from backend.zhongkao.board.reading import View
from backend.zhongkao.rules.live_ranks import NO_UNIT, NOBODY
from backend.zhongkao.rules.scores import HUNDREDTHS
from backend.zhongkao.rules.standing import Place

OWN = ("confirmed_at", "age_ms", "server_time", "rank", "level_with", "inside", "changes")
SCORE_STEP = 500
"""Public boards count by steps of five points, so that no step of a small unit is one child's score (P12)."""


@lru_cache(maxsize=4096)
def instant(milliseconds: int) -> str:
    """ISO 8601 at +08:00 with milliseconds."""
    seconds, rest = divmod(milliseconds, 1000)
    moment, offset = _second(seconds)
    return f"{moment}.{rest:03d}{offset}"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> tuple[str, str]:
    written = datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI).isoformat()
    return written[:19], written[19:]


def score(hundredths: int) -> str:
    """A score with two decimals, as phones show it: 65550 is "655.50"."""
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"


def lowest_inside(view: View, unit: int) -> str | None:
    """The total at the last place of the plan, None unless the plan is filled."""
    position = view.lowest[unit]
    return None if position == NOBODY else score(view.book.totals[position])


@dataclass(frozen=True, slots=True)
class Shown:
    """Which version figures are of and how old they are; times in ms since 1970."""

    version: int
    published_at: int
    confirmed_at: int
    server_time: int


@dataclass(frozen=True, slots=True)
class InUnit:
    """A candidate's place in a unit: what the book says of it, his place, the lowest inside (a total), who chose it."""

    about: Mapping[str, Any]
    place: Place
    lowest: str | None
    chosen: int


def standing_told(
    said: Mapping[str, Any],
    band: int,
    shown: Shown,
    held: InUnit | None,
    *,
    changes: int,
    what_if: bool = False,
) -> dict[str, Any]:
    """A standing as phones are told it. `said` is the book's, `band` counts its bands from 1 (0: none)."""
    told: dict[str, Any] = {
        "session": said["code"],
        "category": said["category"],
        "version": shown.version,
        "published_at": instant(shown.published_at),
        "confirmed_at": instant(shown.confirmed_at),
        "age_ms": max(0, shown.server_time - shown.confirmed_at),
        "server_time": instant(shown.server_time),
        "changes": changes,
        "closes_at": instant(said["bands"][band - 1]["close_at"]) if band else None,
        "paused": said["paused"],
        "what_if": what_if,
    }
    if held is None:
        nothing = ("unit", "school", "rank", "plan", "lowest_inside", "chosen_count")
        told |= dict.fromkeys(nothing) | {"level_with": 0, "inside": False}
        return told
    told |= {
        "unit": held.about["code"],
        "school": held.about["name"],
        "rank": held.place.rank,
        "level_with": held.place.level_with,
        "plan": held.about["plan"],
        "inside": held.place.admitted,
        "lowest_inside": held.lowest,
        "chosen_count": held.chosen,
    }
    return told


def standing_of(seat: Seat, unit: int | None = None) -> dict[str, Any]:
    """His standing in the unit he holds, or, given a unit's number, what it would be there (`what_if` is true then)."""
    view, position = seat.view, seat.position
    asked = view.choice[position] if unit is None else unit
    held = None
    if asked != NO_UNIT:
        place = view.place_in(position, asked)
        held = InUnit(view.book.units[asked], place, lowest_inside(view, asked), view.chosen[asked])
    return standing_told(
        view.book.said,
        view.book.bands[position],
        Shown(view.version, view.published_at, seat.confirmed_at, seat.server_time),
        held,
        changes=view.changes[position],
        what_if=asked != view.choice[position],
    )


def standing_json(seat: Seat) -> bytes:
    """`standing_of` as JSON. What all holders of a unit in a band share is written once a version."""
    view, position = seat.view, seat.position
    unit = view.choice[position]
    name = (unit, view.book.bands[position])
    shared = view.written.get(name)
    if shared is None:
        told = standing_of(seat)
        for own in OWN:
            del told[own]
        shared = view.written[name] = compact(told)[:-1]
    rank = view.rank[position]
    return b'%b,"confirmed_at":"%b","age_ms":%d,"server_time":"%b",%b}' % (
        shared,
        instant(seat.confirmed_at).encode(),
        seat.age_ms,
        instant(seat.server_time).encode(),
        own_json(view, position, rank),
    )


def own_json(view: View, position: int, rank: int) -> bytes:
    """What is his alone: rank, equals, whether inside, how many changes of his were accepted."""
    return b'"rank":%b,"level_with":%d,"inside":%b,"changes":%d' % (
        b"%d" % rank if rank else b"null",
        view.level_with[position],
        b"true" if 0 < rank <= view.book.units[view.choice[position]]["plan"] else b"false",
        view.changes[position],
    )


def unit_board(view: View, unit: int, confirmed_at: int) -> dict[str, Any]:
    """The public board of a unit: how many chose it at each score step, from the best down, and how many at it or above.

    Holders stand in the global order, totals falling: each step's end is looked for, no holder is counted one by one.
    """
    holders, totals = view.holders_of(unit), view.book.totals
    steps, above = [], 0
    while above < len(holders):
        step = totals[holders[above]] // SCORE_STEP * SCORE_STEP
        end = bisect_right(holders, -step, above, key=lambda position: -totals[position])
        steps.append({"from": score(step), "count": end - above, "cumulative": end})
        above = end
    return _board(view, unit, confirmed_at) | {"steps": steps}


def _board(view: View, unit: int, confirmed_at: int) -> dict[str, Any]:
    about = view.book.units[unit]
    return {
        "unit": about["code"],
        "school": about["name"],
        "plan": about["plan"],
        "chosen_count": view.chosen[unit],
        "vacant": max(0, about["plan"] - view.chosen[unit]),
        "lowest_inside": lowest_inside(view, unit),
        "version": view.version,
        "published_at": instant(view.published_at),
        "confirmed_at": instant(confirmed_at),
    }


def unit_boards(view: View, confirmed_at: int) -> list[dict[str, Any]]:
    """The public boards of all units without their score steps, by the units' numbers."""
    return [_board(view, number, confirmed_at) for number in range(1, len(view.book.units))]
