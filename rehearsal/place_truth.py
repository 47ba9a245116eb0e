"""What became of places in a rehearsed season that were left, given up, waited for, moved or looked up. Pure."""

from collections.abc import Iterable, Iterator

from backend.policy.rules.facts import EXCHANGE_ITEMS
from rehearsal.exercises import WAYS
from rehearsal.played import HELD, Seen, Statement
from rehearsal.rule_truth import rule_statements

STAYS = ("150602",)
"""Banners whose book leaves the record of a child that does not come where it is (D28, D30)."""
PRIVATE = tuple(WAYS)
LAND = EXCHANGE_ITEMS["land/property"][0]
"""How the diary names the land registry's answer."""


def part_statements(seen: Seen) -> Iterable[Statement]:
    """What must hold of every part and of the lists and lines that it is played on."""
    for statements in (_lists, _lines, _absences, _deferrals, rule_statements, _homes, _ways):
        yield from statements(seen)


def _lists(seen: Seen) -> Iterator[Statement]:
    runs = {line["id"]: line for line in seen.of("run")}.values()
    left = {receipt for line in seen.newest("left").values() for receipt in line.get("left", ())}
    yield (
        "children who left a frozen list are struck out in its public file",
        sum(line["struck_out"] for line in runs),
        len(left),
    )
    held = [child for _, child in seen.children("seen", lambda _: True) if child["receipt"] in left]
    yield "children who left a frozen list and hold a place", sum(child["state"] in HELD for child in held), 0
    asked = sum(line["keeps_silent"] for line in runs)
    yield "witnesses who kept silent stand in the seed by the fixed rule", sum(line["silent"] for line in runs), asked


def _lines(seen: Seen) -> Iterator[Statement]:
    newest = {line["school"]: line for line in seen.of("line")}.values()
    yield "free seats for which somebody waits", sum(min(line["free"], line["waiting"]) for line in newest), 0
    by_line = {child["application"] for kind in ("answered", "answered-again") for _, child in seen.children(kind, lambda _: True) if child["step"] == "waiting-list"}  # fmt: skip
    yield (
        "children whom a line brought a place are its moves in public",
        len(by_line) + sum(not line["passed"] for line in seen.of("interview")),
        sum(line["moves"] for line in newest),
    )
    yield from _interviews(seen)
    given_up = {receipt for line in seen.newest("wavered").values() for receipt in line.get("given_up", ())}
    ends = [child for _, child in seen.ends("wavers")]
    later = [child for child in ends if child["receipt"] in given_up and child["state"] in HELD]
    yield (
        "children who gave up a private seat and hold a public one by a further round",
        sum(child["school"] not in PRIVATE for child in later),
        len(given_up),
    )
    moved = {line["receipt"]: line["school"] for line in seen.of("transfer")}
    ends_at = {child["receipt"]: child["school"] for _, child in seen.children("seen", lambda _: True)}
    yield (
        "children whose transfer was signed are at the school they asked for",
        sum(ends_at.get(one) == school for one, school in moved.items()),
        len(moved),
    )
    asked = [one for line in seen.newest("asked-transfer").values() for one in line.get("asked", ())]
    answered = set(moved) | {line["receipt"] for line in seen.of("transfer-refused")}
    yield "transfers that were asked for are answered", len(answered), len({one["receipt"] for one in asked})


def _interviews(seen: Seen) -> Iterator[Statement]:
    held = {line["receipt"]: line["passed"] for line in seen.of("interview")}
    ends = {child["receipt"]: child for _, child in seen.children("seen", lambda _: True)}
    right = sum(
        ends[receipt]["state"] in HELD and (ends[receipt]["school"] in PRIVATE) == passed
        for receipt, passed in held.items()
    )
    yield "children whom an interview admitted are there, and the others at a public school", right, len(held)


def _absences(seen: Seen) -> Iterator[Statement]:
    reported = {line["receipt"]: line for line in seen.of("absence")}
    listed = {receipt for line in seen.of("absent-list") for receipt in line["receipts"]}
    away = {receipt for receipt, line in reported.items() if not line["comes"]}
    yield "children who did not come stand in the bureau's list", len(listed & set(reported)), len(away)
    right = 0
    for family, child in seen.ends("absent", "comes-late"):
        if child["receipt"] in reported:
            keeps = reported[child["receipt"]]["comes"] or family["banner"] in STAYS
            right += child["state"] == ("recorded" if keeps else "declined")
    yield "children who did not come, or came late, ended as the rule-book says", right, len(reported)


def _deferrals(seen: Seen) -> Iterator[Statement]:
    ends = seen.ends("defers")
    kept = sum(
        child["state"] == "withdrawn"
        and any(one["state"] == "approved" and one["kindergarten"] for one in child.get("deferrals", ()))
        for _, child in ends
    )
    yield "children whose entry is put off have a kindergarten until next year", kept, len(ends)


def _homes(seen: Seen) -> Iterator[Statement]:
    """Of homes of which the land registry has told anything."""
    other = 0
    for _, child in seen.children("seen", lambda _: True):
        told = {line["verdict"] for line in child["diary"] if line["check_id"] and line["what"] == LAND}
        if "home_used" in child and told & {"match", "mismatch"}:
            other += child["home_used"] != (child["state"] in HELD)
    yield "homes of which the public look-up tells other than who holds a place", other, 0


def _ways(seen: Seen) -> Iterator[Statement]:
    drawn = {line["school"]: line["way"] for line in seen.of("way")}
    yield (
        "private schools that drew the way their rule-book says",
        sum(way == WAYS.get(school, "tickets") for school, way in drawn.items()),
        len({line["school"] for line in seen.of("private-draw")}),
    )
    repeated = {line["run"]: line["is_equal"] for line in seen.of("offline")}
    yield "runs that the offline command repeats from the ledger's files", sum(repeated.values()), len(repeated)
