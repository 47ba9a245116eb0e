"""A whole season on a simulated city through the real service: families, departments, officials, schools, the public.

Every phase looks at how things stand and does what is missing, so that a rehearsal that was stopped can go on.
"""

import csv
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import requests

from rehearsal import season_schools as schools
from rehearsal.office import Office
from rehearsal.phone import City
from rehearsal.season_crowd import Crowd, families_in
from rehearsal.season_desk import Bureau, advance_to, wait_until
from rehearsal.season_journal import Journal
from rehearsal.season_kills import kill_worker
from rehearsal.season_pictures import draw_pool

KILLS = ((0.35, "pictures"), (0.55, "checks"), (0.75, "notices"))
"""Share of families that have filed → the queue whose worker is killed then."""
WEATHER = {
    "exchange": {"latency_ms": {"*": [5, 60]}, "outages": [{"name": "land", "from_s": 5, "lasts_s": 20}]},
    "sms": {"error_rate": {"receipt": 0.02}},
}
"""The departments take their time, the land registry is out for twenty seconds, one receipt in fifty is lost."""
AFTER_THE_CLOSE_S, AFTER_A_DEADLINE_S = 180, 120
ROUNDS_AT_MOST = 6


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
    """One rehearsal: where the service and the city answer, the folder it keeps its journal in, who is told."""

    city: City
    service: str
    gateways: Mapping[str, str]
    folder: Path
    seed: str
    officials: Mapping[str, Mapping[str, Any]]
    screen: Screen
    processes: int = 2
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.told = json.loads((self.city_folder / "city.json").read_text(encoding="utf-8"))
        self.families = families_in(self.city_folder / "families.jsonl")
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

    def run(self) -> None:
        """The whole season, phase by phase. Raises SeasonStuck, CrowdStuck, OfficeRefused, FamiliesFailed."""
        for phase in (
            self.draw_pictures, self.file, self.check_and_review, self.close, self.settle, self.choose, self.allocate,
            self.answer, self.let_pass, self.form_classes, self.look_at_schools, self.look_back,
        ):  # fmt: skip
            with self._timed(phase.__name__.replace("_", "-")):
                phase()

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        if not self.journal.of("began"):
            self.journal.note("began", at=datetime.now().astimezone().isoformat(timespec="seconds"))
        self.screen.begin(name, None)
        yield
        self.journal.note("phase", name=name, ms=round((time.monotonic() - began) * 1000))

    def draw_pictures(self) -> None:
        """The pool of photographs."""
        draw_pool(self.folder / "pictures", self.families.values())

    def file(self) -> None:
        """All families ask, register, photograph and submit; workers are killed and a department goes out meanwhile."""
        (self.folder / "faults.json").write_text(json.dumps(WEATHER))
        done = {family for family, line in self.journal.by_family("filed").items() if "fault" not in line}
        killer = threading.Thread(target=self._kill_on_the_way, daemon=True)
        killer.start()
        self.visit("filed", {family: {} for family in self.families if family not in done})
        killer.join()

    def _kill_on_the_way(self) -> None:
        for share, queue in KILLS:
            if any(line["queue"] == queue for line in self.journal.of("killed")):
                continue
            while len(self.journal.by_family("filed")) < share * len(self.families):
                time.sleep(0.05)
            self.kill(queue)

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

    def kept(self) -> dict[str, dict[str, Any]]:
        """What every family keeps of its filing: tokens and applications."""
        names = ("token", "helper_token", "children")
        return {
            family: {name: line[name] for name in names}
            for family, line in self.journal.by_family("filed").items()
            if "fault" not in line
        }

    def check_and_review(self) -> None:
        """Departments answer, officials decide, returned families correct, until nothing is open."""
        kept = self.kept()
        papers_of = {
            child["application"]: self.families[family]["papers_say"]
            for family, line in kept.items()
            for child in line["children"]
        }
        for _ in range(ROUNDS_AT_MOST):
            decided: Counter[str] = Counter()
            for bureau in self.bureaus:
                bureau.checks_done()
                decided += bureau.decide_cases(papers_of, self._note_case)
            if not any(bureau.in_states("returned") for bureau in self.bureaus):
                break
            returned = {line["application"] for line in self.journal.of("case") if line["decision"] == "return"}
            self.visit("corrected", {family: line for family, line in kept.items() if _has_one_of(line, returned)})

    def _note_case(self, application: str, decision: str) -> None:
        self.journal.note("case", application=application, decision=decision)
        self.screen.step()

    def close(self) -> None:
        """The clock passes the end of every window; what was left with departments or desk is finished."""
        items = requests.get(f"{self.service}/api/banners", timeout=30).json()["items"]
        closes = [window["closes_at"] for banner in items for window in banner["windows"]]
        self._move_past([datetime.fromisoformat(each) for each in closes], AFTER_THE_CLOSE_S)

    def _move_past(self, instants: list[datetime], by_s: int) -> None:
        if instants:
            moved = advance_to(self.system, max(instants), by_s)
            self.journal.note("clock", moved_s=moved)
            self.screen.note(f"the clock moves on by {moved / 86400:.1f} days")

    def settle(self) -> None:
        """Seat types for all; the worker that does it is killed on the way. Raises SeasonUnsettled."""
        waiting = [each for bureau in self.bureaus for each in bureau.settle(lambda: self.kill("decisions"))]
        if waiting:
            raise SeasonUnsettled(f"{len(waiting)} applications cannot be settled: {waiting[:3]}")

    def choose(self) -> None:
        """Weifang's way: families whose papers are checked choose their school."""
        if any(bureau.in_states("choosing") for bureau in self.bureaus):
            self.visit("chosen", self.kept())

    def allocate(self) -> None:
        """Freeze, draw, check, release, stage by stage."""
        for bureau in self.bureaus:
            for stage in bureau.stages:
                run = bureau.place(stage, self.seed)
                if run is not None:
                    facts = {name: run[name] for name in ("id", "scope", "state", "count", "input_sha256", "report")}
                    self.journal.note("run", **facts)
                    self.screen.note(f"{run['scope']}: {run['count']} applications, {run['state']}")

    def answer(self) -> None:
        """Families read their result and answer; where the book lets the school confirm, the schools do."""
        done = {family for family, line in self.journal.by_family("answered").items() if "fault" not in line}
        self.visit("answered", {family: line for family, line in self.kept().items() if family not in done})
        answers = self.journal.of("answered")
        by_school = {
            child["school"]
            for line in answers
            for child in line.get("children", ())
            if child["confirms"] == "school"
            and child["school"]
            and self.families[line["family"]]["answers"] == "confirm"
        }
        for school in sorted(by_school):
            schools.confirm_families(self.office_of(school), school)

    def office_of(self, school: str) -> Office:
        """The official of a school, logged in."""
        return Office(self.service, dict(self.officials[f"school-{school}"]))

    def let_pass(self) -> None:
        """The clock passes the deadline of the answers: silence is what the book says it is."""
        deadlines = [
            datetime.fromisoformat(child["confirm_by"])
            for line in self.journal.of("answered")
            for child in line.get("children", ())
            if child["confirm_by"]
        ]
        self._move_past(deadlines, AFTER_A_DEADLINE_S)
        for bureau in self.bureaus:
            wait_until(f"answers and silences of {bureau.banner}", lambda bureau=bureau: not bureau.in_states("placed"))  # type: ignore[misc]

    def form_classes(self) -> None:
        """Every school with children reads its list, forms its classes, exports its records."""
        done = {line["school"] for line in self.journal.of("classes")}
        todo = [row for row in rows_of(self.city_folder / "schools.csv") if row["code"] not in done]
        self.screen.begin("form-classes", len(todo))
        for row in todo:
            office = self.office_of(row["code"])
            told = schools.form_classes(office, row["code"], row["stage"], self.seed)
            told["records"] = schools.export(office, row["code"])
            self.journal.note("classes", **told)
            self.screen.step()

    def look_at_schools(self) -> None:
        """Anybody looks at every school's page; somebody sends a tip-off and follows it."""
        secret = {
            text
            for family in self.families.values()
            for text in (family["guardian"]["id_number"], *(child["id_number"] for child in family["children"]))
        }
        names = {child["name"] for family in self.families.values() for child in family["children"]}
        for row in rows_of(self.city_folder / "schools.csv"):
            page = schools.public_result(self.service, row["code"], secret | names)
            self.journal.note("page", school=row["code"], stage=row["stage"], name=row["name"], page=page)
        for banner in self.told["banners"]:
            filed = schools.tip_off(self.service, banner["code"], f"tip-{self.seed}-{banner['code']}")
            self.journal.note("tip-off", banner=banner["code"], **filed)

    def look_back(self) -> None:
        """Every family looks where its children stand; the gateways tell what they did."""
        self.visit("seen", self.kept())
        figures = {
            name: requests.get(f"{address}/figures", timeout=30).json() for name, address in self.gateways.items()
        }
        ended_at = datetime.now().astimezone().isoformat(timespec="seconds")
        self.journal.note("ended", at=ended_at, gateways=figures)


class FamiliesFailed(Exception):
    """Families could not make their visit; the message names the first ones and why."""


class SeasonUnsettled(Exception):
    """Applications are left without a seat type: they would stay in limbo."""


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of one of the city's tables."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _has_one_of(line: Mapping[str, Any], applications: set[str]) -> bool:
    return any(child["application"] in applications for child in line["children"])
