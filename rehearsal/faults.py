"""Speed and faults of the simulated city: read from a file that may change at any moment, or set by POST /control.

The file holds a section for each process, `{"exchange": {…}, "sms": {…}, "wechat": {…}}`; the keys of a section are
the fields of `Faults`. Names inside are departments (exchange) or kinds of calls (gateways); "*" stands for all others.
"""

import asyncio
import json
import logging
import os
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import requests

from rehearsal.chance import Chance
from rehearsal.loopback import Answer, Refused, Request, Site, json_answer

BEIJING = timezone(timedelta(hours=8))
LOOK_EVERY_SECONDS = 0.5
NOT_MOVED_SECONDS = 5
ALL = "*"

log = logging.getLogger("rehearsal")


@dataclass(frozen=True)
class Faults:
    """What goes wrong and how slow it is. Nothing goes wrong by default.

    latency_ms: name → [least, most]; error_rate and hang_rate: name → share of calls (0 to 1) that fail or keep the
    caller waiting for hang_s seconds; quota: name → calls a day; outages: [{"name", "from_s", "lasts_s"}], counted in
    seconds from the moment the settings were read, with "clock": "city" in seconds of the city's time; wrong_files:
    department → what is wrong with its next batch files (batch_office.py); clock_offset_s: how far the city's clock is moved; limits: whether
    gateways keep their own limits a number or person, as the real ones do.
    """

    latency_ms: Mapping[str, list[int]] = field(default_factory=dict)
    error_rate: Mapping[str, float] = field(default_factory=dict)
    hang_rate: Mapping[str, float] = field(default_factory=dict)
    hang_s: float = 30.0
    quota: Mapping[str, int] = field(default_factory=dict)
    outages: list[dict[str, Any]] = field(default_factory=list)
    wrong_files: Mapping[str, list[str]] = field(default_factory=dict)
    clock_offset_s: float = 0.0
    limits: bool = True


