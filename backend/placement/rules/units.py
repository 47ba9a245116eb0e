"""The units of a zone placement, singles and bundles, and the one order in which all lists stand (contracts 2)."""

from collections.abc import Iterable
from typing import NamedTuple

from backend.fairness.canonical import by_bytes
from backend.fairness.tickets import TicketDraw
from backend.placement.rules.inputs import KeyValue, OrderKey, ZoneApplicant, ZoneInput

Place = tuple[int, tuple[int, ...]]
NOWHERE: frozenset[str] = frozenset()


class Unit(NamedTuple):
    """A single or a bundle: one ticket, one place in the order, admitted together or not at all.

    `place` is (class, keys) of the best-placed member as comparable numbers, and `rank` the same as one number; members
    stand in id order. Units compare as they stand in all lists: by rank, then ticket, then name.
    """

    rank: int
    ticket: bytes
    name: str
    place: Place
    members: tuple[ZoneApplicant, ...]
    zone: str
    siblings_at: frozenset[str]

    @property
    def size(self) -> int:
        """How many seats it needs."""
        return len(self.members)


def ordered_units(given: ZoneInput, drawing: TicketDraw | None = None) -> list[Unit]:
    """All units in the order (class, keys, ticket), then by id or label; tickets are the input's unless others are given."""
    ticket = (drawing or TicketDraw(given.seed, given.draw)).ticket
    units: list[Unit] = []
    members: dict[str, list[tuple[int, Place, ZoneApplicant]]] = {}
    for rank, place, one in zip(*_places(given), given.applicants, strict=True):
        if one.bundle is None:
            siblings_at = NOWHERE if one.sibling_at is None else frozenset([one.sibling_at])
            units.append(Unit(rank, ticket(one.id), one.id, place, (one,), one.zone, siblings_at))
        else:
            members.setdefault(one.bundle, []).append((rank, place, one))
    for label, ones in members.items():
        rank, place, _ = min(ones)
        together = tuple([one for _, _, one in ones])
        siblings_at = frozenset([one.sibling_at for one in together if one.sibling_at is not None])
        units.append(Unit(rank, ticket(label), label, place, together, together[0].zone, siblings_at))
    units.sort()
    return units


def _places(given: ZoneInput) -> tuple[list[int], list[Place]]:
    """Class and keys of every applicant, key by key: as one number, and as the numbers that it is made of."""
    class_rank = {name: rank for rank, name in enumerate((*given.classes, given.last_class))}
    classes = [class_rank[one.seat_class] for one in given.applicants]
    whole, columns = classes, []
    for key in given.order:
        ranks, name = value_ranks(key, given.applicants), key.key
        column = [ranks[one.keys[name]] if name in one.keys else len(ranks) for one in given.applicants]
        whole = [number * (len(ranks) + 1) + rank for number, rank in zip(whole, column, strict=True)]
        columns.append(column)
    keys = list(zip(*columns, strict=True)) if columns else [()] * len(classes)
    return whole, list(zip(classes, keys, strict=True))


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
