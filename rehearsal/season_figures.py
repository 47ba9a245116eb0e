"""From what a rehearsal wrote down to the season that figures are made of. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rehearsal.figures import STEPS, Application, SchoolSeats, Season, Try
from rehearsal.place_figures import last_places, place_counts, place_statements
from rehearsal.played import Seen
from rehearsal.season_weather import OUTAGE
from rehearsal.verification_figures import statements as verification_statements

STEP_OF_LINE = {
    "已提交": "submitted",
    "审核通过": "verified",
    "学位类型已确定": "settled",
    "名单已封存": "frozen",
    "已派位": "placed",
    "已确认入学": "confirmed",
    "已报到": "enrolled",
    "学籍已建立": "recorded",
}
"""How a line of the diary begins → the step of the funnel that it tells of."""
CHECKED_LINES = ("审核通过", "等待工作人员查看")
PICTURES_MS = 10_000
"""How soon a family is to know whether its picture is good at the 95th of a hundred."""
VISITS = (
    "filed", "corrected", "wished", "deferred", "chosen", "wavered", "left", "answered", "objected", "asked-transfer",
    "answered-again", "seen",
)  # fmt: skip


def season_of(seen: Seen) -> Season:
    """The season as it was seen."""
    began, ended = seen.of("began"), seen.of("ended")
    phases: Counter[str] = Counter()
    for line in seen.of("phase"):
        phases[line["name"]] += line["ms"]
    return Season(
        seed=seen.city["seed"],
        year=seen.city["year"],
        families=seen.city["families"],
        candidates=sum(line["candidates"] for line in seen.of("exam")),
        exam=dict(seen.of("exam")[-1]) if seen.of("exam") else {},
        banners=[banner["code"] for banner in seen.city["banners"]],
        began_at=began[0]["at"] if began else "",
        ended_at=ended[-1]["at"] if ended else "",
        phases=dict(phases),
        applications=list(_applications(seen)),
        schools=list(_schools(seen)),
        tries=[Try(*each) for kind in VISITS for line in seen.of(kind) for each in line.get("tries", ())],
        cases=dict(Counter(line["decision"] for line in seen.of("case"))),
        gateways=ended[-1]["gateways"] if ended else {},
        cpu_ms=ended[-1]["cpu_ms"] if ended else {},
        kills=[
            {
                "process": f"worker of {line['queue']}",
                "signal": "SIGKILL",
                "at_ms": line["at_ms"],
                "back_ms": line["back_ms"],
            }
            for line in seen.of("killed")
        ],
        places=place_counts(seen),
        statements=_statements(seen),
    )


def _applications(seen: Seen) -> Iterable[Application]:
    last, answers = seen.newest("seen"), seen.newest("answered")
    corrected: dict[str, list[Mapping[str, Any]]] = {}
    for line in seen.of("corrected"):
        for child in line.get("children", ()):
            corrected.setdefault(child["application"], []).append(child)
    first = _first_words(seen, corrected)
    for name, filed in seen.newest("filed").items():
        ends = {child["application"]: child for child in last.get(name, {}).get("children", ())}
        answered = {child["application"]: child for child in answers.get(name, {}).get("children", ())}
        for child in filed.get("children", ()):
            key, family = child["application"], seen.families[name]
            end = ends.get(key, {})
            diary = end.get("diary", ())
            steps = {"registered"} | {step for line in diary if (step := step_of(line["what"])) is not None}
            sent = [child["papers"], *(each["papers"] for each in corrected.get(key, ()))]
            yield Application(
                id=key,
                family=name,
                banner=family["banner"],
                stage=family["stage"],
                channel=filed["channel"],
                state=end.get("state", "not-seen"),
                steps=frozenset(step for step in STEPS if step in steps),
                school=end.get("school") or answered.get(key, {}).get("school"),
                checks=dict(_checks(diary, seen.items)) | first.get(key, {}),
                papers=dict(sum((Counter(each) for each in sent), Counter())),
                waits_ms={**child["waits"], **_waits(diary)},
            )


def _first_words(seen: Seen, corrected: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, dict[str, str]]:
    """Application → item → what was said of the first submission: read by the family before it corrected, or by the desk."""
    told = [(key, child["checks"]) for key, children in corrected.items() for child in children if "checks" in child]
    told += [(line["application"], line["checks"]) for line in seen.of("case")]
    first: dict[str, dict[str, str]] = {}
    for application, checks in told:
        first.setdefault(application, {seen.items[name]: state for name, state in checks.items()})
    return first


def step_of(what: str) -> str | None:
    """The step of the funnel that a line of the diary tells of, or None."""
    return next((step for begins, step in STEP_OF_LINE.items() if what.startswith(begins)), None)


def _checks(diary: Sequence[Mapping[str, Any]], items: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for line in diary:
        if line["check_id"] and line["what"] in items:
            yield items[line["what"]], line["verdict"]


def _waits(diary: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How long the departments took for the first submission: from it to the first word on it, by the service's clock."""
    submitted = [line["at"] for line in diary if line["what"] == "已提交"]
    checked = [line["at"] for line in diary if line["what"] in CHECKED_LINES]
    if not submitted or not checked:
        return {}
    took = datetime.fromisoformat(min(checked)) - datetime.fromisoformat(min(submitted))
    return {"checks": round(took.total_seconds() * 1000)}


