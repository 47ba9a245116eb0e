"""What must hold of preferences, private schools, objections and waiting lists in a rehearsed season. Pure."""

from collections.abc import Iterable

from rehearsal.place_truth import part_statements
from rehearsal.played import Line, Played, Statement


def place_statements(played: Played) -> Iterable[Statement]:
    """Everybody who asked was answered, and in public where it is public; and what the parts came to."""
    of, newest = played.of, played.newest
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
    yield from part_statements(played)


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
