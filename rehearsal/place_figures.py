"""What must hold of preferences, private schools, objections and waiting lists in a rehearsed season. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Line = Mapping[str, Any]


def place_statements(
    of: Callable[[str], Sequence[Line]], newest: Callable[[str], Mapping[str, Line]]
) -> Iterable[tuple[str, int, int]]:
    """(what, left, right): everybody who asked was answered, and in public where it is public.

    `of` gives the journal's lines of a kind, `newest` the newest one of each family.
    """
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
