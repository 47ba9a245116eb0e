"""What a writer knows of a session: everybody's choice as of the newest look at the record, and the exact rank in it.

The answer to a change carries the rank in one committed snapshot that contains the change, whether or not an engine is
running.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from backend.foundation.one_message import Statement
from backend.zhongkao.board import record
from backend.zhongkao.board.live_board import LiveBoard
from backend.zhongkao.board.standing import InUnit, Shown, score, standing_told
from backend.zhongkao.rules.live_ranks import NO_UNIT
from backend.zhongkao.rules.unit_lists import UnitLists


@dataclass(slots=True)
class Mirror:
    """One session, kept up by looks at what changed since the last one."""

    board: LiveBoard
    lists: UnitLists
    cut: record.Look
    fingerprint: tuple[Any, ...]

    def asked(self) -> Statement:
        """The statement that looks at everything committed since the last look."""
        return record.changes_from(self.board.fixed.said["session"], self.cut.horizon)

    def take(self, look: record.Look) -> None:
        """Take over what was looked at; a look that came late brings nothing back."""
        for position in self.board.apply(look.held):
            self.lists.move(position, int(self.board.choice[position]))
        self.cut = max(self.cut, look, key=_horizon)

    def standing(self, candidate_id: int, version: int, at: int) -> dict[str, Any] | None:
        """The standing as of the last look, None for somebody who is not in the session.

        `version` is the newest published one: a number the phone compares with, not the snapshot these ranks are of.
        """
        position = self.board.position_of(candidate_id)
        if position is None:
            return None
        unit, fixed = self.lists.unit_of(position), self.board.fixed
        held = None
        if unit != NO_UNIT:
            lowest = self.lists.lowest(unit)
            line = None if lowest is None else score(int(fixed.totals[lowest]))
            held = InUnit(fixed.said["units"][unit], self.lists.place(position, unit), line, self.lists.chosen(unit))
        return standing_told(
            fixed.said,
            int(fixed.bands[position]),
            Shown(version, at, at, at),
            held,
            changes=int(self.board.changes[position]),
        )


def _horizon(look: record.Look) -> int:
    return look.horizon


def mirror_of(connection: Connection, session_id: int) -> Mirror:
    """A session read whole from the record."""
    fingerprint = record.fingerprint(connection, session_id)
    board = LiveBoard(record.fixed_facts(connection, session_id))
    look = record.everything_held(connection, session_id)
    board.apply(look.held)
    lists = UnitLists(board.level_from, board.level_to, board.plan.tolist(), board.ranks(), board.choice)
    return Mirror(board, lists, look, fingerprint)