def _schools(seen: Seen) -> Iterable[SchoolSeats]:
    twins = Counter(
        child["school"]
        for line in seen.of("seen")
        if len(line.get("children", ())) > 1
        for child in line["children"][1:]
        if child["school"]
    )
    classes = {line["school"]: line for line in seen.of("classes")}
    for page in _pages(seen):
        code, shown, formed = page["school"], page["page"] or {}, classes.get(page["school"], {})
        yield SchoolSeats(
            code=code,
            name=page["name"],
            stage=page["stage"],
            seats=shown.get("seats", 0),
            placed=shown.get("placed", 0),
            confirmed=formed.get("confirmed", 0),
            recorded=formed.get("records", {}).get("rows", 0),
            allowed_over=min(twins[code], 1),
            holding=shown.get("holding", 0),
        )


def _pages(seen: Seen) -> list[Mapping[str, Any]]:
    """The newest look at every school's page, each child at its last place."""
    return last_places({line["school"]: line for line in seen.of("page")}.values())


def _exam_statements(seen: Seen) -> Iterable[tuple[str, int, int]]:
    for line in seen.of("exam"):
        yield "candidates who read their result", line["read"], line["candidates"]
        yield (
            "candidates who are told a school are those of the public results",
            line["admitted"],
            line["public_admitted"],
        )
        yield "candidates admitted above the plan without a tie", line["above_plan"], 0
        yield "better wishes of a standing order that were passed over", line["passed_over_lists"], 0


def _ledgers(seen: Seen) -> Iterable[Mapping[str, Any]]:
    """The newest check of every ledger that was taken home."""
    return {(line["season"], line["level"]): line for line in seen.of("ledger")}.values()


def _verification(seen: Seen) -> Iterable[tuple[str, int, int]]:
    """What verification came to in every banner; under an outage also what families waited for their pictures (P15, P19)."""
    for line in {line["banner"]: line for line in seen.of("verification")}.values():
        yield from verification_statements(line["told"], line["queue"])
    rejected = {line["application"] for line in seen.of("case") if line["decision"] == "reject"}
    ends = [child for line in seen.newest("seen").values() for child in line.get("children", ())]
    by_itself = [each for each in ends if each["state"] == "rejected" and each["application"] not in rejected]
    yield "applications rejected without an official's word", len(by_itself), 0
    if any(line["name"] == OUTAGE for line in seen.of("weather")):
        yield from _outage(seen)


def _outage(seen: Seen) -> Iterable[tuple[str, int, int]]:
    waits = sorted(
        child["waits"]["paper"]
        for line in seen.newest("filed").values()
        for child in line.get("children", ())
        if "paper" in child["waits"]
    )
    late = waits[-(-len(waits) * 95 // 100) - 1] if waits else 0
    yield "verdicts on pictures at the 95th of 100: milliseconds above ten seconds", max(0, late - PICTURES_MS), 0
    told = [line["told"] for line in seen.of("verification")]
    was_out = any(line["department"] == "land" and line["failed_at"] for each in told for line in each["lines"])
    yield "the outage of the land registry was met", int(was_out), 1
    asked = any(item["item"] == "market/business" for each in told for item in each["items"])
    yield "the wrong batch file was refused whole", min(1, max(each["refused_files"] for each in told)), int(asked)


def _statements(seen: Seen) -> list[tuple[str, int, int]]:
    """What must hold beside the figures: (what, left, right)."""
    filed = [child["receipt"] for line in seen.newest("filed").values() for child in line.get("children", ())]
    ends = [child for line in seen.newest("seen").values() for child in line.get("children", ())]
    pages = [line["page"] for line in _pages(seen) if line["page"]]
    shown = [receipt for page in pages for receipt in page["receipts"]]
    answered = [child for line in seen.newest("answered").values() for child in line.get("children", ())]
    inputs = {run["input_sha256"] for kind in ("run", "private-draw") for run in seen.of(kind)}
    classes = seen.of("classes")
    return [
        ("receipts that families were given are receipts at the end", len(set(filed)), len({end["receipt"] for end in ends})),
        ("receipts on public pages are receipts of families", len(set(shown) - set(filed)), 0),
        ("receipts on public pages stand there once", len(shown), len(set(shown))),
        ("names and identity numbers on public pages", sum(page["leaks"] for page in pages), 0),
        ("public pages name the input of a released run", len({page["input_sha256"] for page in pages} - inputs), 0),
        ("placed children with a why-card", sum(bool(each["card_lines"]) for each in answered if each["school"]), sum(bool(each["school"]) for each in answered)),
        ("children whose family got the message of the result", sum(min(each["messages"], 1) for each in answered if each.get("called", True)), sum(each.get("called", True) for each in answered)),
        ("pupils in classes are records", sum(sum(line["classes"]) for line in classes), sum(line["records"]["rows"] for line in classes)),
        *((f"decisions of the {each['level']} ledger of {each['season']} that its checker verifies", each["verified"], each["decisions"]) for each in _ledgers(seen)),
        *place_statements(seen),
        *_exam_statements(seen),
        *_verification(seen),
        ("workers that were killed came back", sum(line["back_ms"] is not None for line in seen.of("killed")), len(seen.of("killed"))),
    ]  # fmt: skip
