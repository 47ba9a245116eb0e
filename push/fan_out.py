"""Who is connected, and what each is told when a new version appears: his own standing, if it changed.

Nobody is queued more than the newest: a phone that reads slowly is passed over until it has caught up, and one that
does not for half a minute is cut off and comes back by itself, at a time spread out so that no crowd forms.
"""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

from backend.foundation.clock import machine_milliseconds, monotonic
from backend.foundation.logging import log
from backend.identity.candidate_tokens import CandidateToken, read_candidate_token
from backend.zhongkao.board.boards import Boards, Seat
from push.handshake import Refused
from push.messages import Messages, state_of
from push.phones import LOGGED_OUT, Phone

LOOKS_EVERY = 0.05
REST_AFTER_ROUND = 0.5
"""After a round the hall rests for half as long as it took, so that hands shake and pings are answered."""
AT_A_TIME = 250
AGES_TOLD_EVERY_MS = 5000
SLOW_FOR_MS = 30_000
COME_AGAIN_FROM_MS, COME_AGAIN_WITHIN_MS = 1000, 4000
RESTARTING = 1012
NO_BOARD_YET = b'{"version":0,"standing":null}'
"""What a phone is told where no board knows its holder: it stays, and hears as soon as one does."""


@dataclass
class FanOut:
    """All phones of this process. `most` is how many it takes; `origin` may read events from a browser."""

    boards: Boards
    key: bytes
    origin: str
    most: int
    phones: dict[Phone, int] = field(default_factory=dict)
    """Each phone with the time (ms) since which it has been slow, 0 for one that keeps up."""

    def come_again_ms(self) -> int:
        """When to come again: everybody at another time."""
        return COME_AGAIN_FROM_MS + random.randrange(COME_AGAIN_WITHIN_MS)

    def doorkeeper(self, text: str) -> tuple[CandidateToken | None, int, str]:
        """Whom the token speaks for, and how the stream is to be opened. Raises Refused where the hall is full."""
        if len(self.phones) >= self.most:
            raise Refused(503, "every place is taken; the page asks by itself meanwhile")
        token = read_candidate_token(text, self.key, self._now())
        seat = self.boards.seat(token.candidate_id) if token else None
        if token is not None and seat is not None and seat.view.has_ended(token.login_id):
            token = None
        return token, self.come_again_ms(), self.origin

    def _now(self) -> datetime:
        return datetime.fromtimestamp(machine_milliseconds() // 1000 + self.boards.clock_ahead, UTC)

    def enter(self, phone: Phone) -> None:
        """Take the phone in and tell it where it stands, unless it has that version already."""
        self.phones[phone] = 0
        self.catch_up(phone, phone.since)

    def leave(self, phone: Phone) -> None:
        """The connection is gone."""
        self.phones.pop(phone, None)

    def catch_up(self, phone: Phone, since: int | None) -> None:
        """Tell the standing of now to a phone that has version `since`; one we never gave starts over."""
        seat = self._seat(phone)
        if seat is None:
            phone.tell(NO_BOARD_YET, 0)
            return
        version = seat.view.version
        phone.sent = state_of(seat.view, seat.position)
        if since == version:
            return
        told = Messages(seat.view, seat.confirmed_at, seat.server_time)
        start_over = since is not None and not 0 <= since < version
        phone.tell(told.standing(seat.position, start_over=start_over), version)

    def _seat(self, phone: Phone) -> Seat | None:
        return None if phone.token is None else self.boards.seat(phone.token.candidate_id)

    async def work(self) -> None:
        """Go round whenever a version appeared, for ever; tell ages where nothing changes for long."""
        seen: dict[int, int] = {}
        ages_told_at = machine_milliseconds()
        while True:
            now = {each: self._version(each) for each in self.boards.sessions()}
            moment = machine_milliseconds()
            ages_due = moment - ages_told_at >= AGES_TOLD_EVERY_MS
            if now != seen or ages_due:
                began = monotonic()
                seen = now
                ages_told_at = moment if ages_due else ages_told_at
                await self.go_round(ages_due=ages_due)
                await asyncio.sleep((monotonic() - began) * REST_AFTER_ROUND)
            await asyncio.sleep(LOOKS_EVERY)

    def _version(self, session: int) -> int:
        reader = self.boards.reader(session)
        view = reader.view() if reader else None
        return view.version if view else 0

    async def go_round(self, *, ages_due: bool) -> None:
        """Tell every phone whose standing changed; with `ages_due` the others how old the figures are."""
        made: dict[int, Messages] = {}
        for done, phone in enumerate(list(self.phones), start=1):
            try:
                self._tell(phone, made, ages_due=ages_due)
            except (OSError, RuntimeError) as fault:
                log(__name__).warning("phone-lost", fault=str(fault))
                phone.hang_up()
            if done % AT_A_TIME == 0:
                await asyncio.sleep(0)

    def _tell(self, phone: Phone, made: dict[int, Messages], *, ages_due: bool) -> None:
        if phone not in self.phones or phone.token is None:
            return
        seat = self._seat(phone)
        if seat is None:
            return
        if seat.view.has_ended(phone.token.login_id) or phone.token.ends_at * 1000 <= seat.server_time:
            phone.say_goodbye(LOGGED_OUT, "log in again")
            return
        if phone.is_slow:
            self._wait_for(phone, seat.server_time)
            return
        self.phones[phone] = 0
        state = state_of(seat.view, seat.position)
        if state == phone.sent and not ages_due:
            return
        messages = made.get(id(seat.view))
        if messages is None:
            messages = made[id(seat.view)] = Messages(seat.view, seat.confirmed_at, seat.server_time)
        message = messages.age() if state == phone.sent else messages.standing(seat.position)
        phone.sent = state
        phone.tell(message, seat.view.version)

    def _wait_for(self, phone: Phone, moment: int) -> None:
        since = self.phones[phone]
        if since == 0:
            self.phones[phone] = moment
        elif moment - since > SLOW_FOR_MS:
            phone.hang_up()

    def say_goodbye(self) -> None:
        """The process ends: everybody is told to come again, each at another time."""
        for phone in list(self.phones):
            phone.say_goodbye(RESTARTING, f"come-again-ms:{self.come_again_ms()}")