def faults_from(settings: Any) -> Faults:
    """The faults of one section. Raises ValueError or TypeError that says what is wrong."""
    if not isinstance(settings, dict):
        raise TypeError("faults are a JSON object")
    known = {each.name for each in fields(Faults)}
    unknown = sorted(set(settings) - known)
    if unknown:
        raise ValueError(f"unknown faults: {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    faults = Faults(**settings)
    for name, pair in faults.latency_ms.items():
        if not (isinstance(pair, list) and len(pair) == len(("least", "most")) and 0 <= pair[0] <= pair[1]):
            raise ValueError(f"latency_ms of {name} is {pair!r}; it is [least, most] in milliseconds")
    for rates in (faults.error_rate, faults.hang_rate):
        for name, share in rates.items():
            if not 0 <= share <= 1:
                raise ValueError(f"the rate of {name} is {share}; it lies between 0 and 1")
    for outage in faults.outages:
        if not {"name", "lasts_s"} <= set(outage) <= {"name", "from_s", "lasts_s", "clock"}:
            raise ValueError(f"an outage has name, lasts_s and perhaps from_s and clock, not {outage!r}")
    return faults


class Unavailable(Exception):
    """The simulated service is down, or this call is one of its errors."""


class OverQuota(Exception):
    """The calls of the day are used up; `seconds` until the next day."""

    def __init__(self, seconds: int) -> None:
        super().__init__("the calls of the day are used up")
        self.seconds = seconds


class Weather:
    """The present faults of one process, and the chance that deals them out."""

    def __init__(self, section: str, file: Path | None = None, seed: str = "weather") -> None:
        self.section = section
        self.file = file
        self._chance = Chance(f"{seed}/{section}")
        self._stamp: tuple[int, int] | None = None
        self._looked_at = 0.0
        self._calls: Counter[tuple[str, str]] = Counter()
        self._service_ahead = 0.0
        self._following: asyncio.Task[None] | None = None
        self.change(Faults())

    @classmethod
    def from_environment(cls, section: str) -> "Weather":
        """The weather of this process: FAULTS names the file, if there is one; chance differs at each start."""
        file = os.environ.get("FAULTS")
        return cls(section, Path(file) if file else None, secrets.token_hex(8))

    def change(self, faults: Faults) -> None:
        """Let these faults hold from now on."""
        self._faults = faults
        self._set_at = time.monotonic()
        self._set_at_in_the_city = time.time() + self._service_ahead + faults.clock_offset_s

    @property
    def faults(self) -> Faults:
        """The faults that hold now; a changed file is taken in within half a second, a broken one is passed over."""
        if self.file and time.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = time.monotonic()
            self._look(self.file)
        return self._faults

    def _look(self, file: Path) -> None:
        try:
            told = file.stat()
            stamp = (told.st_mtime_ns, told.st_size)
            if stamp != self._stamp:
                self._stamp = stamp
                self.change(faults_from(json.loads(file.read_text(encoding="utf-8")).get(self.section, {})))
        except FileNotFoundError:
            self._stamp = None
        except (OSError, ValueError, AttributeError, TypeError) as error:
            log.warning("the faults of %s stay as they were: %s: %s", self.section, file, error)

    def now(self) -> float:
        """The city's time in seconds since 1970: the machine's clock, moved like the service's and by clock_offset_s."""
        return time.time() + self._service_ahead + self.faults.clock_offset_s

    def now_at(self) -> datetime:
        """The city's time at +08:00."""
        return datetime.fromtimestamp(self.now(), BEIJING)

    def seconds_of_latency(self, name: str) -> float:
        """How long this call takes, in seconds."""
        least, most = _of(self.faults.latency_ms, name, [0, 0])
        return self._chance.randint(least, most) / 1000

    def strikes(self, rates: Mapping[str, float], name: str) -> bool:
        """Whether this call is one of the share that `rates` names for it."""
        return self._chance.happens(_of(rates, name, 0.0))

    def is_out(self, name: str) -> bool:
        """Whether an outage holds for this name now."""
        faults = self.faults
        since = {"own": time.monotonic() - self._set_at, "city": self.now() - self._set_at_in_the_city}
        return any(
            outage["name"] in (name, ALL)
            and 0 <= since[outage.get("clock", "own")] - outage.get("from_s", 0) < outage["lasts_s"]
            for outage in faults.outages
        )

    async def meet(self, name: str) -> None:
        """Let one call of this name meet the weather: wait as long as it takes. Raises Unavailable or OverQuota."""
        faults = self.faults
        delay = self.seconds_of_latency(name)
        if self.strikes(faults.hang_rate, name):
            delay = faults.hang_s
        if delay:
            await asyncio.sleep(delay)
        if self.is_out(name):
            raise Unavailable(f"{name} is out of service")
        if self.strikes(faults.error_rate, name):
            raise Unavailable(f"{name} could not answer this time")
        self._count_against_quota(name)

    def _count_against_quota(self, name: str) -> None:
        quota = _of(self.faults.quota, name, None)
        if quota is None:
            return
        now = self.now_at()
        key = (f"{now:%Y-%m-%d}", name)
        if self._calls[key] >= quota:
            midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
            raise OverQuota(int((midnight - now).total_seconds()) + 1)
        self._calls[key] += 1

    def follow(self, site: Site, clock_url: str | None) -> None:
        """Once a second take the city's time from the service: `clock_url` answers JSON with `now` (ISO 8601).

        In a rehearsal the service's clock can be moved; signatures of both sides stay fresh only if the city moves too.
        """
        if clock_url:
            url = clock_url

            async def begin() -> None:
                self._following = asyncio.create_task(self._keep_following(url))

            site.at_start.append(begin)

    async def _keep_following(self, clock_url: str) -> None:
        while True:
            try:
                self._service_ahead = await asyncio.to_thread(seconds_ahead, clock_url)
            except (requests.RequestException, ValueError, KeyError, TypeError) as error:
                log.debug("the service does not tell the time: %s", error)
            await asyncio.sleep(1)

    def offer(self, site: Site) -> None:
        """Add GET and POST /control to the site; POST changes the keys it names and leaves the others."""
        site.route("GET", "/control", self._show)
        site.route("POST", "/control", self._change)

    async def _show(self, request: Request) -> Answer:
        return json_answer(asdict(self.faults))

    async def _change(self, request: Request) -> Answer:
        try:
            self.change(faults_from({**asdict(self.faults), **request.json_object()}))
        except (ValueError, TypeError) as error:
            raise Refused(400, str(error)) from error
        return await self._show(request)


def seconds_ahead(clock_url: str) -> float:
    """How far the service's clock runs ahead of this machine's, in seconds; under five seconds count as none."""
    told = requests.get(clock_url, timeout=3).json()["now"]
    ahead = datetime.fromisoformat(told).timestamp() - time.time()
    return ahead if abs(ahead) > NOT_MOVED_SECONDS else 0.0


def _of(table: Mapping[str, Any], name: str, default: Any) -> Any:
    return table.get(name, table.get(ALL, default))
