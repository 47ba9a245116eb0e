"""指标到校 inside one run: a school's reserved places and its open ones filled together, and no place left empty (E04, E38).

Deferred acceptance: everybody asks the first school on his list, each school keeps whom its places are for, whoever is
let go asks the next. A reserve is soft: what a junior school does not use falls to the open places at once, in the same
run and not in a second one. Whether the reserved or the open places are filled first is the year's rule. One order of
candidates; each belongs to one junior school, so that nobody has two kinds of reserved places at one school.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

First = Literal["quota-first", "open-first"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish for a school: whether its open places can be had, and which of its reserves (a number), if any."""

    school: int
    open: bool
    reserve: int | None


@dataclass(frozen=True, slots=True)
class Claimant:
    """A candidate with his standing (0 = best, equal = level) and his wishes, best first."""

    id: int
    standing: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The open places of a school and its reserved ones by reserve."""

    open: int
    reserved: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits: the school, and the reserve whose place it is (None: an open one)."""

    school: int
    reserve: int | None


def settle_reserves(
    claimants: Sequence[Claimant], places: Mapping[int, Places], first: First
) -> dict[int, Seat | None]:
    """The seat of each, or None.

    Levels are served whole, over plan where needed, as everywhere (A56); an open place more than the plan uses up one
    that would fall from a reserve.
    """
    by_id = {one.id: one for one in claimants}
    asks = dict.fromkeys(by_id, 0)
    inside: dict[int, list[int]] = {school: [] for school in places}
    found: dict[int, Seat | None] = dict.fromkeys(by_id)
    asking = sorted(by_id)
    while asking:
        asked: dict[int, list[int]] = {}
        for name in asking:
            if asks[name] < len(by_id[name].claims):
                asked.setdefault(by_id[name].claims[asks[name]].school, []).append(name)
        asking = []
        for school, names in asked.items():
            candidates = [(by_id[name], by_id[name].claims[asks[name]]) for name in (*inside[school], *names)]
            seats = _choose(candidates, places[school], first)
            inside[school] = sorted(seats)
            for one, _ in candidates:
                found[one.id] = seats.get(one.id)
                if one.id not in seats:
                    asks[one.id] += 1
                    asking.append(one.id)
    return found


def unused(places: Places, seats: Sequence[Seat]) -> dict[int, int]:
    """The reserved places of a school that nobody with a right to them took, by reserve; they are open places then."""
    taken: dict[int | None, int] = {}
    for seat in seats:
        taken[seat.reserve] = taken.get(seat.reserve, 0) + 1
    return {reserve: max(0, many - taken.get(reserve, 0)) for reserve, many in places.reserved.items()}


def _choose(asking: Sequence[tuple[Claimant, Claim]], places: Places, first: First) -> dict[int, Seat]:
    """Whom the school keeps of those who ask, and on which place."""
    ordered = sorted(asking, key=lambda pair: (pair[0].standing, pair[0].id))
    kept: dict[int, Seat] = {}
    over = 0
    if first == "open-first":
        opened = _best([one for one, claim in ordered if claim.open], places.open)
        kept |= {one.id: Seat(claim.school, None) for one, claim in ordered if one.id in opened}
        over = max(0, len(opened) - places.open)
    left = 0
    for reserve, many in sorted(places.reserved.items()):
        mine = _best([one for one, claim in ordered if claim.reserve == reserve and one.id not in kept], many)
        kept |= {one.id: Seat(claim.school, reserve) for one, claim in ordered if one.id in mine}
        left += max(0, many - len(mine))
    still_open = left - over if first == "open-first" else places.open + left
    last = _best([one for one, claim in ordered if claim.open and one.id not in kept], still_open)
    return kept | {one.id: Seat(claim.school, None) for one, claim in ordered if one.id in last}


def _best(ordered: Sequence[Claimant], many: int) -> set[int]:
    """The best `many`, and whoever is level with the last of them."""
    if many <= 0 or not ordered:
        return set()
    worst = ordered[min(many, len(ordered)) - 1].standing
    return {one.id for one in ordered if one.standing <= worst}


def reserve_faults(
    claimants: Sequence[Claimant], places: Mapping[int, Places], first: First, seats: Mapping[int, Seat | None]
) -> Iterator[str]:
    """Everything about these seats that the rules forbid, looked at seat by seat and not by running again.

    Nobody sits where his list does not lead; no place goes to more than it is for, but for equals; nobody is passed over
    by somebody worse, nor by an empty place; and the order of reserved and open places is the rule's.
    """
    standing = {one.id: one.standing for one in claimants}
    held: dict[Seat, list[int]] = {}
    for name, seat in seats.items():
        if seat is not None:
            held.setdefault(seat, []).append(standing[name])
    plan: dict[Seat, int] = {}
    for school, there in places.items():
        taken = [seat for seat in seats.values() if seat is not None and seat.school == school]
        plan |= {Seat(school, reserve): many for reserve, many in there.reserved.items()}
        plan[Seat(school, None)] = there.open + sum(unused(there, taken).values())
    for seat, levels in held.items():
        if sum(level < max(levels) for level in levels) >= plan.get(seat, 0):
            yield f"{seat} holds {len(levels)} on {plan.get(seat, 0)} places"
    for one in claimants:
        yield from _faults_of(one, seats.get(one.id), held, plan)
        yield from _wrong_order(one, seats.get(one.id), held, places, first)


def _faults_of(
    one: Claimant, seat: Seat | None, held: Mapping[Seat, list[int]], plan: Mapping[Seat, int]
) -> Iterator[str]:
    for claim in one.claims:
        wanted = [Seat(claim.school, None)] if claim.open else []
        wanted += [Seat(claim.school, claim.reserve)] if claim.reserve is not None else []
        if seat in wanted:
            return
        for place in wanted:
            better = sum(level < one.standing for level in held.get(place, ()))
            if better < plan.get(place, 0):
                yield f"{one.id} was passed over at {place}: {better} better on {plan[place]} places"
    if seat is not None:
        yield f"{one.id} sits at {seat}, where his list does not lead"


def _wrong_order(
    one: Claimant, seat: Seat | None, held: Mapping[Seat, list[int]], places: Mapping[int, Places], first: First
) -> Iterator[str]:
    """Who could sit on both kinds of place sits on the kind that is filled first, while it has room for him."""
    claim = next((claim for claim in one.claims if seat is not None and claim.school == seat.school), None)
    if seat is None or claim is None or not claim.open or claim.reserve is None:
        return
    there = places[seat.school]

    def has_room(reserve: int | None, many: int) -> bool:
        return sum(level < one.standing for level in held.get(Seat(claim.school, reserve), ())) < many

    reserved = has_room(claim.reserve, there.reserved.get(claim.reserve, 0))
    opened = has_room(None, there.open)
    wants_reserve = reserved and (first == "quota-first" or not opened)
    if wants_reserve is not (seat.reserve is not None):
        yield f"{one.id} sits at {seat}: places there are filled {first}"
