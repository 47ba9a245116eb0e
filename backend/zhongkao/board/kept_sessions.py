"""What the writing threads of a process know of each session together: its fixed ground, and a mirror of who holds what."""

import threading
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from backend.foundation import clock
from backend.foundation.logging import log
from backend.foundation.one_message import Statement
from backend.zhongkao.board.boards import Boards
from backend.zhongkao.board.mirror import Mirror, mirror_of
from backend.zhongkao.board.record import Look, fingerprint
from backend.zhongkao.choice_ground import Ground, ground_of

LOOKS_ROUND_AFTER = 1.0


class KeptSessions:
    """Sessions by id. One thread at a time reads or moves a mirror; looks may be taken in any order."""

    def __init__(self, boards: Boards) -> None:
        self._boards = boards
        self._grounds: dict[int, Ground] = {}
        self._mirrors: dict[int, Mirror] = {}
        self._looked_round_at: dict[int, float] = {}
        self._one_at_a_time = threading.Lock()

    def ready(self, connection: Connection, session_id: int) -> tuple[Ground, list[Statement]]:
        """The session's ground, and the statement of a look that brings its mirror up to now (none without a mirror).

        Both are read anew where the session's fixed facts changed, which is asked once a second.
        """
        with self._one_at_a_time:
            moment = clock.monotonic()
            if moment - self._looked_round_at.get(session_id, float("-inf")) >= LOOKS_ROUND_AFTER:
                self._look_round(connection, session_id)
                self._looked_round_at[session_id] = moment
            mirror = self._mirrors.get(session_id)
            return self._grounds[session_id], [mirror.asked()] if mirror else []

    def _look_round(self, connection: Connection, session_id: int) -> None:
        known = self._mirrors.get(session_id)
        if known is not None and known.fingerprint == fingerprint(connection, session_id):
            return
        self._grounds[session_id] = ground_of(connection, session_id)
        try:
            self._mirrors[session_id] = mirror_of(connection, session_id)
        except (KeyError, IndexError) as fault:
            self._give_up(session_id, fault)

    def standings(self, session_id: int, look: Look, candidates: Sequence[int]) -> Sequence[dict[str, Any] | None]:
        """The standings in one snapshot taken after the commit. What was acknowledged never depends on this."""
        with self._one_at_a_time:
            mirror = self._mirrors.get(session_id)
            if mirror is None:
                return [None] * len(candidates)
            try:
                mirror.take(look)
            except (KeyError, IndexError) as fault:
                self._give_up(session_id, fault)
                return [None] * len(candidates)
            reader = self._boards.reader(session_id)
            view = reader.view() if reader else None
            at = round(clock.now().timestamp() * 1000)
            return [mirror.standing(candidate, view.version if view else 0, at) for candidate in candidates]

    def _give_up(self, session_id: int, fault: Exception) -> None:
        """Without a mirror choices are kept as before, and the ranks in the answers are counted from the record."""
        log(__name__).warning("ranks-not-told", fault=str(fault)[:300])
        self._mirrors.pop(session_id, None)
