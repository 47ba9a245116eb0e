"""Many changes in one transaction: requests hand in their wishes, one thread keeps them together and answers each.

A wish is answered only after the commit that holds it has returned, with the exact rank in a committed snapshot that
contains it. While one commit waits for the disk the next wishes gather, so the more come, the more go together.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.logging import log
from backend.foundation.one_message import in_one_message
from backend.foundation.problems import Unavailable
from backend.foundation.unit_of_work import retrying, unit_of_work_on
from backend.zhongkao.board.boards import Boards
from backend.zhongkao.board.mirror import Mirror, mirror_of
from backend.zhongkao.board.record import Look, fingerprint, look_of
from backend.zhongkao.change_choice import asked_for, judge_wishes
from backend.zhongkao.choice_ground import Ground, ground_of
from backend.zhongkao.wishes import Kept, Wish

FEW = 16
ANSWERS_WITHIN = 30.0
LOOKS_ROUND_AFTER = 1.0


def _locked() -> threading.Lock:
    """A lock that is held: to release it wakes one thread with one call, which an Event does not."""
    lock = threading.Lock()
    lock.acquire()  # released by the writer, once the answer is there
    return lock


@dataclass(slots=True)
class _Waiting:
    session_id: int
    wish: Wish
    answered: threading.Lock = field(default_factory=_locked)
    kept: Kept | None = None
    standing: dict[str, Any] | None = None
    fault: Exception | None = None


class ChoiceWriter:
    """The one writer of changes in this process. Its thread begins with the first wish, so after every fork."""

    def __init__(self, context: Callable[[], AbstractContextManager[Any]], boards: Boards) -> None:
        self._context = context
        self._boards = boards
        self._line: queue.SimpleQueue[_Waiting] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._grounds: dict[int, Ground] = {}
        self._mirrors: dict[int, Mirror] = {}
        self._looked_round_at: dict[int, float] = {}
        self._held_over: list[_Waiting] = []

    def __call__(self, session_id: int, wish: Wish) -> tuple[Kept, dict[str, Any] | None]:
        """What became of the wish, once that is committed, and the standing right after it (None: not told).

        Raises Unavailable or SQLAlchemyError where it is not known; the same request key may be sent again then.
        """
        self._start()
        waiting = _Waiting(session_id, wish)
        self._line.put(waiting)
        if not waiting.answered.acquire(timeout=ANSWERS_WITHIN):
            raise Unavailable
        if waiting.fault is not None:
            raise waiting.fault
        if waiting.kept is None:
            raise Unavailable
        return waiting.kept, waiting.standing

    def _start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="choices", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        with self._context(), db.engine.connect() as connection:
            self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            while True:
                together = self._gather()
                for session in {one.session_id for one in together}:
                    self._keep_together(session, [one for one in together if one.session_id == session])

    def _gather(self) -> list[_Waiting]:
        """Half of those who wait now, few of them all, at least one; a candidate's second wish waits for the next time.

        While one half waits for its commit the other half's requests are read and answered: taken all together, the
        interpreter would stand still during every commit and the database between them.
        """
        together, self._held_over = self._held_over, []
        if not together:
            together.append(self._line.get())
        most = max(FEW, (len(together) + self._line.qsize()) // 2)
        while len(together) < most:
            try:
                together.append(self._line.get_nowait())
            except queue.Empty:
                break
        seen: set[tuple[int, int]] = set()
        first: list[_Waiting] = []
        for one in together:
            name = (one.session_id, one.wish.candidate_id)
            (self._held_over if name in seen else first).append(one)
            seen.add(name)
        return first

    def _keep_together(self, session_id: int, together: Sequence[_Waiting]) -> None:
        try:
            answers, look = retrying(lambda: self._commit(session_id, [one.wish for one in together]))
        except Exception as fault:  # noqa: BLE001  # whoever waits must be told, whatever it was
            log(__name__).error("changes-not-kept", count=len(together), exc_info=fault)
            for one in together:
                one.fault = fault if isinstance(fault, SQLAlchemyError) else Unavailable()
                one.answered.release()
            return
        standings = self._standings(session_id, look, [one.wish.candidate_id for one in together])
        for one, kept, standing in zip(together, answers, standings, strict=True):
            one.kept, one.standing = kept, standing
            one.answered.release()

    def _commit(self, session_id: int, wishes: Sequence[Wish]) -> tuple[list[Kept], Look | None]:
        """What became of the wishes, and what a look right after the commit saw: two messages, two waits."""
        with unit_of_work_on(self._connection) as (begin, commit):
            mirror = self._mirror(session_id)
            ground = self._grounds[session_id]
            _, *told = in_one_message(self._connection, [begin, *asked_for(ground, wishes)])
            answers, writing = judge_wishes(ground, wishes, told)
            looking = [mirror.asked()] if mirror else []
            *_, found = in_one_message(self._connection, [*writing, commit, *looking])
        return answers, look_of(found) if mirror else None

    def _standings(
        self, session_id: int, look: Look | None, candidates: Sequence[int]
    ) -> Sequence[dict[str, Any] | None]:
        """The standings in one snapshot taken after the commit. What was acknowledged never depends on this."""
        if look is None:
            return [None] * len(candidates)
        mirror = self._mirrors[session_id]
        try:
            mirror.take(look)
        except (KeyError, IndexError) as fault:
            return self._not_told(session_id, fault, len(candidates))
        reader = self._boards.reader(session_id)
        view = reader.view() if reader else None
        at = round(clock.now().timestamp() * 1000)
        return [mirror.standing(candidate, view.version if view else 0, at) for candidate in candidates]

    def _not_told(self, session_id: int, fault: Exception, many: int) -> list[None]:
        log(__name__).warning("ranks-not-told", fault=str(fault)[:300])
        self._mirrors.pop(session_id, None)
        return [None] * many

    def _mirror(self, session_id: int) -> Mirror | None:
        """The session's mirror, read anew where its fixed facts changed; asked once a second. None where it cannot be."""
        known = self._mirrors.get(session_id)
        moment = clock.monotonic()
        if known is not None and moment - self._looked_round_at.get(session_id, 0.0) < LOOKS_ROUND_AFTER:
            return known
        self._looked_round_at[session_id] = moment
        if known is None or known.fingerprint != fingerprint(self._connection, session_id):
            self._grounds[session_id] = ground_of(self._connection, session_id)
            try:
                known = self._mirrors[session_id] = mirror_of(self._connection, session_id)
            except (KeyError, IndexError) as fault:
                self._not_told(session_id, fault, 0)
                return None
        return known
