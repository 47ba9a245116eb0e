"""What a rehearsed season does about places up to its public draw: preferences, private schools, deferrals, leaving a list.

Three sample families play it (one claims a preference and later objects to its result, two want the same private seat),
and the families with a part of place_parts.py.
"""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import requests

from rehearsal.ceremony import hold_ceremony
from rehearsal.office import Office, OfficeRefused
from rehearsal.place_parts import PREFERRED, WISHERS
from rehearsal.place_visits import EVIDENCE
from rehearsal.season import Season
from rehearsal.season_desk import Bureau, wait_until, witnesses
from rehearsal.season_schools import TIMEOUT, seen_by_anybody

INTERVIEWS = ("150603-J90",)
"""Private schools whose book states the exception for an interview beside the draw (exercises.py)."""
WISHES = {"F000001": "preference", "F000002": "private", "F000004": "private"}
"""Sample family → what it wants besides a public place."""


def wish(season: Season) -> None:
    """Families claim a preference, register for a private school, ask for a deferral; the offices answer at once."""
    wants = WISHES | {family: "private" for part in WISHERS for family in season.playing(part)}
    wants |= {family: "preference" for part in PREFERRED for family in season.playing(part)}
    kept = season.kept()
    season.visit_once(
        "wished", {family: {**kept[family], "wants": wants[family]} for family in wants if family in kept}
    )
    season.visit_once("deferred", {family: kept[family] for family in season.playing("defers")})
    for login, official in sorted(season.officials.items()):
        if login.startswith("department-") and season.has_families_in(login.split("-")[1]):
            _answer_claims(season, Office(season.service, dict(official)), login)
    for bureau in season.bureaus:
        _answer_deferrals(season, bureau)


def _answer_claims(season: Season, office: Office, login: str) -> None:
    for claim in office.post("/desk/preferences/look")["items"]:
        office.post(f"/desk/preferences/{claim['id']}/answer", {"approves": True, "reason": f"已核验：{EVIDENCE}"})
        season.journal.note("preference", department=login, receipt=claim["receipt"])


def _answer_deferrals(season: Season, bureau: Bureau) -> None:
    """Approve what is asked, and find the child a kindergarten that has seats to spare."""
    items = bureau.first.post(f"/desk/banners/{bureau.banner}/deferrals/look")["items"]
    room = [
        row["code"]
        for row in season.schools_of(bureau.banner, "kindergarten")
        if row["code"] != season.told.get("short")
    ]
    for place, one in enumerate(items):
        path = f"/desk/deferrals/{one['id']}"
        if one["state"] == "asked":
            bureau.first.post(f"{path}/answer", {"approves": True, "reason": "演练：已核对医院证明。"})
        if room and one["kindergarten"] is None:
            bureau.first.post(f"{path}/kindergarten", {"school": room[place % len(room)]})
        season.screen.note(f"{bureau.banner}: a child enters a year later")


def allocate(season: Season) -> None:
    """Freeze, draw, check, release, stage by stage; private schools first, and some leave a list that is frozen."""
    for bureau in season.bureaus:
        for stage in bureau.stages:
            draw_private(season, bureau, stage)
            run = bureau.place(stage, season.seed, partial(_leave, season, bureau, stage))
            note_run(season, run, keeps_silent=int(stage == bureau.stages[-1]))


def _leave(season: Season, bureau: Bureau, stage: str) -> None:
    kept = season.kept()
    season.visit_once("left", {family: kept[family] for family in season.playing("leaves", bureau.banner, stage)})


def note_run(season: Season, run: Mapping[str, Any] | None, *, keeps_silent: int = 0) -> None:
    """Write a released run down once, with what its public ceremony file says; `keeps_silent` witnesses were to keep silent.

    A season that goes on meets the newest run of a stage, which may be a further round that is written down already.
    """
    if run is None or any(known["id"] == run["id"] for known in season.journal.of("run")):
        return
    facts = {name: run[name] for name in ("id", "scope", "state", "count", "input_sha256", "report")}
    told = requests.get(f"{season.service}/api/ceremonies/{run['id']}", timeout=TIMEOUT).json()
    silent = sum(bool(one["commitment"]) and one["text"] is None for one in told["witnesses"])
    struck_out = len(told["struck_out"])
    season.journal.note("run", **facts, keeps_silent=keeps_silent, silent=silent, struck_out=struck_out)
    season.screen.note(f"{run['scope']}: {run['count']} applications, {run['state']}")


def draw_private(season: Season, bureau: Bureau, stage: str) -> None:
    """Freeze, draw, check and release the list of every private school of the stage, before the public list."""
    for row in season.schools:
        is_here = row["code"].startswith(f"{bureau.banner}-") and row["stage"] == stage
        drawn = {line["school"] for line in season.journal.of("private-draw")}
        if is_here and row.get("private") and row["code"] not in drawn:
            run = _drawn(season, bureau, row["code"])
            if run is not None:
                told = {"scope": run["scope"], "count": run["count"], "input_sha256": run["input_sha256"]}
                season.journal.note("private-draw", school=row["code"], **told)
                season.screen.note(f"{run['scope']}: {run['count']} registered, {run['state']}")
            _waver(season, bureau, row)


