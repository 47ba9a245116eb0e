"""What the rule-books' ways of giving places must have come to for those who play them, held against the city. Pure."""

import re
from collections.abc import Iterable, Iterator

from rehearsal.exercises import PENALTY_CLASS, points_of
from rehearsal.place_grounds import FEEDING, is_of_wrong_line
from rehearsal.played import Line, Seen, Statement

TOTAL = re.compile(r"积分合计 ([0-9]+)(?:\.([0-9]{1,2}))?。")
CHOICE = re.compile(r"第 ([0-9]+) 志愿。")
TWINS_AT = "150627-P90"
"""The private school with one seat for which twins register; its book adds a seat for the other one."""


def rule_statements(seen: Seen) -> Iterable[Statement]:
    """Penalty class, points, preferences, zones and their faults, feeders, overflow, twins, siblings, choices."""
    for statements in (_classes, _zones, _crowds, _together, _choices):
        yield from statements(seen)


def _classes(seen: Seen) -> Iterator[Statement]:
    late = list(seen.children("answered", lambda family: family.get("part") == "late"))
    last = sum(child["seat_type"] == PENALTY_CLASS.get(family["banner"]) for family, child in late)
    yield "children whose papers came too late stand in the last class", last, len(late)
    insured = list(seen.children("answered", lambda family: family.get("part") == "points"))
    yield (
        "children whose card tells the points of their papers",
        sum(_points_told(child) == _points_due(family) for family, child in insured),
        len(insured),
    )

    forged = list(seen.children("answered", lambda family: family.get("part") == "forged"))
    vetoed = sum(any(line.startswith("积分清零") for line in child["said"]) for _, child in forged)
    yield "children whose papers were false have no points", vetoed, len(forged)
    approved = {line["receipt"] for line in seen.of("preference")}
    first = {
        child["application"]
        for _, child in seen.children("answered", lambda _: True)
        if any(line.startswith("法定优待") for line in child["said"])
    }
    yield "children of a group that law prefers are told so", len(first), len(approved)


def _points_told(child: Line) -> int | None:
    found = [TOTAL.search(line) for line in child["said"]]
    return next((int(one[1]) * 100 + int((one[2] or "").ljust(2, "0")) for one in found if one), None)


def _points_due(family: Line) -> int:
    return points_of(int(family["papers_say"]["insurance"]["累计缴费月数"]))


def _zones(seen: Seen) -> Iterator[Statement]:
    wrong = list(seen.children("seen", is_of_wrong_line))
    yield (
        "children of a wrong zone line hold the school of the right one",
        sum(child["school"] == family["choices"][0] for family, child in wrong),
        len(wrong),
    )
    files = {receipt for line in seen.of("mended") for receipt in line["files"]}
    receipts = {child["receipt"] for _, child in wrong}
    yield (
        "files of the confirmed fault are those of its address unit",
        len(files & receipts) - len(files - receipts),
        len(receipts),
    )
    pupils = list(seen.children("answered", lambda family: family["banner"] == FEEDING and family["stage"] == "junior"))
    told = {child["application"] for _, child in pupils if any("毕业小学对口直升" in line for line in child["said"])}
    due = {child["application"] for family, child in pupils if family.get("is_fed")}
    yield (
        "children whose primary school feeds a junior school stand in its list",
        len(told & due) - len(told - due),
        len(due),
    )


def _crowds(seen: Seen) -> Iterator[Statement]:
    """Whom a full zone leaves over goes to the first school with room, those of the own group before the nearer ones."""
    full = seen.city.get("full") or {"school": None, "then": []}
    filled = {
        line["school"] for line in seen.of("page") if line["page"] and line["page"]["placed"] >= line["page"]["seats"]
    }
    over = [
        child
        for _, child in seen.children("answered", lambda family: family["choices"][0] == full["school"])
        if child["step"] == "overflow"
    ]
    right = 0
    for child in over:
        school, then = child["school"], full["then"]
        right += school in then and filled.issuperset(then[: then.index(school)])
    yield (
        "children whom a full zone left over are at the first school with room, the own group's before others",
        right,
        len(over),
    )
    yield "zones with a place too few that left somebody over", min(1, len(over)), int(full["school"] is not None)


def _together(seen: Seen) -> Iterator[Statement]:
    """Twins stay together, also at the last seat of a private draw; the younger follows the elder."""
    schools: dict[str, list[str | None]] = {}
    for family, child in seen.children("seen", lambda _: True):
        schools.setdefault(family["id"], []).append(child["school"])
    twins = [told for told in schools.values() if len(told) > 1]
    yield "twins at one school", sum(len(set(told)) == 1 for told in twins), len(twins)
    registered = {
        one["receipt"]
        for line in seen.newest("wished").values()
        for one in line.get("wishes", ())
        if one["wants"] == TWINS_AT
    }
    ends = [child for _, child in seen.ends("draws") if child["receipt"] in registered]
    admitted = sum(child["school"] == TWINS_AT for child in ends)
    yield (
        "twins at the last seat of a private school, of which the rule-book then has one more",
        admitted,
        min(2, len(ends)),
    )
    follow = seen.ends("follows")
    yield (
        "children who follow an elder sibling are at its school",
        sum(child["school"] == family["form"]["sibling_at"] for family, child in follow),
        len(follow),
    )


def _choices(seen: Seen) -> Iterator[Statement]:
    ranked = {
        one["application"]: one["schools"] for line in seen.newest("chosen").values() for one in line.get("chosen", ())
    }
    told = right = 0
    for _, child in seen.children("answered", lambda _: True):
        found = next((one for line in child["said"] if (one := CHOICE.search(line))), None)
        schools = ranked.get(child["application"], ())
        if found and int(found[1]) <= len(schools):
            told += 1
            right += schools[int(found[1]) - 1] == child["school"]
    yield "children who are told which of their choices they got are there", right, told
    ranks = list(seen.children("answered", lambda family: family.get("part") == "ranks"))
    yield (
        "children who ranked schools got one of them or the next by rule",
        sum(child["step"] == "choice" for _, child in ranks),
        len(ranks),
    )
