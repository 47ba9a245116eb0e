"""Several providers of SMS behind one: the first that is healthy sends, by the share of its calls that failed lately."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from flask import current_app

from backend.foundation.clock import monotonic
from backend.notices.gateways import SmsGateway

LOOKS_BACK = 20
"""Calls of a provider that its health is judged by."""
FEWEST = 4
"""Calls below which nobody is judged."""
WORST_SHARE = 0.5
RESTS_SECONDS = 30.0
"""How long an ill provider rests; then one call tries it again."""


@dataclass
class Health:
    """The latest outcomes of one provider, and until when it rests."""

    outcomes: deque[bool] = field(default_factory=lambda: deque(maxlen=LOOKS_BACK))
    rests_until: float = float("-inf")

    def note(self, now: float, *, is_good: bool) -> None:
        """One more outcome. A good one after a rest clears the record: it is well again."""
        if is_good and self.rests_until > float("-inf"):
            self.outcomes.clear()
            self.rests_until = float("-inf")
        self.outcomes.append(is_good)
        failed = self.outcomes.count(False)
        if len(self.outcomes) >= FEWEST and failed > WORST_SHARE * len(self.outcomes):
            self.rests_until = now + RESTS_SECONDS

    def is_well(self, now: float) -> bool:
        """Whether it may be called; the first call after a rest is a trial, and the rest goes on meanwhile for others."""
        if now < self.rests_until:
            return False
        if self.rests_until > float("-inf"):
            self.rests_until = now + RESTS_SECONDS
        return True


class SmsRoutes:
    """Providers by name, in the order of preference."""

    def __init__(self, providers: Mapping[str, SmsGateway]) -> None:
        self._providers = dict(providers)
        self._health = {name: Health() for name in providers}
        self._lock = Lock()

    def names(self) -> tuple[str, ...]:
        """The providers, the preferred one first."""
        return tuple(self._providers)

    def choose(self, other_than: str = "") -> str:
        """The provider to send by: the first healthy one, another than `other_than` where there is one; where all are
        ill, the preferred one all the same, for a message must be tried.
        """
        now = monotonic()
        with self._lock:
            others = [name for name in self._providers if name != other_than]
            well = next((name for name in others if self._health[name].is_well(now)), None)
        return well or next(iter((*others, *self._providers)))

    def named(self, name: str) -> SmsGateway:
        """The provider of this name; the preferred one where the contract has ended since."""
        return self._providers.get(name) or next(iter(self._providers.values()))

    def note(self, name: str, *, is_good: bool) -> None:
        """How a call of the provider ended: answered (also by a refusal of one message), or not."""
        with self._lock:
            if name in self._health:
                self._health[name].note(monotonic(), is_good=is_good)


def sms_routes() -> SmsRoutes:
    """The providers the app was assembled with."""
    found = current_app.extensions["sms_gateway"]
    return found if isinstance(found, SmsRoutes) else SmsRoutes({"sms": found})
