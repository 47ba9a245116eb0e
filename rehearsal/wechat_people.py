"""The people of the simulated WeChat: who follows the account, what each of them sees, and the codes they log in with."""

import asyncio
import itertools
import json
import secrets
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.fates import SAMPLES

CODE_LIVES_SECONDS = 300
KEPT_IN_INBOX = 2000
PEOPLE_SHOWN = 60


@dataclass
class Person:
    """Somebody with WeChat: what is in the chat with the account, when they last wrote, what they allowed to be sent."""

    openid: str
    name: str
    note: str = ""
    phone: str = ""
    family: dict[str, Any] | None = None
    chat: list[dict[str, Any]] = field(default_factory=list)
    spoke_at: float = 0.0
    answered: int = 0
    consents: Counter[str] = field(default_factory=Counter)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    """Set with the next line of the chat; then another takes its place."""


class LoginCodeRefused(Exception):
    """A code of `wx.login` that is unknown or too old ("unknown"), or was used ("used")."""


class People:
    """Everybody who follows the account. Families of the city are met when they are first asked for."""

    def __init__(self, city: Path | None) -> None:
        self._people: dict[str, Person] = {}
        self._where: dict[str, int] = {}
        self._lines = (city / "families.jsonl").open("rb") if city else None
        self._codes: dict[str, tuple[str, float]] = {}
        self._used: deque[str] = deque(maxlen=100_000)
        self._numbers = itertools.count(1)
        self.inbox: deque[dict[str, Any]] = deque(maxlen=KEPT_IN_INBOX)
        self._samples: list[str] = []
        self._first_family: dict[str, Any] | None = None
        if self._lines:
            self._index(self._lines)

    def _index(self, lines: Any) -> None:
        offset = 0
        for line in lines:
            family = json.loads(line)
            openid = family["guardian"]["openid"]
            self._first_family = self._first_family or family
            if openid:
                self._where[openid] = offset
                if family["sample"]:
                    self._samples.append(openid)
            offset += len(line)

    def close(self) -> None:
        """Close the city's file."""
        if self._lines:
            self._lines.close()

    def person(self, openid: str) -> Person | None:
        """The person with this openid, None where nobody has it."""
        known = self._people.get(openid)
        if known is None and openid in self._where and self._lines:
            self._lines.seek(self._where[openid])
            family = json.loads(self._lines.readline())
            note = f"示例家庭：{SAMPLES[family['sample']][1]}" if family["sample"] else f"家庭 {family['id']}"
            guardian = family["guardian"]
            known = Person(openid, guardian["name"], note, guardian["phone"], family)
            self._people[openid] = known
        return known

    def create(self, name: str) -> Person:
        """A new person who follows the account from now on."""
        openid = "o" + secrets.token_hex(14)[:27]
        made = Person(openid, name, "新建的人物")
        self._people[openid] = made
        return made

    def shown(self) -> Iterator[Person]:
        """The people offered on the chat page: sample families, then those who wrote or were made, the latest first."""
        for openid in self._samples:
            found = self.person(openid)
            if found:
                yield found
        others = [person for openid, person in self._people.items() if openid not in self._samples]
        others.sort(key=lambda person: person.spoke_at, reverse=True)
        yield from others[:PEOPLE_SHOWN]

    def papers_of(self, person: Person) -> dict[str, dict[str, str]]:
        """Kind of paper → what stands on it: the family's own, or those of the city's first family."""
        family = person.family or self._first_family
        papers: dict[str, dict[str, str]] = family["papers_say"] if family else {}
        return papers

    def show(self, person: Person, at: float, line: dict[str, Any]) -> None:
        """Put a line into the person's chat; what the account sent also goes to the inbox."""
        line = {"no": next(self._numbers), "at": at, **line}
        person.chat.append(line)
        person.news.set()
        person.news = asyncio.Event()
        if line["from"] == "account":
            self.inbox.append({"openid": person.openid, "name": person.name, **line})

    def login_code(self, person: Person, now: float) -> str:
        """A new code of `wx.login` for this person; good for five minutes and one use."""
        while self._codes and next(iter(self._codes.values()))[1] < now:
            self._codes.pop(next(iter(self._codes)))
        code = secrets.token_hex(16)
        self._codes[code] = (person.openid, now + CODE_LIVES_SECONDS)
        return code

    def openid_of_code(self, code: str, now: float) -> str:
        """Whose code this is; it is used up. Raises LoginCodeRefused."""
        if code in self._used:
            raise LoginCodeRefused("used")
        openid, until = self._codes.pop(code, ("", 0.0))
        if until < now:
            raise LoginCodeRefused("unknown")
        self._used.append(code)
        return openid