def _drawn(season: Season, bureau: Bureau, school: str) -> dict[str, Any] | None:
    known = [line for line in season.journal.of("private-frozen") if line["school"] == school]
    if known:
        run = bureau.first.get(f"/desk/runs/{known[-1]['run']}")
    else:
        try:
            year = bureau.first.service_time().year
            run = bureau.first.post(f"/desk/schools/{school}/draw", {"draw": f"{school}/{year}"})
        except OfficeRefused as refused:
            if refused.code != "nobody-ready":
                raise
            return None
        season.journal.note("private-frozen", school=school, run=run["id"])
    if run["state"] == "frozen":
        hold_ceremony(bureau.first, run, witnesses(f"{season.seed}/{school}"))
    run = bureau.released(run)
    wait_until(f"the announced draw of {school}", lambda: bureau.in_states("frozen") == 0)
    return dict(run)


def _waver(season: Season, bureau: Bureau, row: Mapping[str, str]) -> None:
    """Who plays that gives up the private seat it drew; the next of the drawn order gets it before the public draw.

    Where the book states the exception (D10) the school then interviews who got it: the first is not admitted and stands
    in the public list as though never drawn, the next is.
    """
    kept, school = season.kept(), row["code"]
    families = season.playing("wavers", bureau.banner, row["stage"])
    season.visit_once("wavered", {family: kept[family] for family in families})
    lines = season.journal.by_family("wavered")
    given_up = sum(len(lines[family].get("given_up", ())) for family in families if family in lines)
    in_line = sum(one["wants"] == school for one in season.wishes()) - given_up
    if given_up and in_line > 0:
        wait_until(f"the line of {school}", lambda: moves_at(season.service, school) >= given_up)
    if school in INTERVIEWS:
        _interview(season, school, in_line)


def _interview(season: Season, school: str, in_line: int) -> None:
    """The school's word on one child after the other, as they come down its line."""
    office = season.office_of(school)
    while due := [
        each for each in office.post(f"/desk/schools/{school}/admitted")["items"] if each["interview"] == "due"
    ]:
        one, held = due[0], len([line for line in season.journal.of("interview") if line["school"] == school])
        passed = held > 0 or in_line <= 1
        body = {"passed": passed, "reason": "" if passed else "演练：面谈后没有录取"}
        office.post(f"/desk/schools/{school}/interviews/{one['application']}", body)
        season.journal.note("interview", school=school, receipt=one["receipt"], passed=passed)
        if not passed:
            moves = moves_at(season.service, school)
            wait_until(f"the next in the line of {school}", lambda: moves_at(season.service, school) > moves)  # noqa: B023  # waited for before the loop goes on


def private_result(service: str, school: str, secret: Collection[str]) -> dict[str, Any] | None:
    """What anybody sees of a private school's draw: seats, who got one by receipt, and how many `secret` texts show."""
    seen = seen_by_anybody(service, f"/api/schools/{school}/draw", f"/public/schools/{school}/draw", secret)
    if seen is None:
        return None
    told, leaks = seen
    line = requests.get(f"{service}/api/schools/{school}/waiting", timeout=TIMEOUT).json()
    moves = line["moves"]
    admitted = [row["no"] for row in told["rows"] if row["result"] == "admitted" and not row["is_struck_out"]]
    return {
        "name": told["name"],
        "seats": told["seats"],
        "is_private": True,
        "placed": len(admitted) + len(moves),
        "holding": told["seats"] - line["free"],
        "receipts": [*admitted, *(move["no"] for move in moves)],
        "input_sha256": told["input_sha256"],
        "leaks": leaks,
    }


def line_at(service: str, school: str) -> dict[str, Any]:
    """What anybody sees of a school's waiting list: `moves` so far, `waiting` children, `free` seats that go down it."""
    answer = requests.get(f"{service}/api/schools/{school}/waiting", timeout=TIMEOUT)
    told: Mapping[str, Any] = answer.json() if answer.ok else {"moves": [], "line": [], "free": 0}
    return {"moves": len(told["moves"]), "waiting": len(told["line"]), "free": told["free"]}


def moves_at(service: str, school: str) -> int:
    """How often the waiting list of a school has moved so far."""
    return int(line_at(service, school)["moves"])


def public_claims(service: str, banner: str) -> set[str]:
    """The receipts in the banner's public list of preferences."""
    told: Mapping[str, Any] = requests.get(f"{service}/api/banners/{banner}/preferences", timeout=TIMEOUT).json()
    return {row["no"] for row in told["items"]}
