"""The ways of drawing an order from one seed: tickets, the circle method in both variants, two shuffles (domain 2.8).

Every way gives each unit (a child, or a bundle by its label) a mark in lower-case hex, and the order is that of the marks:
so seats, lists and proofs are the same for all of them. The forms stand in docs/formats/tickets.md.
"""

from collections.abc import Collection, Mapping

from backend.fairness.circle import circle_draw
from backend.fairness.tickets import TicketDraw, bundle_units, labels_equal_to_ids

TICKETS, CIRCLE, CIRCLE_OVER_DRAWN, TWO_SHUFFLES = "tickets", "circle", "circle-keep-drawn", "two-shuffles"
WAYS = (TICKETS, CIRCLE, CIRCLE_OVER_DRAWN, TWO_SHUFFLES)


def marks(names: Collection[str], seed: str, draw: str, way: str) -> dict[str, str]:
    """The mark of every name, lower-case hex; who has the smallest stands first. `names` are all different.

    Raises KeyError for a way that there is not.
    """
    if way == TICKETS:
        drawing = TicketDraw(seed, draw)
        return {name: drawing.ticket(name).hex() for name in names}
    if way == TWO_SHUFFLES:
        return _two_shuffles(names, seed, draw)
    return _circle(names, seed, draw, keeps_drawn={CIRCLE: False, CIRCLE_OVER_DRAWN: True}[way])


def order_by_marks(people: Mapping[str, str | None], seed: str, draw: str, way: str) -> list[tuple[int, str, str]]:
    """Everybody as (position, id, mark) in the order of marks, then of names; bundles stand together in id order.

    `people` maps each id to its bundle label or None. Raises ValueError where a label equals an id.
    """
    if doubled := labels_equal_to_ids(people):
        raise ValueError(f"bundle labels that are also ids: {sorted(doubled, key=str.encode)}")
    units = dict(bundle_units(people))
    marked = marks(units, seed, draw, way)
    heads = (
        (no, marked[name]) for name in sorted(units, key=lambda one: (marked[one], one.encode())) for no in units[name]
    )
    return [(position, no, mark) for position, (no, mark) in enumerate(heads, 1)]


def circle_numbers(people: int, seed: str, draw: str) -> tuple[int, int]:
    """(start, step), each from 1 to `people`, which is at least 1: what `sunroll draw interval` is called with."""
    start, step = (
        int.from_bytes(TicketDraw(seed, f"{draw}/{part}").ticket("")) % people + 1 for part in ("start", "step")
    )
    return start, step


def _two_shuffles(names: Collection[str], seed: str, draw: str) -> dict[str, str]:
    """The first shuffle gives codes without identity, 1, 2, 3 …; the second draws the codes; then names stand again."""
    first, second = TicketDraw(seed, f"{draw}/first"), TicketDraw(seed, f"{draw}/second")
    coded = sorted(names, key=lambda name: (first.ticket(name), name.encode()))
    return {name: second.ticket(str(code)).hex() for code, name in enumerate(coded, 1)}


def _circle(names: Collection[str], seed: str, draw: str, *, keeps_drawn: bool) -> dict[str, str]:
    """Numbers from 1 in the order of the names; the mark is the turn at which a number is drawn, and the number."""
    numbered = sorted(names, key=str.encode)
    if not numbered:
        return {}
    start, step = circle_numbers(len(numbered), seed, draw)
    drawn = circle_draw(len(numbered), start, step, len(numbered), keeps_drawn=keeps_drawn)
    return {numbered[number - 1]: f"{turn:08x}{number:08x}" for turn, number in enumerate(drawn, 1)}
