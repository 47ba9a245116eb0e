"""A rehearsed season: where it runs, what it keeps, and the means by which its phases are played.

Every phase looks at how things stand and does what is missing, so that a rehearsal that was stopped can go on.
"""

import csv
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from rehearsal.office import Office
from rehearsal.phone import City
from rehearsal.season_crowd import Crowd, families_in
from rehearsal.season_desk import Bureau, advance_to
from rehearsal.season_journal import Journal
from rehearsal.season_kills import kill_worker


class FamiliesFailed(Exception):
    """Families could not make their visit; the message names the first ones and why."""


class Screen(Protocol):
    """Where the progress shows."""

    def begin(self, phase: str, total: int | None) -> None:
        """A phase begins, of `total` steps (None: not known)."""

    def step(self) -> None:
        """One step of the present phase is done."""

    def note(self, line: str) -> None:
        """Something worth saying happened."""


@dataclass
class Season:
    """One rehearsal.

    `service` is the service's address, `gateways` name → address of the simulated ones, `folder` holds city, pictures
    and journal, `officials` login → official; `weather` is a name of season_weather.
    """

    city: City
    gateways: Mapping[str, str]
    folder: Path
    seed: str
    officials: Mapping[str, Mapping[str, Any]]
    screen: Screen
    processes: int = 2
    candidates: int = 0
    weather: str = "usual"
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.service = self.city.service
        self.told = json.loads((self.city_folder / "city.json").read_text(encoding="utf-8"))
        self.families = families_in(self.city_folder / "families.jsonl")
        self.schools = rows_of(self.city_folder / "schools.csv") + private_schools(self.city_folder)
        self.journal = Journal(self.folder / "journal.jsonl")
        self.crowd = Crowd(self.city, self.city_folder / "families.jsonl", self.folder / "pictures", self.processes)

    @property
    def city_folder(self) -> Path:
        """The folder of the generated city."""
        return self.folder / "city"

    @cached_property
    def system(self) -> Office:
        """The official who may move a rehearsal's clock."""
        return Office(self.service, dict(self.officials["system"]))

    @cached_property
    def bureaus(self) -> list[Bureau]:
        """The officials of every banner."""
        zones: dict[str, dict[str, list[str]]] = {}
        for row in rows_of(self.city_folder / "zones.csv"):
            zones.setdefault(row["stage"], {}).setdefault(row["unit_code"], []).append(row["school"])
        return [
            Bureau(self.service, self.officials, banner["code"], banner["stages"], zones)
            for banner in self.told["banners"]
        ]

    def has_families_in(self, banner: str) -> bool:
        """Whether families of the city live in a banner."""
        return any(family["banner"] == banner for family in self.families.values())

    def playing(self, part: str, banner: str | None = None, stage: str | None = None) -> list[str]:
        """The families that play a part (place_parts.py), in a banner and stage or anywhere."""
        return [
            name
            for name, family in self.families.items()
            if family.get("part") == part and banner in (None, family["banner"]) and stage in (None, family["stage"])
        ]

    def schools_of(self, banner: str, stage: str) -> list[dict[str, str]]:
        """The public schools of a banner and stage."""
        rows = [row for row in self.schools if row["code"].startswith(f"{banner}-") and row["stage"] == stage]
        return [row for row in rows if not row.get("private")]

    def applications(self) -> dict[str, str]:
        """Application → its receipt."""
        lines = self.kept().values()
        return {child["application"]: child["receipt"] for line in lines for child in line["children"]}

    def wishes(self) -> list[dict[str, Any]]:
        """What families wished besides a public place: {application, receipt, wants}."""
        return [one for line in self.journal.by_family("wished").values() for one in line.get("wishes", ())]

    def office_of(self, school: str) -> Office:
        """The official of a school, logged in."""
        return Office(self.service, dict(self.officials[f"school-{school}"]))

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """A phase: shown, and its length written down once it is done."""
        began = time.monotonic()
        if not self.journal.of("began"):
            self.journal.note("began", at=datetime.now().astimezone().isoformat(timespec="seconds"))
        self.screen.begin(name, None)
        yield
        self.journal.note("phase", name=name, ms=round((time.monotonic() - began) * 1000))

    def kill(self, queue: str) -> None:
        """Kill this run's worker of a queue, once a season."""
        if any(line["queue"] == queue for line in self.journal.of("killed")):
            return
        at_ms = round((time.monotonic() - self.began) * 1000)
        killed = kill_worker(queue)
        if killed is not None:
            self.journal.note("killed", queue=queue, at_ms=at_ms, back_ms=killed.back_ms)
            self.screen.note(f"kill -9: {queue} ({killed.pid}), back after {killed.back_ms} ms")

    def visit(self, kind: str, kept: Mapping[str, Mapping[str, Any]]) -> None:
        """One visit of these families, written down. Raises FamiliesFailed where a family could not make it."""
        self.screen.begin(kind, len(kept))
        faults: list[str] = []

        def tell(outcome: dict[str, Any]) -> None:
            self.journal.note(kind, **outcome)
            if "fault" in outcome:
                faults.append(f"{outcome['family']}: {outcome['fault']}")
                self.screen.note(faults[-1])
            self.screen.step()

        self.crowd.visit(kind, kept, tell)
        if faults:
            raise FamiliesFailed(f"{len(faults)} of {len(kept)} families failed at “{kind}”: " + "; ".join(faults[:5]))

    def visit_once(self, kind: str, kept: Mapping[str, Mapping[str, Any]]) -> None:
        """The visit of those of these families that have not made it yet."""
        done = {family for family, line in self.journal.by_family(kind).items() if "fault" not in line}
        if todo := {family: line for family, line in kept.items() if family not in done}:
            self.visit(kind, todo)

    def kept(self) -> dict[str, dict[str, Any]]:
        """What every family keeps of its filing: tokens and applications."""
        names = ("token", "helper_token", "children")
        return {
            family: {name: line[name] for name in names}
            for family, line in self.journal.by_family("filed").items()
            if "fault" not in line
        }

    def move_past(self, instants: list[datetime], by_s: int) -> None:
        """Move the service's clock to `by_s` seconds after the last of these instants, if that lies ahead."""
        if instants:
            moved = advance_to(self.system, max(instants), by_s)
            self.journal.note("clock", moved_s=moved)
            self.screen.note(f"the clock moves on by {moved / 86400:.1f} days")


def private_schools(city: Path) -> list[dict[str, str]]:
    """The private schools of a city: none in one that was made before there were any."""
    file = city / "private.csv"
    return rows_of(file) if file.exists() else []


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of one of the city's tables."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
