"""The simulated SMS gateway's memory: messages by id and by phone, the limits a number has, receipts that are due."""

import heapq
import itertools
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

MINUTE, HOUR, DAY = 60, 3600, 86400
CODE_LIMITS = ((MINUTE, 1), (HOUR, 5), (DAY, 10))
RAISED_LIMITS = {"exam-change-code": ((20, 1), (HOUR, 30), (DAY, 120))}
"""Templates for which the contract raises the limits (docs/runbook.md)."""
NOTICE_LIMITS = ((DAY, 50),)
MOST_TRIES = 10
FIRST_WAIT_SECONDS = 2.0


@dataclass
class Message:
    """One message. `state`: accepted → delivered | failed; times are seconds since 1970 by the city's clock."""

    id: str
    biz_id: str
    phone: str
    template: str
    params: dict[str, Any]
    text: str
    sign: str
    accepted_at: float
    state: str = "accepted"
    settled_at: float | None = None

    def is_same_as(self, told: dict[str, Any]) -> bool:
        """Whether a second request with this id says the same."""
        return (self.phone, self.template, self.text) == (told["phone"], told["template"], told["text"])


@dataclass(frozen=True)
class Written:
    """What a phone wrote to the service's number, by seconds since 1970 on the city's clock."""

    id: str
    phone: str
    text: str
    written_at: float


What = TypeVar("What")


@dataclass(order=True)
class Due(Generic[What]):
    """Something to be done at a moment of the machine's clock: settle a delivery, post its receipt, hand on a reply."""

    at: float
    order: int
    message: What = field(compare=False)
    tries: int = field(compare=False, default=0)


class Agenda(Generic[What]):
    """What is due when, the earliest first."""

    def __init__(self) -> None:
        self._heap: list[Due[What]] = []
        self._count = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, at: float, message: What, tries: int = 0) -> None:
        """Put the message on the agenda for this moment."""
        heapq.heappush(self._heap, Due(at, next(self._count), message, tries))

    def add_again(self, now: float, due: Due[What]) -> bool:
        """Put it on again, each time twice as far off; False where it was tried often enough."""
        if due.tries + 1 >= MOST_TRIES:
            return False
        self.add(now + FIRST_WAIT_SECONDS * 2**due.tries, due.message, due.tries + 1)
        return True

    def take(self, now: float, most: int) -> list[Due[What]]:
        """Up to `most` entries that are due by now; they leave the agenda."""
        taken: list[Due[What]] = []
        while self._heap and self._heap[0].at <= now and len(taken) < most:
            taken.append(heapq.heappop(self._heap))
        return taken


class Mailroom:
    """All messages, and how many each number had lately."""

    def __init__(self) -> None:
        self.by_id: dict[str, Message] = {}
        self.by_phone: dict[str, list[Message]] = defaultdict(list)
        self.written: dict[str, list[Written]] = defaultdict(list)
        self._lately: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def add(self, message: Message) -> None:
        """Keep a message that was accepted."""
        self.by_id[message.id] = message
        self.by_phone[message.phone].append(message)

    def is_over_limit(self, phone: str, template: str, now: float) -> bool:
        """Whether this number had enough: codes 1 a minute, 5 an hour, 10 a day; notices 50 a day and template;
        more where the contract says so.

        Counts the message where it is not.
        """
        limits = RAISED_LIMITS.get(template) or (CODE_LIMITS if "code" in template else NOTICE_LIMITS)
        lately = self._lately[phone, template]
        while lately and lately[0] <= now - DAY:
            lately.popleft()
        if any(sum(at > now - span for at in lately) >= most for span, most in limits):
            return True
        lately.append(now)
        return False

    def phones(self, containing: str, most: int) -> list[dict[str, Any]]:
        """Numbers that had messages, the latest first: phone, count, last_at, last_text."""
        found = [messages[-1] for phone, messages in self.by_phone.items() if containing in phone]
        found.sort(key=lambda message: message.accepted_at, reverse=True)
        return [
            {
                "phone": last.phone,
                "count": len(self.by_phone[last.phone]),
                "last_at": last.accepted_at,
                "last_text": f"【{last.sign}】{last.text}",
            }
            for last in found[:most]
        ]
