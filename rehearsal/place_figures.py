"""What must hold of preferences, private schools, objections and waiting lists in a rehearsed season. Pure."""

from collections.abc import Iterable

from rehearsal.place_truth import part_statements
from rehearsal.played import Line, Seen, Statement

SLASHES = 2
"""How many slashes the scope of a stage's first round has; further rounds have one more."""


def place_statements(seen: Seen) -> Iterable[Statement]:
    """Everybody who asked was answered, and in public where it is public; and what the parts came to."""
    of, newest = seen.of, seen.newest
    wished = [one for line in newest("wished").values() for one in line.get("wishes", ())]
    claims = {one["receipt"] for one in wished if "-" not in one["wants"]}
    approved = {line["receipt"] for line in of("preference")}
    listed = {receipt for line in of("claims") for receipt in line["receipts"]}
    yield "preferences that their department answered", len(claims & approved), len(claims)
    yield "approved preferences in the public list", len(approved & listed), len(approved)
    registered = sum("-" in one["wants"] for one in wished)
    drawn = {line["school"]: line["count"] for line in of("private-draw")}
    yield "children registered at private schools are in their draws", sum(drawn.values()), registered
    filed = {receipt for line in newest("objected").values() for receipt in line.get("filed", ())}
    answered = filed & {line["receipt"] for line in of("objection")}
    yield "objections that have their answer", len(answered), len(filed)
    yield from part_statements(seen)


def place_counts(seen: Seen) -> dict[str, int]:
    """What happened to places, counted: name → how often (docs/formats/figures.md)."""
    runs = {line["id"]: line for line in seen.of("run")}.values()
    interviews = {line["receipt"]: line["passed"] for line in seen.of("interview")}
    return {
        "struck_out": sum(line["struck_out"] for line in runs),
        "silent_witnesses": sum(line["silent"] for line in runs),
        "further_rounds": sum(line["scope"].count("/") > SLASHES for line in runs),
        "line_moves": sum({line["school"]: line["moves"] for line in seen.of("line")}.values()),
        "no_shows": len({line["receipt"] for line in seen.of("absence") if not line["comes"]}),
        "transfers": len({line["receipt"] for line in seen.of("transfer")}),
        "deferrals": len({one for line in seen.newest("deferred").values() for one in line.get("asked", ())}),
        "private_draws": len({line["school"] for line in seen.of("private-draw")}),
        "interviews": len(interviews),
        "corrections": len({one for line in seen.of("mended") for one in line["signed"]}),
    }


def last_places(pages: Iterable[Line]) -> list[Line]:
    """The pages of all schools; who gave up a private seat and stands on a public page is no longer counted at the first."""
    found = list(pages)
    public = {
        receipt
        for line in found
        if line["page"] and not line["page"].get("is_private")
        for receipt in line["page"]["receipts"]
    }
    return [{**line} | {"page": _without(line["page"], public)} if line["page"] else line for line in found]


def _without(page: Line, public: set[str]) -> Line:
    if not page.get("is_private"):
        return page
    stay = [receipt for receipt in page["receipts"] if receipt not in public]
    return {**page, "receipts": stay, "placed": page["placed"] - len(page["receipts"]) + len(stay)}
