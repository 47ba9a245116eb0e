"""Accept first, process later: a message is kept on disk, worked on by a few threads, and never waited for too long.

Whoever waits for the answer stops after `ANSWER_WITHIN`; the work goes on, and what it says then goes out as a message
of its own. Where the database fails, the letter stays and is tried again until its effect stands, with the instant at
which it arrived: a line written before a deadline counts, whatever the machines did (wishes 8, P17).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock, Thread

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from backend.foundation.clock import monotonic
from backend.foundation.doors import Application
from backend.foundation.logging import log
from bots.letters import Letter, opened, sealed
from bots.mailbox import Mailbox, MailboxUnwritable
from bots.promises import Job, Postponed, Promise, fail

ANSWER_WITHIN = 0.4
"""Seconds after which an answer is no longer waited for: a healthy database needs a tenth of it."""
COMMITTED_WITHIN = 0.7
"""Seconds after which a passive answer is no longer waited for either, although only its commit is under way."""
HURRIED = 0.05
"""The same while the database is slow, so that the door's few threads stay free."""
SLOW_FOR = 3.0
"""Seconds for which the database counts as slow after somebody waited in vain."""
AT_LAST = 4.0
"""Seconds at which waiting ends for good: after five the platform gives up and sends again."""
THREADS = 16
SWITCHES_EVERY = 0.001
"""Seconds after which one thread gives way to another: whoever only answers does not stand behind all who work."""
PATIENT_WHILE = 2
"""Letters in work up to which a slow database is still waited for."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
LOOKS_EVERY = 0.25
ADOPTS_EVERY = 5.0
OUTAGES = (OperationalError, InterfaceError, InternalError, PoolExhausted, ConnectionError)
"""What says that the database, not the message, is at fault."""

Taking = Callable[[Letter, Callable[[], bool], int], str]
"""Takes a letter in a transaction of its own: `(letter, is_late, attempts) -> text to answer with`."""


class Reception:
    """Letters of one process. `take` makes a letter's effect, `answer_within` is the patience in seconds with a database
    that is not known to be slow; `start` looks after what an earlier process left.
    """

    def __init__(
        self, service: Application, mailbox: Mailbox, take: Taking, answer_within: float = ANSWER_WITHIN
    ) -> None:
        self._answer_within = answer_within
        self._service = service
        self._mailbox = mailbox
        self._take = take
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="letter")
        self._lock = Lock()
        self._lanes: dict[str, deque[Job]] = {}
        self._stalled: dict[str, float] = {}
        self._in_work = 0
        self._slow_until = float("-inf")
        self._keeper: Thread | None = None
        self._stopped = Event()

    def receive(self, letter: Letter, began: float) -> Job:
        """Keep the letter and set it to work. It is safe once this returns with a number.

        `began` is the monotonic instant at which the message reached this process: the patience counts from there.
        """
        return self.receive_all([letter], began)[0]

    def receive_all(self, letters: list[Letter], began: float) -> list[Job]:
        """The same for several letters with one flush."""
        try:
            numbers: Iterable[int | None] = self._mailbox.keep(*(sealed(letter) for letter in letters))
        except MailboxUnwritable:
            log(__name__).error("letters-not-kept", count=len(letters), exc_info=True)
            numbers = [None] * len(letters)
        jobs = [Job(letter, number, began) for letter, number in zip(letters, numbers, strict=True)]
        for job in jobs:
            self._queue(job)
        return jobs

    def wait_for(self, job: Job) -> str:
        """The passive answer, empty for none. Raises Postponed where it is said later, and what the taking raised.

        A letter that could not be kept is waited for to the last, and TimeoutError then means: not accepted.
        """
        is_hurried = monotonic() < self._slow_until and self._in_work > PATIENT_WHILE
        patience = HURRIED if is_hurried else self._answer_within
        try:
            return job.answer.result(_left_of(job, patience if job.number is not None else AT_LAST))
        except TimeoutError:
            if job.number is None:
                raise
            self._slow_until = monotonic() + SLOW_FOR
            if job.promise.choose("late"):
                raise Postponed from None
        try:
            return job.answer.result(_left_of(job, COMMITTED_WITHIN))
        except TimeoutError:
            if job.promise.miss():
                raise Postponed from None
        return job.answer.result(_left_of(job, AT_LAST))

    def start(self) -> None:
        """Take over what dead processes left, now and from time to time; try again what the database refused."""
        with self._lock:
            if self._keeper is None:
                self._keeper = Thread(target=self._keep_going, name="letters", daemon=True)
                self._keeper.start()

    def stop(self) -> None:
        """End the threads; what is not done stays on disk."""
        self._stopped.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        if self._keeper is not None:
            self._keeper.join(LONGEST_PAUSE)
        self._mailbox.close()

    def waiting(self) -> int:
        """How many letters wait for their effect."""
        with self._lock:
            return sum(map(len, self._lanes.values()))

    def _queue(self, job: Job) -> None:
        with self._lock:
            lane = self._lanes.setdefault(job.letter.sender, deque())
            lane.append(job)
            is_first = len(lane) == 1
            self._in_work += 1
        if is_first:
            self._set_to_work(job.letter.sender)
        elif job.letter.sender in self._stalled:
            job.promise.choose("late")
            fail(job, Postponed())

    def _serve(self, sender: str) -> None:
        """Work on the sender's first letter; then on the next one."""
        with self._lock:
            job = self._lanes[sender][0]
        job.attempts += 1
        try:
            with self._service.app_context():
                text = self._take(job.letter, lambda: not job.promise.choose("passive"), job.attempts)
                if not job.promise.deliver():
                    self._take(job.letter, lambda: True, job.attempts + 1)
        except OUTAGES as fault:
            self._stall(job, fault)
            return
        except BaseException as fault:  # noqa: BLE001  # whoever waits is told; nothing is gained by trying it again
            log(__name__).error("letter-failed", way=job.letter.way, fault=type(fault).__name__, exc_info=True)
            fail(job, fault)
        else:
            with suppress(InvalidStateError):
                job.answer.set_result(text)
        self._next(sender, job)

    def _next(self, sender: str, job: Job) -> None:
        if job.number is not None:
            self._mailbox.done(job.number)
        with self._lock:
            lane = self._lanes[sender]
            lane.popleft()
            self._in_work -= 1
            goes_on = bool(lane)
            if not goes_on:
                del self._lanes[sender]
        if goes_on:
            self._set_to_work(sender)

    def _set_to_work(self, sender: str) -> None:
        """Let a thread serve the sender; once this process stops, what is kept waits for the next one."""
        if self._stopped.is_set():
            return
        try:
            self._threads.submit(self._serve, sender)
        except RuntimeError:
            if not self._stopped.is_set():
                raise

    def _stall(self, job: Job, fault: BaseException) -> None:
        """The database did not do it. A kept letter is tried again later; one that is not kept is not accepted."""
        log(__name__).warning("letter-postponed", attempts=job.attempts, fault=type(fault).__name__)
        if job.number is None:
            fail(job, fault)
            self._next(job.letter.sender, job)
            return
        waiting, job.promise = job.promise, Promise("late")
        waiting.choose("late")
        fail(job, Postponed())
        pause = min(FIRST_PAUSE * 2 ** (job.attempts - 1), LONGEST_PAUSE)
        with self._lock:
            self._stalled[job.letter.sender] = monotonic() + pause
            behind = list(self._lanes[job.letter.sender])[1:]
        for one in behind:
            one.promise.choose("late")
            fail(one, Postponed())
        self.start()

    def _keep_going(self) -> None:
        adopts_at = 0.0
        while not self._stopped.is_set():
            try:
                self._try_again()
                if monotonic() >= adopts_at:
                    self._adopt()
                    adopts_at = monotonic() + ADOPTS_EVERY
            except Exception:  # noqa: BLE001  # the keeper must outlive whatever one look met
                log(__name__).error("letters-not-looked-after", exc_info=True)
            self._stopped.wait(LOOKS_EVERY)

    def _try_again(self) -> None:
        with self._lock:
            due = [sender for sender, at in self._stalled.items() if at <= monotonic()]
            for sender in due:
                del self._stalled[sender]
        for sender in due:
            self._set_to_work(sender)

    def _adopt(self) -> None:
        """Keep anew what dead processes left, then remove their files: a crash in between only finds it twice."""
        for letters, abandoned in self._mailbox.left_behind():
            if self._stopped.is_set():
                abandoned.leave()
                return
            with self._service.app_context():
                found = [opened(letter) for letter in letters]
                numbers = self._mailbox.keep(*letters) if letters else []
            abandoned.remove()
            log(__name__).warning("letters-found", count=len(found))
            for letter, number in zip(found, numbers, strict=True):
                self._queue(Job(letter, number, promise=Promise("late")))


def _left_of(job: Job, patience: float) -> float:
    """What is left of the patience with a letter, counted from when it was taken in: keeping it on disk costs some."""
    return max(0.0, patience - (monotonic() - job.began))
