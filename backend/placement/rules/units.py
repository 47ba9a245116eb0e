"""The units of a zone placement, singles and bundles, and the one order in which all lists stand (contracts 2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.fairness.canonical import by_bytes
from backend.fairness.tickets import TicketDraw
from backend.placement.rules.inputs import KeyValue, OrderKey, ZoneApplicant, ZoneInput

Place = tuple[int, tuple[int, ...]]
NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unit:
    """A single or a bundle: one ticket, one place in the order, admitted together or not at all.

    `place` is (class, keys) of the best-placed member as comparable numbers; members stand in id order.
    """

    name: str
    members: tuple[ZoneApplicant, ...]
    zone: str
    place: Place
    ticket: bytes
    siblings_at: frozenset[str]

    @property
    def size(self) -> int:
        """How many seats it needs."""
        return len(self.members)


def ordered_units(given: ZoneInput, drawing: TicketDraw | None = None) -> list[Unit]:
    """All units in the order (class, keys, ticket), then by id or label; tickets are the input's unless others are given."""
    drawing = drawing or TicketDraw(given.seed, given.draw)
    class_rank = {name: rank for rank, name in enumerate((*given.classes, given.last_class))}
    key_ranks = [(key.key, value_ranks(key, given.applicants)) for key in given.order]

    def place(one: ZoneApplicant) -> Place:
        keys = one.keys
        ranks = [table[keys[key]] if key in keys else len(table) for key, table in key_ranks]
        return class_rank[one.seat_class], tuple(ranks)

    members: dict[str, list[ZoneApplicant]] = {}
    for one in given.applicants:
        members.setdefault(one.id if one.bundle is None else one.bundle, []).append(one)
    units = [
        Unit(
            name,
            tuple(ones),
            ones[0].zone,
            place(ones[0]) if len(ones) == 1 else min(map(place, ones)),
            drawing.ticket(name),
            frozenset([one.sibling_at for one in ones if one.sibling_at is not None]) or NOWHERE,
        )
        for name, ones in members.items()
    ]
    return sorted(units, key=lambda unit: (unit.place, unit.ticket, by_bytes(unit.name)))


def value_ranks(key: OrderKey, applicants: Iterable[ZoneApplicant]) -> dict[KeyValue, int]:
    """The rank of each value of one key, 0 = first; whoever has none takes the rank after the last.

    Listed values stand in their listed order. Free ones: integers as integers, texts by UTF-8 bytes, integers before
    texts where a key holds both.
    """
    if key.values is not None:
        values = list(key.values)
    else:
        present = {one.keys[key.key] for one in applicants if key.key in one.keys}
        numbers = sorted(value for value in present if isinstance(value, int))
        texts = sorted((value for value in present if isinstance(value, str)), key=by_bytes)
        values = [*numbers, *texts]
    if key.direction == "descending":
        values.reverse()
    return {value: rank for rank, value in enumerate(values)}
