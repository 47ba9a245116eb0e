"""Many changes in one transaction: requests hand in their wishes, a writing thread keeps them together and answers each.

A wish is answered only after the commit that holds it has returned, with the exact rank in a committed snapshot that
contains it. While one commit waits for the disk the next wishes gather, so the more come, the more go together.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from backend.foundation.database import db
from backend.foundation.logging import log
from backend.foundation.one_message import in_one_message
from backend.foundation.problems import Unavailable
from backend.foundation.unit_of_work import retrying, unit_of_work_on
from backend.zhongkao.board.boards import Boards
from backend.zhongkao.board.kept_sessions import KeptSessions
from backend.zhongkao.board.record import look_of
from backend.zhongkao.change_choice import asked_for, judge_wishes
from backend.zhongkao.wishes import Kept, Told, Wish

HANDS = 2
"""While one waits for its commit the other's wishes are read and answered; more than two share out the gathering."""
SPREAD = 2_654_435_761
"""Knuth's multiplier: all hands have work whatever step the candidates' numbers go in."""
MOST_TOGETHER = 80
"""What a batch costs by itself is spread by then; a larger one only lets its first wish wait for its last."""
ANSWERS_WITHIN = 30.0


@dataclass(slots=True)
class _Waiting:
    """A wish and whoever waits for its answer: a coroutine by a future of its loop, or a thread by an event."""

    session_id: int
    wish: Wish
    answered: asyncio.Future[None] | threading.Event
    kept: Kept | None = None
    standing: dict[str, Any] | None = None
    fault: Exception | None = None

    def told(self) -> Told:
        """The answer. Raises what kept it from being given, Unavailable where there is none."""
        if self.fault is not None:
            raise self.fault
        if self.kept is None:
            raise Unavailable
        return self.kept, self.standing


class ChoiceWriter:
    """All changes that this process keeps, each candidate's always by the same of its hands."""

    def __init__(self, context: Callable[[], AbstractContextManager[Any]], boards: Boards) -> None:
        sessions = KeptSessions(boards)
        self._hands = [_Hand(context, sessions) for _ in range(HANDS)]

    def __call__(self, session_id: int, wish: Wish) -> Told:
        """What became of the wish, once that is committed; the calling thread waits.

        Raises Unavailable or SQLAlchemyError where it is not known; the same request key may be sent again then.
        """
        answered = threading.Event()
        waiting = _Waiting(session_id, wish, answered)
        self._hand_of(wish).take(waiting)
        answered.wait(ANSWERS_WITHIN)
        return waiting.told()

    async def keep(self, session_id: int, wish: Wish) -> Told:
        """The same without a thread that waits: thousands of wishes may be under way at once."""
        loop = asyncio.get_running_loop()
        answered = loop.create_future()
        waiting = _Waiting(session_id, wish, answered)
        self._hand_of(wish).take(waiting)
        patience = loop.call_later(ANSWERS_WITHIN, _answer, [answered])
        await answered
        patience.cancel()
        return waiting.told()

    def _hand_of(self, wish: Wish) -> "_Hand":
        return self._hands[(wish.candidate_id * SPREAD >> 16) % HANDS]


def _answer(futures: Sequence[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


def _tell(together: Sequence[_Waiting]) -> None:
    """Wake whoever waits for these: threads one by one, the coroutines of the loop by one call."""
    futures = []
    for one in together:
        if isinstance(one.answered, threading.Event):
            one.answered.set()
        else:
            futures.append(one.answered)
    if futures:
        with suppress(RuntimeError):  # a loop that has ended: nobody waits any more
            futures[0].get_loop().call_soon_threadsafe(_answer, futures)


class _Hand:
    """One thread with its own line and its own connection. It begins with the first wish, so after every fork."""

    def __init__(self, context: Callable[[], AbstractContextManager[Any]], sessions: KeptSessions) -> None:
        self._context = context
        self._sessions = sessions
        self._line: queue.SimpleQueue[_Waiting] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._held_over: list[_Waiting] = []
        self._connection: Connection | None = None

    def take(self, waiting: _Waiting) -> None:
        """Put a wish in the line."""
        self._start()
        self._line.put(waiting)

    def _start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="choices", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        with self._context():
            while True:
                together = self._gather()
                for session in {one.session_id for one in together}:
                    self._keep_together(session, [one for one in together if one.session_id == session])

    def _gather(self) -> list[_Waiting]:
        """Everybody who waits now, at least one; a candidate's second wish waits for the next time."""
        together, self._held_over = self._held_over, []
        if not together:
            together.append(self._line.get())
        while len(together) < MOST_TOGETHER:
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
            answers, standings = retrying(lambda: self._commit(session_id, [one.wish for one in together]))
        except Exception as fault:  # noqa: BLE001  # whoever waits must be told, whatever it was
            log(__name__).error("changes-not-kept", count=len(together), exc_info=fault)
            for one in together:
                one.fault = fault if isinstance(fault, SQLAlchemyError) else Unavailable()
        else:
            for one, kept, standing in zip(together, answers, standings, strict=True):
                one.kept, one.standing = kept, standing
        _tell(together)

    def _commit(self, session_id: int, wishes: Sequence[Wish]) -> tuple[list[Kept], Sequence[dict[str, Any] | None]]:
        """What became of the wishes, and the standings right after the commit: two messages, two waits."""
        own = self._own_connection()
        with unit_of_work_on(own) as (begin, commit):
            ground, looking = self._sessions.ready(own, session_id)
            _, *told = in_one_message(own, [begin, *asked_for(ground, wishes)])
            answers, writing = judge_wishes(ground, wishes, told)
            *_, found = in_one_message(own, [*writing, commit, *looking])
        if not looking:
            return answers, [None] * len(wishes)
        return answers, self._sessions.standings(session_id, look_of(found), [wish.candidate_id for wish in wishes])

    def _own_connection(self) -> Connection:
        """The connection that is kept from batch to batch, made where there is none or a failure has closed it."""
        if self._connection is None or self._connection.closed:
            self._connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._connection
