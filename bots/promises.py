"""One letter on its way to its effect, and who answers it: the one that waits, or the one that works."""

from __future__ import annotations

from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from backend.foundation.clock import monotonic
from bots.letters import Letter


class Postponed(Exception):
    """The letter is kept and its effect comes later."""


class Promise:
    """Who answers: the one that waits (passively), or the one that works (later). Decided once, by whoever is first."""

    def __init__(self, way: str = "") -> None:
        self._lock = Lock()
        self._way = way

    def choose(self, way: str) -> bool:
        """Whether `way` (passive or late) is how it will be answered."""
        with self._lock:
            self._way = self._way or way
            return self._way == way

    def miss(self) -> bool:
        """Whether the waiting one gives up although the answer was to be passive: it is said later after all."""
        with self._lock:
            self._way = "missed" if self._way == "passive" else self._way
            return self._way == "missed"

    def deliver(self) -> bool:
        """Whether somebody still waits for the passive answer, now that its effect stands."""
        with self._lock:
            self._way = "delivered" if self._way == "passive" else self._way
            return self._way != "missed"


@dataclass
class Job:
    """One letter on its way to its effect; `number` is None where the disk did not take it.

    `began` is the monotonic instant from which the patience of whoever waits for the answer is counted.
    """

    letter: Letter
    number: int | None
    began: float = field(default_factory=monotonic)
    promise: Promise = field(default_factory=Promise)
    answer: Future[str] = field(default_factory=Future)
    attempts: int = 0
    due: float = 0.0


def fail(job: Job, fault: BaseException) -> None:
    """Whoever waits for the job is told the fault; an answer that was given stands."""
    with suppress(InvalidStateError):
        job.answer.set_exception(fault)
