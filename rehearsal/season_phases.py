"""The phases of a rehearsed season, in order: from the pictures that families take to their last look back."""

import json
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import requests

from rehearsal import season_ledger, season_schools
from rehearsal.office import Office
from rehearsal.place_changes import change_places, file_lists, object_to_results
from rehearsal.season import Season
from rehearsal.season_desk import wait_until
from rehearsal.season_exam import sit_exam
from rehearsal.season_load import cpu_ms
from rehearsal.season_pictures import draw_pool
from rehearsal.season_places import allocate, line_at, private_result, public_claims, wish
from rehearsal.season_weather import WEATHERS, passes_after_s

KILLS = ((0.35, "pictures"), (0.55, "checks"), (0.75, "notices"))
"""Share of families that have filed → the queue whose worker is killed then."""
AFTER_THE_CLOSE_S, AFTER_A_DEADLINE_S = 180, 120
ROUNDS_AT_MOST = 12
SCHOOLS_AT_ONCE = 3
SHORTEST_NAME = 3
"""Names of two characters are not looked for on public pages: they stand in the names of places by chance."""


class SeasonUnsettled(Exception):
    """Applications are left without a seat type: they would stay in limbo."""


def play(season: Season) -> None:
    """The whole season. Raises SeasonStuck, SeasonUnsettled, CrowdStuck, OfficeRefused, FamiliesFailed."""
    for phase in PHASES:
        with season.timed(phase.__name__.replace("_", "-")):
            phase(season)


def draw_pictures(season: Season) -> None:
    """The pool of photographs."""
    draw_pool(season.folder / "pictures", season.families.values())


def file(season: Season) -> None:
    """All families ask, register, photograph and submit; workers are killed and a department goes out meanwhile."""
    if not season.journal.of("weather"):
        (season.folder / "faults.json").write_text(json.dumps(WEATHERS[season.weather]))
        season.journal.note("weather", name=season.weather)
    done = {family for family, line in season.journal.by_family("filed").items() if "fault" not in line}
    killer = threading.Thread(target=lambda: _kill_on_the_way(season), daemon=True)
    killer.start()
    season.visit("filed", {family: {} for family in season.families if family not in done})
    killer.join()
    _outlast(season)


def _outlast(season: Season) -> None:
    """The clock passes the end of an outage, once."""
    passes = passes_after_s(season.weather)
    if passes and not season.journal.of("outlasted"):
        season.move_past([season.system.service_time()], passes)
        season.journal.note("outlasted", by_s=passes)


def _kill_on_the_way(season: Season) -> None:
    for share, queue in KILLS:
        if any(line["queue"] == queue for line in season.journal.of("killed")):
            continue
        while len(season.journal.by_family("filed")) < share * len(season.families):
            time.sleep(0.05)
        season.kill(queue)


def check_and_review(season: Season) -> None:
    """Departments answer, families correct what came back to them, officials decide the rest, until nothing is open."""
    kept = season.kept()
    papers_of = {
        child["application"]: season.families[family]["papers_say"]
        for family, line in kept.items()
        for child in line["children"]
    }

    forged = {child["application"] for family in season.playing("forged") for child in kept[family]["children"]}

    def note_case(case: Mapping[str, Any], decision: str) -> None:
        checks = {check["item"]: check["state"] for check in case["checks"]}
        season.journal.note(
            "case", application=case["application"], decision=decision, checks=checks, reasons=case["reasons"]
        )
        season.screen.step()

    for _ in range(ROUNDS_AT_MOST):
        for bureau in season.bureaus:
            bureau.checks_done()
        late = {family for family in season.playing("late") if family in season.journal.by_family("corrected")}
        silent = {child["receipt"] for family in late for child in kept[family]["children"]}
        if returned := {receipt for bureau in season.bureaus for receipt in bureau.returned()} - silent:
            season.visit("corrected", {family: line for family, line in kept.items() if _has_one_of(line, returned)})
        elif not sum(bureau.decide_cases(papers_of, note_case, forged).total() for bureau in season.bureaus):
            break
    for bureau in season.bureaus:
        season.journal.note("verification", banner=bureau.banner, **bureau.verification())


def close(season: Season) -> None:
    """The clock passes the end of every window; what was left with departments or desk is finished."""
    items = requests.get(f"{season.service}/api/banners", timeout=30).json()["items"]
    closes = [window["closes_at"] for banner in items for window in banner["windows"]]
    season.move_past([datetime.fromisoformat(each) for each in closes], AFTER_THE_CLOSE_S)
    for bureau in season.bureaus:
        wait_until(f"returns that lapsed in {bureau.banner}", lambda bureau=bureau: not bureau.in_states("returned"))  # type: ignore[misc]


def settle(season: Season) -> None:
    """Seat types for all. Raises SeasonUnsettled."""
    waiting = [each for bureau in season.bureaus for each in bureau.settle()]
    if waiting:
        raise SeasonUnsettled(f"{len(waiting)} applications cannot be settled: {waiting[:3]}")


def choose(season: Season) -> None:
    """Weifang's way: families whose papers are checked choose their school."""
    if any(bureau.in_states("choosing") for bureau in season.bureaus):
        season.visit("chosen", season.kept())


