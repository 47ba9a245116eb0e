"""What a writer knows of a session: everybody's choice as of the newest look at the record, and the exact rank in it.

The answer to a change carries the rank in one committed snapshot that contains the change, whether or not an engine is
running. A mirror belongs to the one thread that commits.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from backend.zhongkao.board import record
from backend.zhongkao.board.live_board import LiveBoard
from backend.zhongkao.board.standing import instant, score
from backend.zhongkao.rules.live_ranks import NO_UNIT
from backend.zhongkao.rules.unit_lists import UnitLists


@dataclass(slots=True)
class Mirror:
    """One session, kept up by looks at what changed since the last one."""

    board: LiveBoard
    lists: UnitLists
    cut: record.Look
    fingerprint: tuple[Any, ...]

    def follow(self, connection: Connection) -> None:
        """Take over everything committed so far."""
        look = record.changed_since(connection, self.board.fixed.said["session"], self.cut.horizon)
        for position in self.board.apply(look.held):
            self.lists.move(position, int(self.board.choice[position]))
        self.cut = look

    def standing(self, candidate_id: int, version: int, at: int) -> dict[str, Any] | None:
        """The standing as of the last look, shaped as `standing.standing_of`; None for somebody who is not in the session.

        `version` is the newest published one: a number the phone compares with, not the snapshot these ranks are of.
        """
        position = self.board.position_of(candidate_id)
        if position is None:
            return None
        said = self.board.fixed.said
        band = int(self.board.fixed.bands[position])
        told: dict[str, Any] = {
            "session": said["code"],
            "category": said["category"],
            "version": version,
            "published_at": instant(at),
            "confirmed_at": instant(at),
            "age_ms": 0,
            "server_time": instant(at),
            "changes": int(self.board.changes[position]),
            "closes_at": instant(said["bands"][band - 1]["close_at"]) if band else None,
            "what_if": False,
        }
        return told | self._place(position)

    def _place(self, position: int) -> dict[str, Any]:
        unit = self.lists.unit_of(position)
        if unit == NO_UNIT:
            nothing = ("unit", "school", "rank", "plan", "lowest_inside", "chosen_count")
            return dict.fromkeys(nothing) | {"level_with": 0, "inside": False}
        about = self.board.fixed.said["units"][unit]
        place = self.lists.place(position, unit)
        lowest = self.lists.lowest(unit)
        return {
            "unit": about["code"],
            "school": about["name"],
            "rank": place.rank,
            "level_with": place.level_with,
            "plan": about["plan"],
            "inside": place.admitted,
            "lowest_inside": None if lowest is None else score(int(self.board.fixed.totals[lowest])),
            "chosen_count": self.lists.chosen(unit),
        }


def mirror_of(connection: Connection, session_id: int) -> Mirror:
    """A session read whole from the record."""
    fingerprint = record.fingerprint(connection, session_id)
    board = LiveBoard(record.fixed_facts(connection, session_id))
    look = record.everything_held(connection, session_id)
    board.apply(look.held)
    lists = UnitLists(board.level_from, board.level_to, board.plan.tolist(), board.ranks(), board.choice)
    return Mirror(board, lists, look, fingerprint)
