"""What a rehearsed season does about places after the publication: objections, a fault and its twins, children who do
not come, lines that move, a further round, transfers, and the filing of the lists.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import requests

from rehearsal.office import OfficeRefused
from rehearsal.opening import correct_zones
from rehearsal.season import Season
from rehearsal.season_desk import Bureau, wait_until
from rehearsal.season_places import line_at, note_run
from rehearsal.season_schools import TIMEOUT

OBJECTS = "F000001"
AFTER_THE_POSTING_S = 120
FAULT = "片区表把一个地址单元划错了学校，已按正确的片区表改正。"
NO_SEAT = ("seats-waited-for", "nearer-with-room", "over-plan", "transfer-out-of-turn")
"""Why a transfer that was asked for cannot be signed by now."""
LATER = {"waits", "wavers", "moves"}
"""Parts whose family may get a place after the first publication."""


def object_to_results(season: Season) -> None:
    """Families object; an official who has not decided the case answers; a confirmed fault is mended in all its files."""
    kept = season.kept()
    objecting = [OBJECTS, *season.playing("objects")]
    season.visit_once("objected", {family: kept[family] for family in objecting if family in kept})
    faults = {
        receipt
        for family in season.playing("objects")
        for receipt in season.journal.by_family("objected").get(family, {}).get("filed", ())
    }
    for bureau in season.bureaus:
        for one in bureau.first.get(f"/desk/banners/{bureau.banner}/objections")["items"]:
            if one["state"] == "filed":
                _answer(season, bureau, one, is_fault=one["receipt"] in faults)
                season.journal.note("objection", banner=bureau.banner, receipt=one["receipt"])
            if one["receipt"] in faults and not season.journal.of("mended"):
                _mend(season, bureau, one["id"])
    hit = [*season.playing("objects"), *season.playing("misplaced")]
    season.visit_once("answered-again", {family: kept[family] for family in hit})


def _answer(season: Season, bureau: Bureau, one: Mapping[str, Any], *, is_fault: bool) -> None:
    body = {"upholds": False, "answer": "演练：已复核片区、核验结果和排序，结果不变。", "fault": None}
    if is_fault:
        correct_zones(bureau.first, bureau.banner, season.city_folder)
        body = {"upholds": True, "answer": f"演练：{FAULT}", "fault": "unit"}
    path = f"/desk/objections/{one['id']}"
    for office in bureau.both:
        try:
            office.post(f"{path}/look")
            office.post(f"{path}/answer", body)
        except OfficeRefused as refused:
            if refused.code != "second-official-needed":
                raise
        else:
            return


def _mend(season: Season, bureau: Bureau, objection: str) -> None:
    """All files of the fault: the corrected run's places are proposed, signed by the second official, the rest answered."""
    path = f"/desk/objections/{objection}/mending"
    found = bureau.first.get(path)
    changed = [one["application"] for one in found["files"] if one["is_changed"]]
    bureau.first.post(f"{path}/proposals", {"reason": FAULT, "receipts": changed})
    bureau.second.post(f"{path}/signature")
    bureau.first.post(f"{path}/answers")
    signed = [one["application"] for one in bureau.first.get(path)["files"] if one["signed"]]
    files = [one["application"] for one in found["files"]]
    season.journal.note("mended", banner=bureau.banner, files=files, changed=changed, signed=signed)
    season.screen.note(f"{bureau.banner}: a fault hit {len(files)} files, {len(signed)} places corrected")


def change_places(season: Season) -> None:
    """Children do not come and lines move; further rounds; transfers; whoever got a place later takes it."""
    for bureau in season.bureaus:
        _report_absences(season, bureau)
        _lines_moved(season, bureau)
        for stage in bureau.stages:
            if bureau.states(stage)["unplaced"] and _free_seats(season, bureau, stage):
                note_run(season, bureau.place(stage, season.seed, again="演练：给还没有学位的孩子再派一轮"))
    kept = season.kept()
    season.visit_once("asked-transfer", {family: kept[family] for family in season.playing("moves")})
    for bureau in season.bureaus:
        _sign_transfers(season, bureau)
        _lines_moved(season, bureau)
    later = {family for part in LATER for family in season.playing(part)} | set(_unplaced(season))
    season.visit_once("answered-again", {family: kept[family] for family in sorted(later)})
    for bureau in season.bureaus:
        wait_until(f"later places in {bureau.banner}", lambda bureau=bureau: not bureau.in_states("placed"))  # type: ignore[misc]


