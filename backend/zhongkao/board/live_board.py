"""One board in the engine's memory: who stands where for good, who holds what now, and both as bytes to publish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backend.zhongkao.board import layout
from backend.zhongkao.rules.live_ranks import Choices, Counts, Ranks, all_ranks, levels_of


@dataclass(frozen=True, slots=True)
class Fixed:
    """What does not change while a session is listed. Arrays are by position, the best first.

    `said` is the book's JSON: `session`, `code`, `category`, `units` (index 0 is nobody's) and `bands`. `standing`
    never falls; `bands` holds the index of the band in `said` plus one, 0 for none.
    """

    said: dict[str, Any]
    ids: npt.NDArray[np.uint64]
    standing: npt.NDArray[np.int64]
    totals: Counts
    bands: npt.NDArray[np.uint16]

    @property
    def plan(self) -> Counts:
        """The places of each unit by its number."""
        return np.array([unit["plan"] for unit in self.said["units"]], dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Held:
    """What one candidate holds after his change number `version` in the session; `unit_id` None for nothing."""

    candidate_id: int
    unit_id: int | None
    version: int


class LiveBoard:
    """The state of one session; changes may come twice and in any order, the newest of a candidate counts."""

    def __init__(self, fixed: Fixed) -> None:
        self.fixed = fixed
        self.level_from, self.level_to = levels_of(fixed.standing)
        self.plan = fixed.plan
        self.choice: Choices = np.zeros(len(fixed.ids), dtype=np.uint16)
        self.changes: Counts = np.zeros(len(fixed.ids), dtype=np.uint32)
        self._position = {int(candidate): position for position, candidate in enumerate(fixed.ids.tolist())}
        self._number = {unit["id"]: number for number, unit in enumerate(fixed.said["units"]) if number}

    def position_of(self, candidate_id: int) -> int | None:
        """The candidate's position, None for somebody who is not in the session."""
        return self._position.get(candidate_id)

    def number_of(self, unit_id: int | None) -> int:
        """The unit's number on this board, 0 for none."""
        return 0 if unit_id is None else self._number[unit_id]

    def apply(self, changes: Iterable[Held]) -> list[int]:
        """Take over what is newer than known; the positions that changed."""
        moved = []
        for change in changes:
            position = self._position.get(change.candidate_id)
            if position is not None and change.version > self.changes[position]:
                self.choice[position] = self.number_of(change.unit_id)
                self.changes[position] = change.version
                moved.append(position)
        return moved

    def ranks(self) -> Ranks:
        """All ranks of this moment."""
        return all_ranks(self.choice, self.level_from, self.plan)

    def book_parts(self, number: int) -> list[bytes | memoryview]:
        """The book's file."""
        fixed = self.fixed
        by_id = np.argsort(fixed.ids, kind="stable")
        front = layout.Preface(0, number, 0, len(fixed.ids), len(self.plan), 0, 0, 0)
        columns: list[layout.Column] = [
            fixed.ids[by_id],
            by_id.astype(np.uint32),
            self.level_from,
            self.level_to,
            fixed.totals,
            fixed.bands,
        ]
        return layout.parts_of(layout.BOOK_MAGIC, front, fixed.said, columns)

    def snapshot_parts(
        self, version: int, book: int, at: int, ranks: Ranks, ended: Sequence[int]
    ) -> list[bytes | memoryview]:
        """The file of this moment as `version`; `ended` are the log-ins that were ended before their time."""
        front = layout.Preface(version, book, at, len(self.choice), len(self.plan), len(ranks.holders), len(ended), 0)
        columns: list[layout.Column] = [
            ranks.starts,
            ranks.chosen,
            ranks.admitted,
            ranks.lowest,
            self.choice,
            ranks.rank,
            ranks.level_with,
            self.changes,
            ranks.holders,
            np.array(sorted(ended), dtype=np.uint64),
        ]
        return layout.parts_of(layout.SNAPSHOT_MAGIC, front, {}, columns)


def fixed_from_book(raw: memoryview) -> Fixed:
    """The fixed facts out of a book's bytes; standings come back as the first position of each level, in the same order."""
    front = layout.preface_of(layout.BOOK_MAGIC, raw)
    columns = layout.columns_in(front, raw, layout.book_columns(front))
    ids = np.empty(front.people, dtype=np.uint64)
    ids[np.asarray(columns["places"])] = np.asarray(columns["ids"])
    standing = np.asarray(columns["level_from"]).astype(np.int64)
    return Fixed(layout.said_in(front, raw), ids, standing, np.array(columns["totals"]), np.array(columns["bands"]))
