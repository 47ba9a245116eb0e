"""What families with a part in a rehearsed season must have come to: what was seen, held against what the city dealt. Pure.

Every statement is (what, left, right) and holds where both are equal; where nobody played it both are nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.exercises import PENALTY_CLASS, WAYS, points_of
from rehearsal.place_grounds import FEEDING, is_of_wrong_line

Line = Mapping[str, Any]
Statement = tuple[str, int, int]
HELD = ("confirmed", "enrolled", "recorded")
STAYS = ("150602",)
"""Banners whose book leaves the record of a child that does not come where it is (D28, D30)."""
TOTAL = re.compile(r"积分合计 ([0-9]+)(?:\.([0-9]{1,2}))?。")
PRIVATE = tuple(WAYS)
CHOICE = re.compile(r"第 ([0-9]+) 志愿。")


@dataclass(frozen=True)
class Played:
    """What was seen of a season: journal lines by kind, the newest one a family, and what the city dealt to whom."""

    of: Callable[[str], Sequence[Line]]
    newest: Callable[[str], Mapping[str, Line]]
    families: Mapping[str, Line]

    def children(self, kind: str, is_meant: Callable[[Line], bool]) -> Iterator[tuple[Line, Line]]:
        """(family, child) of the newest line of a kind, for the families that are meant."""
        for name, line in self.newest(kind).items():
            if is_meant(self.families[name]):
                yield from ((self.families[name], child) for child in line.get("children", ()))

    def ends(self, *parts: str) -> list[tuple[Line, Line]]:
        """(family, child at the end) of those who play one of these parts."""
        return list(self.children("seen", lambda family: family.get("part") in parts))


def part_statements(played: Played) -> Iterable[Statement]:
    """What must hold of every part and of the lists and lines that it is played on."""
    for statements in (_lists, _lines, _absences, _deferrals, _classes, _zones, _choices, _homes, _ways):
        yield from statements(played)


def _lists(played: Played) -> Iterator[Statement]:
    runs = {line["id"]: line for line in played.of("run")}.values()
    left = {receipt for line in played.newest("left").values() for receipt in line.get("left", ())}
    yield (
        "children who left a frozen list are struck out in its public file",
        sum(line["struck_out"] for line in runs),
        len(left),
    )
    held = [child for _, child in played.children("seen", lambda _: True) if child["receipt"] in left]
    yield "children who left a frozen list and hold a place", sum(child["state"] in HELD for child in held), 0
    asked = sum(line["keeps_silent"] for line in runs)
    yield "witnesses who kept silent stand in the seed by the fixed rule", sum(line["silent"] for line in runs), asked


def _lines(played: Played) -> Iterator[Statement]:
    newest = {line["school"]: line for line in played.of("line")}.values()
    yield "free seats for which somebody waits", sum(min(line["free"], line["waiting"]) for line in newest), 0
    by_line = {child["application"] for kind in ("answered", "answered-again") for _, child in played.children(kind, lambda _: True) if child["step"] == "waiting-list"}  # fmt: skip
    yield (
        "children whom a line brought a place are its moves in public",
        len(by_line) + sum(not line["passed"] for line in played.of("interview")),
        sum(line["moves"] for line in newest),
    )
    yield from _interviews(played)
    given_up = {receipt for line in played.newest("wavered").values() for receipt in line.get("given_up", ())}
    ends = [child for _, child in played.ends("wavers")]
    later = [child for child in ends if child["receipt"] in given_up and child["state"] in HELD]
    yield (
        "children who gave up a private seat and hold a public one by a further round",
        sum(child["school"] not in PRIVATE for child in later),
        len(given_up),
    )
    moved = {line["receipt"]: line["school"] for line in played.of("transfer")}
    seen = {child["receipt"]: child["school"] for _, child in played.children("seen", lambda _: True)}
    yield (
        "children whose transfer was signed are at the school they asked for",
        sum(seen.get(one) == school for one, school in moved.items()),
        len(moved),
    )
    asked = [one for line in played.newest("asked-transfer").values() for one in line.get("asked", ())]
    answered = set(moved) | {line["receipt"] for line in played.of("transfer-refused")}
    yield "transfers that were asked for are answered", len(answered), len({one["receipt"] for one in asked})


def _interviews(played: Played) -> Iterator[Statement]:
    held = {line["receipt"]: line["passed"] for line in played.of("interview")}
    seen = {child["receipt"]: child for _, child in played.children("seen", lambda _: True)}
    right = sum(
        seen[receipt]["state"] in HELD and (seen[receipt]["school"] in PRIVATE) == passed
        for receipt, passed in held.items()
    )
    yield "children whom an interview admitted are there, and the others at a public school", right, len(held)


def _absences(played: Played) -> Iterator[Statement]:
    reported = {line["receipt"]: line for line in played.of("absence")}
    listed = {receipt for line in played.of("absent-list") for receipt in line["receipts"]}
    away = {receipt for receipt, line in reported.items() if not line["comes"]}
    yield "children who did not come stand in the bureau's list", len(listed & set(reported)), len(away)
    right = 0
    for family, child in played.ends("absent", "comes-late"):
        if child["receipt"] in reported:
            keeps = reported[child["receipt"]]["comes"] or family["banner"] in STAYS
            right += child["state"] == ("recorded" if keeps else "declined")
    yield "children who did not come, or came late, ended as the rule-book says", right, len(reported)


def _deferrals(played: Played) -> Iterator[Statement]:
    ends = played.ends("defers")
    kept = sum(
        child["state"] == "withdrawn"
        and any(one["state"] == "approved" and one["kindergarten"] for one in child.get("deferrals", ()))
        for _, child in ends
    )
    yield "children whose entry is put off have a kindergarten until next year", kept, len(ends)


def _classes(played: Played) -> Iterator[Statement]:
    late = list(played.children("answered", lambda family: family.get("part") == "late"))
    last = sum(child["seat_type"] == PENALTY_CLASS.get(family["banner"]) for family, child in late)
    yield "children whose papers came too late stand in the last class", last, len(late)
    insured = list(played.children("answered", lambda family: family.get("part") == "points"))
    yield (
        "children whose card tells the points of their papers",
        sum(_points_told(child) == _points_due(family) for family, child in insured),
        len(insured),
    )


def _points_told(child: Line) -> int | None:
    found = [TOTAL.search(line) for line in child["said"]]
    return next((int(one[1]) * 100 + int((one[2] or "").ljust(2, "0")) for one in found if one), None)


def _points_due(family: Line) -> int:
    return points_of(int(family["papers_say"]["insurance"]["累计缴费月数"]))


def _zones(played: Played) -> Iterator[Statement]:
    wrong = list(played.children("seen", is_of_wrong_line))
    yield (
        "children of a wrong zone line hold the school of the right one",
        sum(child["school"] == family["choices"][0] for family, child in wrong),
        len(wrong),
    )
    files = {receipt for line in played.of("mended") for receipt in line["files"]}
    receipts = {child["receipt"] for _, child in wrong}
    yield (
        "files of the confirmed fault are those of its address unit",
        len(files & receipts) - len(files - receipts),
        len(receipts),
    )
    pupils = list(
        played.children("answered", lambda family: family["banner"] == FEEDING and family["stage"] == "junior")
    )
    told = {child["application"] for _, child in pupils if any("毕业小学对口直升" in line for line in child["said"])}
    due = {child["application"] for family, child in pupils if family.get("is_fed")}
    yield (
        "children whose primary school feeds a junior school stand in its list",
        len(told & due) - len(told - due),
        len(due),
    )


def _choices(played: Played) -> Iterator[Statement]:
    ranked = {
        one["application"]: one["schools"]
        for line in played.newest("chosen").values()
        for one in line.get("chosen", ())
    }
    told = right = 0
    for _, child in played.children("answered", lambda _: True):
        found = next((one for line in child["said"] if (one := CHOICE.search(line))), None)
        schools = ranked.get(child["application"], ())
        if found and int(found[1]) <= len(schools):
            told += 1
            right += schools[int(found[1]) - 1] == child["school"]
    yield "children who are told which of their choices they got are there", right, told
    ranks = list(played.children("answered", lambda family: family.get("part") == "ranks"))
    yield (
        "children who ranked schools got one of them or the next by rule",
        sum(child["step"] == "choice" for _, child in ranks),
        len(ranks),
    )


def _homes(played: Played) -> Iterator[Statement]:
    other = 0
    for _, child in played.children("seen", _is_registered):
        if "home_used" in child:
            other += child["home_used"] != (child["state"] in HELD)
    yield "homes of which the public look-up tells other than who holds a place", other, 0


def _is_registered(family: Line) -> bool:
    """Whether the land registry knows the family's home."""
    said = family["expected"].get("land/property") or {}
    return (said.get("verdict"), said.get("fault")) != ("not-found", "department")


def _ways(played: Played) -> Iterator[Statement]:
    drawn = {line["school"]: line["way"] for line in played.of("way")}
    yield (
        "private schools that drew the way their rule-book says",
        sum(way == WAYS.get(school, "tickets") for school, way in drawn.items()),
        len({line["school"] for line in played.of("private-draw")}),
    )
    repeated = {line["run"]: line["is_equal"] for line in played.of("offline")}
    yield "runs that the offline command repeats from the ledger's files", sum(repeated.values()), len(repeated)
