"""The one order in which all lists of a zone placement stand, and its units, singles and bundles (contracts 2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backend.fairness.canonical import by_bytes
from backend.fairness.tickets import TicketDraw
from backend.placement.rules.inputs import KeyValue, OrderKey, ZoneApplicant, ZoneInput

Place = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands where, as columns: applicants are their numbers in the input, a unit is the number of its first member.

    `order` are the units as they stand in all lists: by rank, then ticket, then id or label. `ranks` are class and keys
    as one number, that of the best-placed member throughout a bundle, and `tickets` 32 bytes, by applicant.
    `together` are the members of every bundle by the first. `widths` says how many ranks each key has.
    """

    order: list[int]
    ranks: list[int]
    tickets: list[bytes]
    together: dict[int, list[int]]
    widths: list[int]

    def members(self, unit: int) -> Sequence[int]:
        """Whom the unit is made of, in id order."""
        return self.together.get(unit, (unit,))

    def place(self, unit: int) -> Place:
        """(class, keys) of the best-placed member as comparable numbers."""
        rank, keys = self.ranks[unit], []
        for width in reversed(self.widths):
            rank, key = divmod(rank, width)
            keys.append(key)
        return rank, tuple(reversed(keys))


class Unit(NamedTuple):
    """A single or a bundle: one ticket, one place in the order, admitted together or not at all.

    `place` is (class, keys) of the best-placed member as comparable numbers; members stand in id order.
    """

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


def standing_of(given: ZoneInput, drawing: TicketDraw | None = None) -> Standing:
    """Everybody in the order (class, keys, ticket); tickets are the input's unless others are given."""
    ticket = (drawing or TicketDraw(given.seed, given.draw)).ticket
    names = [one.id if one.bundle is None else one.bundle for one in given.applicants]
    tickets = [ticket(name) for name in names]
    ranks, widths = _ranks(given)
    bundles: dict[str, list[int]] = {}
    for number, applicant in enumerate(given.applicants):
        if applicant.bundle is not None:
            bundles.setdefault(applicant.bundle, []).append(number)
    for members in bundles.values():
        best = min([ranks[one] for one in members])
        for one in members:
            ranks[one] = best
    followers = {one for members in bundles.values() for one in members[1:]}
    order = sorted(range(len(names)), key=names.__getitem__)
    order.sort(key=tickets.__getitem__)
    order.sort(key=ranks.__getitem__)
    return Standing(
        [one for one in order if one not in followers],
        ranks,
        tickets,
        {members[0]: members for members in bundles.values()},
        widths,
    )


def ordered_units(given: ZoneInput) -> list[Unit]:
    """All units in the order (class, keys, ticket), then by id or label."""
    standing, units = standing_of(given), []
    for first in standing.order:
        members = tuple([given.applicants[one] for one in standing.members(first)])
        name, zone = members[0].bundle or members[0].id, members[0].zone
        siblings_at = frozenset([one.sibling_at for one in members if one.sibling_at is not None])
        units.append(Unit(standing.tickets[first], name, standing.place(first), members, zone, siblings_at))
    return units


def _ranks(given: ZoneInput) -> tuple[list[int], list[int]]:
    """Class and keys of every applicant as one number, and by how much it was multiplied for each key."""
    class_rank = {name: rank for rank, name in enumerate((*given.classes, given.last_class))}
    ranks, widths = [class_rank[one.seat_class] for one in given.applicants], []
    for key in given.order:
        of_value, name = value_ranks(key, given.applicants), key.key
        missing = len(of_value)
        widths.append(missing + 1)
        ranks = [
            rank * (missing + 1) + (of_value[one.keys[name]] if name in one.keys else missing)
            for rank, one in zip(ranks, given.applicants, strict=True)
        ]
    return ranks, widths


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