def answer(season: Season) -> None:
    """Families read their result and answer; where the book lets the school confirm, the schools do."""
    done = {family for family, line in season.journal.by_family("answered").items() if "fault" not in line}
    season.visit("answered", {family: line for family, line in season.kept().items() if family not in done})
    by_school: dict[str, set[str]] = {}
    for line in season.journal.of("answered"):
        for child in line.get("children", ()):
            if child["confirms"] == "school" and season.families[line["family"]]["answers"] == "confirm":
                by_school.setdefault(child["school"] or "", set()).add(child["application"])
    for school, families in sorted(by_school.items()):
        if school:
            season_schools.confirm_families(season.office_of(school), school, families)


def let_pass(season: Season) -> None:
    """The clock passes the deadline of the answers: silence is what the book says it is."""
    deadlines = [
        datetime.fromisoformat(child["confirm_by"])
        for line in season.journal.of("answered")
        for child in line.get("children", ())
        if child["confirm_by"]
    ]
    season.move_past(deadlines, AFTER_A_DEADLINE_S)
    for bureau in season.bureaus:
        wait_until(f"answers and silences of {bureau.banner}", lambda bureau=bureau: not bureau.in_states("placed"))  # type: ignore[misc]


def form_classes(season: Season) -> None:
    """Every school with children reads its list, forms its classes, exports its records."""
    done = {line["school"] for line in season.journal.of("classes")}
    todo = [row for row in season.schools if row["code"] not in done]
    season.screen.begin("form-classes", len(todo))

    def form(row: Mapping[str, str]) -> None:
        if row.get("private") or season_schools.admits(season.service, row["code"]):
            office = season.office_of(row["code"])
            told = season_schools.form_classes(office, row["code"], row["stage"], season.seed)
            season.journal.note("classes", **told, records=season_schools.export(office, row["code"]))
        season.screen.step()

    with ThreadPoolExecutor(SCHOOLS_AT_ONCE) as threads:
        list(threads.map(form, todo))


def look_at_schools(season: Season) -> None:
    """Anybody looks at every school's page; somebody sends a tip-off and follows it."""
    secret = {
        text
        for family in season.families.values()
        for text in (family["guardian"]["id_number"], *(child["id_number"] for child in family["children"]))
    }
    names = {child["name"] for family in season.families.values() for child in family["children"]}
    names = {name for name in names if len(name) >= SHORTEST_NAME}
    for row in season.schools:
        look = private_result if row.get("private") else season_schools.public_result
        page = look(season.service, row["code"], secret | names)
        season.journal.note("line", school=row["code"], **line_at(season.service, row["code"]))
        season.journal.note("page", school=row["code"], stage=row["stage"], name=row["name"], page=page)
    for bureau in season.bureaus:
        absent = bureau.first.get(f"/desk/banners/{bureau.banner}/absences")["items"]
        season.journal.note("absent-list", banner=bureau.banner, receipts=[one["no"] for one in absent])
    for banner in season.told["banners"]:
        season.journal.note(
            "claims", banner=banner["code"], receipts=sorted(public_claims(season.service, banner["code"]))
        )
        filed = season_schools.tip_off(season.service, banner["code"], f"tip-{season.seed}-{banner['code']}")
        season.journal.note("tip-off", banner=banner["code"], **filed)


def check_ledger(season: Season) -> None:
    """Anybody takes the public ledger home, an auditor the sealed one; each is checked by the checker of its own."""
    auditor = Office(season.service, dict(season.officials["city"]))
    for name, decisions in sorted(season_ledger.seasons(season.service).items()):
        archives = {
            "public": season_ledger.public_archive(season.service, name),
            "sealed": season_ledger.sealed_archive(auditor, name),
        }
        for level, archive in archives.items():
            told = season_ledger.check(archive, season.folder / "ledger" / level / name)
            season.journal.note("ledger", season=name, level=level, decisions=decisions, **told)
            season.screen.note(f"ledger {name}, {level}: {told['said']}")
        for school, way in season_ledger.ways_drawn(season.folder / "ledger" / "public" / name).items():
            season.journal.note("way", school=school, way=way)
        for run, is_equal in season_ledger.repeated_offline(season.folder / "ledger" / "sealed" / name).items():
            season.journal.note("offline", run=f"{name}/{run}", is_equal=is_equal)


def look_back(season: Season) -> None:
    """Every family looks where its children stand; the gateways tell what they did."""
    season.visit("seen", season.kept())
    figures = {name: requests.get(f"{address}/figures", timeout=30).json() for name, address in season.gateways.items()}
    ended_at = datetime.now().astimezone().isoformat(timespec="seconds")
    season.journal.note("ended", at=ended_at, gateways=figures, cpu_ms=cpu_ms(season.folder))


def _has_one_of(line: Mapping[str, Any], receipts: set[str]) -> bool:
    return any(child["receipt"] in receipts for child in line["children"])


PHASES = (
    draw_pictures, file, check_and_review, wish, close, settle, choose, allocate, answer, object_to_results, let_pass,
    change_places, file_lists, form_classes, look_at_schools, sit_exam, check_ledger, look_back,
)  # fmt: skip
"""What happens, in order; the names stand in figures.json."""
