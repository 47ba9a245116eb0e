"""How many requests may be in the application at once: many while they wait for the database, few while they compute.

All threads of a process share one interpreter with the loop at the door. A page that waits for PostgreSQL leaves it alone;
thirty that compute would let a candidate's change wait a third of a second. So the loop listens to its own pulse: where it
beats late, fewer pages are let in, and where it beats in time, one more.
"""

import asyncio
from collections import deque

FEWEST = 2
BEAT = 0.05
LATE = 0.02
"""Seconds by which a beat may be late: what a change of choice may lose to pages."""


class PlacesInside:
    """At most `most` places, and never fewer than two; whoever finds none waits in the order of coming."""

    def __init__(self, most: int) -> None:
        self.limit = self._most = most
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._beats_in: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> None:
        """Take a place, once there is one."""
        loop = asyncio.get_running_loop()
        if self._beats_in is not loop:
            self._beats_in = loop
            loop.call_later(BEAT, self._beat, loop, loop.time() + BEAT)
        place = loop.create_future()
        self._waiting.append(place)
        self._let_in()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                await self.__aexit__()
            raise

    async def __aexit__(self, *_: object) -> None:
        """Leave the place to the next."""
        self._inside -= 1
        self._let_in()

    def heard(self, late: float) -> None:
        """Adapt to a beat that came `late` seconds after its time."""
        self.limit = max(min(FEWEST, self._most), self.limit // 2) if late > LATE else min(self._most, self.limit + 1)
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._inside < self.limit:
            place = self._waiting.popleft()
            if not place.done():
                self._inside += 1
                place.set_result(None)

    def _beat(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        now = loop.time()
        self.heard(now - due)
        if self._inside or self._waiting or self.limit < self._most:
            loop.call_later(BEAT, self._beat, loop, now + BEAT)
        else:
            self._beats_in = None
