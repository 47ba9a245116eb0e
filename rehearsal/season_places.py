"""What a rehearsed season does about places besides the public draw: preferences, a private school, objections, filing.

Three sample families play it: one claims a preference and later objects to its result, two want the same private seat.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import requests

from rehearsal.ceremony import hold_ceremony
from rehearsal.office import Office, OfficeRefused
from rehearsal.place_visits import EVIDENCE
from rehearsal.season import Season
from rehearsal.season_desk import Bureau, finished, wait_until, witnesses
from rehearsal.season_schools import TIMEOUT, seen_by_anybody

WISHES = {"F000001": "preference", "F000002": "private", "F000004": "private"}
"""Sample family → what it wants besides a public place."""
OBJECTS = "F000001"
AFTER_THE_POSTING_S = 120


def wish(season: Season) -> None:
    """Families claim a preference or register for a private school; the departments answer at once."""
    done = season.journal.by_family("wished")
    kept = season.kept()
    todo = {family: {**kept[family], "wants": wants} for family, wants in WISHES.items() if family in kept}
    season.visit("wished", {family: line for family, line in todo.items() if family not in done})
    for login, official in sorted(season.officials.items()):
        if login.startswith("department-") and season.has_families_in(login.split("-")[1]):
            _answer_claims(season, Office(season.service, dict(official)), login)


def _answer_claims(season: Season, office: Office, login: str) -> None:
    for claim in office.post("/desk/preferences/look")["items"]:
        office.post(f"/desk/preferences/{claim['id']}/answer", {"approves": True, "reason": f"已核验：{EVIDENCE}"})
        season.journal.note("preference", department=login, receipt=claim["receipt"])


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
    run = finished(bureau.first, run)
    path = f"/desk/runs/{run['id']}"
    if run["state"] == "checked":
        run = bureau.first.post(f"{path}/approval", {"output_sha256": run["output_sha256"]})
    if run["state"] == "approved":
        run = bureau.second.post(f"{path}/approval", {"output_sha256": run["output_sha256"]})
    wait_until(f"the announced draw of {school}", lambda: bureau.in_states("frozen") == 0)
    return dict(run)


def object_to_results(season: Season) -> None:
    """One family objects; an official who has not decided its case answers."""
    kept = season.kept()
    if OBJECTS in kept and OBJECTS not in season.journal.by_family("objected"):
        season.visit("objected", {OBJECTS: kept[OBJECTS]})
    for bureau in season.bureaus:
        path = f"/desk/banners/{bureau.banner}/objections"
        for one in bureau.first.get(path)["items"]:
            if one["state"] == "filed":
                _answer_objection(bureau, one["id"])
                season.journal.note("objection", banner=bureau.banner, receipt=one["receipt"])


def _answer_objection(bureau: Bureau, objection: str) -> None:
    body = {"upholds": False, "answer": "演练：已复核片区、核验结果和排序，结果不变。", "fault": None}
    for office in bureau.both:
        try:
            office.post(f"/desk/objections/{objection}/look")
            office.post(f"/desk/objections/{objection}/answer", body)
        except OfficeRefused as refused:
            if refused.code != "second-official-needed":
                raise
        else:
            return


def file_lists(season: Season) -> None:
    """The clock passes the posting of every published result; then each stage's lists are filed with the bureau (E28)."""
    done = {(line["banner"], line["stage"]) for line in season.journal.of("filing")}
    posted: dict[tuple[str, str], datetime] = {}
    for row in season.schools:
        banner = row["code"].split("-", maxsplit=1)[0]
        answer = requests.get(f"{season.service}/api/schools/{row['code']}/results", timeout=TIMEOUT)
        if answer.ok and not row.get("private") and (banner, row["stage"]) not in done:
            posted[banner, row["stage"]] = datetime.fromisoformat(answer.json()["posted_until"])
    season.move_past(list(posted.values()), AFTER_THE_POSTING_S)
    for bureau in season.bureaus:
        for banner, stage in sorted(posted):
            if banner == bureau.banner:
                filed = bureau.first.post(f"/desk/banners/{banner}/stages/{stage}/filings")
                season.journal.note("filing", banner=banner, stage=stage, number=filed["number"])


def private_result(service: str, school: str, secret: Collection[str]) -> dict[str, Any] | None:
    """What anybody sees of a private school's draw: seats, who got one by receipt, and how many `secret` texts show."""
    seen = seen_by_anybody(service, f"/api/schools/{school}/draw", f"/public/schools/{school}/draw", secret)
    if seen is None:
        return None
    told, leaks = seen
    moves = requests.get(f"{service}/api/schools/{school}/waiting", timeout=TIMEOUT).json()["moves"]
    admitted = [row["no"] for row in told["rows"] if row["result"] == "admitted" and not row["is_struck_out"]]
    return {
        "name": told["name"],
        "seats": told["seats"],
        "placed": len(admitted) + len(moves),
        "receipts": [*admitted, *(move["no"] for move in moves)],
        "input_sha256": told["input_sha256"],
        "leaks": leaks,
    }


def moves_at(service: str, school: str) -> int:
    """How often the waiting list of a school has moved so far."""
    answer = requests.get(f"{service}/api/schools/{school}/waiting", timeout=TIMEOUT)
    return len(answer.json()["moves"]) if answer.ok else 0


def public_claims(service: str, banner: str) -> set[str]:
    """The receipts in the banner's public list of preferences."""
    told: Mapping[str, Any] = requests.get(f"{service}/api/banners/{banner}/preferences", timeout=TIMEOUT).json()
    return {row["no"] for row in told["items"]}