def _unplaced(season: Season) -> Iterable[str]:
    """The families that had a child without a place when they read their results."""
    for family, line in season.journal.by_family("answered").items():
        if any(child["state"] == "unplaced" for child in line.get("children", ())):
            yield family


def _report_absences(season: Season, bureau: Bureau) -> None:
    """The schools report who has not come; who comes late is reported as come while the place is kept."""
    told, receipts = {line["receipt"] for line in season.journal.of("absence")}, season.applications()
    for part in ("absent", "comes-late"):
        for family in season.playing(part, bureau.banner):
            answered = season.journal.by_family("answered").get(family, {})
            for child in answered.get("children", ()):
                receipt = receipts[child["application"]]
                if child["school"] and receipt not in told:
                    _report_absence(season, family, child, receipt, comes=part == "comes-late")


def _report_absence(season: Season, family: str, child: Mapping[str, Any], receipt: str, *, comes: bool) -> None:
    office = season.office_of(child["school"])
    path = f"/desk/schools/{child['school']}"
    try:
        reply = office.post(f"{path}/absences/{child['application']}", {"reason": "演练：开学三天没有报到"})
    except OfficeRefused as refused:
        if refused.code != "no-place-offered":
            raise
        return
    if comes:
        reply = office.post(f"{path}/arrivals/{child['application']}")
    season.journal.note(
        "absence", family=family, receipt=receipt, school=child["school"], comes=comes, state=reply["state"]
    )


def _lines_moved(season: Season, bureau: Bureau) -> None:
    """Wait until no seat is free for which somebody waits."""

    def is_moved(stage: str) -> bool:
        lines = (line_at(season.service, row["code"]) for row in season.schools_of(bureau.banner, stage))
        return not any(line["free"] and line["waiting"] for line in lines)

    for stage in bureau.stages:
        if bureau.states(stage)["unplaced"]:
            wait_until(f"the lines of {bureau.banner}/{stage}", lambda stage=stage: is_moved(stage))  # type: ignore[misc]


def _free_seats(season: Season, bureau: Bureau, stage: str) -> int:
    """The free seats of a stage, as everybody sees them."""
    return sum(line_at(season.service, row["code"])["free"] for row in season.schools_of(bureau.banner, stage))


def _sign_transfers(season: Season, bureau: Bureau) -> None:
    """Every open request is proposed by one official and signed by the other, where the book lets it."""
    applications = {receipt: key for key, receipt in season.applications().items()}
    for stage in bureau.stages:
        for one in bureau.first.get(f"/desk/banners/{bureau.banner}/stages/{stage}/transfers")["items"]:
            body = {"application": applications[one["application"]], "school": one["school"]}
            proposal = bureau.first.post("/desk/transfers", {**body, "reason": "演练：搬家，学校有空余学位"})
            try:
                bureau.second.post(f"/desk/transfers/{proposal['id']}/approval")
            except OfficeRefused as refused:
                if refused.code not in NO_SEAT:
                    raise
                bureau.first.post(f"/desk/proposals/{proposal['id']}/withdrawal", {"reason": "演练：学位已有人在前"})
                bureau.first.post(f"/desk/transfer-requests/{one['id']}/refusal", {"reason": "演练：学位已有人在前"})
                season.journal.note("transfer-refused", receipt=one["application"], why=refused.code)
            else:
                season.journal.note("transfer", receipt=one["application"], school=one["school"])
                season.screen.note(f"{bureau.banner}/{stage}: a child goes to {one['school']}")


def file_lists(season: Season) -> None:
    """The clock passes the posting of every published result; then each stage's lists are filed with the bureau (E28)."""
    done: Collection[tuple[str, str]] = {(line["banner"], line["stage"]) for line in season.journal.of("filing")}
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
