"""Live choosing, simulated from lists: what a session of the other engine would have come to with so many looks a band.

Everybody is straightforward: at each look he sees the same moment of the board and goes to the first wish that would
have him now. With looks enough that is serial dictatorship (domain 1.6); with few, time runs out and places are missed.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from backend.zhongkao.rules.judging import band_of
from backend.zhongkao.rules.session import Session
from backend.zhongkao.rules.standing import standings

Lists = Mapping[str, Sequence[str]]


def live_outcome(session: Session, lists: Lists, looks: int) -> dict[str, str | None]:
    """The unit that would admit each candidate, or None, where everybody looks `looks` times before each band's close."""
    standing_of = standings(session.candidates)
    plan = {unit.id: unit.plan for unit in session.units}
    wishes = {one.id: [unit for unit in lists.get(one.id, ()) if unit in plan] for one in session.candidates}
    band = {one.id: number for one in session.candidates if (number := band_of(one.total, session.bands)) is not None}
    held: dict[str, str] = {}
    for closing in range(len(session.bands)):
        choosing = [name for name, number in band.items() if number >= closing and wishes[name]]
        for _ in range(looks):
            board = _board(held, standing_of, plan)
            moves = {
                name: unit
                for name in choosing
                if (unit := _best(wishes[name], board, plan, standing_of[name])) is not None and held.get(name) != unit
            }
            if not moves:
                break
            held |= moves
    board = _board(held, standing_of, plan)
    return {
        one.id: unit if (unit := held.get(one.id)) and _has(board, plan, unit, standing_of[one.id]) else None
        for one in session.candidates
    }


def _board(held: Mapping[str, str], standing_of: Mapping[str, int], plan: Mapping[str, int]) -> dict[str, list[int]]:
    """By unit, the standings of those who hold it, best first."""
    found: dict[str, list[int]] = {unit: [] for unit in plan}
    for name, unit in held.items():
        found[unit].append(standing_of[name])
    for standing in found.values():
        standing.sort()
    return found


def _has(board: Mapping[str, Sequence[int]], plan: Mapping[str, int], unit: str, standing: int) -> bool:
    """Whether the unit has a place for this standing, as the board stands."""
    return bisect_left(board[unit], standing) < plan[unit]


def _best(
    wishes: Sequence[str], board: Mapping[str, Sequence[int]], plan: Mapping[str, int], standing: int
) -> str | None:
    return next((unit for unit in wishes if _has(board, plan, unit, standing)), None)
