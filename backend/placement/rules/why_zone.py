"""Why-cards of a zone placement: for every applicant the smallest changes that would have altered the result.

Nothing is guessed: the lists of the finished run say where a better stand would have led (`why_lists`), and the same
change put into the input gives the same when everything is run again (W1 to W5 of docs/properties/placement.md).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.fairness.canonical import by_bytes
from backend.placement.rules.inputs import KeyValue, ZoneApplicant, ZoneInput
from backend.placement.rules.results import ZoneResult
from backend.placement.rules.units import Unit, ordered_units
from backend.placement.rules.why_changes import Change, beside_ticket
from backend.placement.rules.why_keys import BETTER, WORSE, KeyScale, key_change, key_scales
from backend.placement.rules.why_lists import Lists, Stand, stands_before, walked_lists
from backend.placement.rules.why_seats import seats_missing

Place = tuple[int, tuple[int, ...]]
"""(class, doubled key ranks) of one member."""


def explain_zones(
    given: ZoneInput, result: ZoneResult, asked: Collection[str] | None = None
) -> dict[str, tuple[Change, ...]]:
    """Applicant → changes, for those asked or for all; `result` is the placement of `given`.

    First what would have led to another school, the smallest change of each key, then the class, the number, more
    seats. Who could gain nothing is told what would have lost the place, or that nothing would have. Empty where no
    single change of the kinds that are tried leads to any school.
    """
    units = ordered_units(given)
    explaining = _Explaining(walked_lists(given, result, units), key_scales(given))
    return {
        one.id: tuple(explaining.changes(unit, one))
        for unit in units
        for one in unit.members
        if asked is None or one.id in asked
    }


@dataclass(frozen=True, slots=True)
class _Asking:
    """One member of a unit, with its own place and those of the others."""

    unit: Unit
    place: Place
    others: tuple[Place, ...]

    def stand_of(self, place: Place) -> Stand:
        return place[0], place[1], self.unit.ticket, self.unit.name.encode()

    def stand(self, place: Place) -> Stand:
        """The unit's stand when this member has the place: that of the best member."""
        return self.stand_of(min((place, *self.others)))

    def with_key(self, index: int, rank: int) -> Place:
        """The member's place with another rank of one key."""
        keys = self.place[1]
        return self.place[0], (*keys[:index], rank, *keys[index + 1 :])


class _Explaining:
    def __init__(self, lists: Lists, scales: Sequence[KeyScale]) -> None:
        self._lists = lists
        self._scales = scales
        self._classes = (*lists.given.classes, lists.given.last_class)
        self._rank = {name: rank for rank, name in enumerate(self._classes)}
        self._overflow = {school.id: school.overflow for school in lists.given.schools}
        self._missing = seats_missing(lists)

    def changes(self, unit: Unit, one: ZoneApplicant) -> Iterator[Change]:
        others = tuple(self._place(other) for other in unit.members if other is not one)
        asking = _Asking(unit, self._place(one), others)
        gains = [
            *self._keys_gained(asking, one),
            *self._class_gained(asking),
            *self._ticket_gained(asking),
            *self._seats_gained(unit),
        ]
        return iter(gains) if gains else self._losses(asking, one)

    def _place(self, one: ZoneApplicant) -> Place:
        return self._rank[one.seat_class], tuple([scale.rank_of(one) for scale in self._scales])

    def _outcome(self, unit: Unit, stand: Stand) -> str | None:
        """The school that the unit gets when it stands here, which is not behind its own stand."""
        limits, size = self._lists.limits, unit.size
        for school in sorted(unit.siblings_at, key=by_bytes):
            if stands_before(stand, limits["sibling", school][size]):
                return school
        if stand[0] == self._lists.last_rank:
            turns = [("last", school) for school in self._lists.tries[unit.zone]]
            stand_there: tuple[object, ...] = (stand[2],)
        else:
            turns = [("zone", unit.zone), *(("overflow", school) for school in self._overflow[unit.zone])]
            stand_there = stand
        return next((turn[1] for turn in turns if stands_before(stand_there, limits[turn][size])), None)

    def _better_lists(self, unit: Unit, *, is_last: bool) -> Iterator[tuple[Any, ...]]:
        """The limits of the lists that come before the one that gave the present place, as far as anybody had room."""
        limits = self._lists.limits
        at, step = self._lists.decided[unit.name]
        turns = [("sibling", school) for school in sorted(unit.siblings_at, key=by_bytes)]
        if is_last:
            turns += [("last", school) for school in self._lists.tries[unit.zone]]
        else:
            turns += [("zone", unit.zone), *(("overflow", school) for school in self._overflow[unit.zone])]
        for turn in turns:
            if turn == (step, at):
                return
            if limit := limits[turn][unit.size]:
                yield limit

    def _gained(self, unit: Unit, change: Change, stand: Stand) -> Change | None:
        """The change with the school that it leads to, None where that is the present one or none."""
        then = self._outcome(unit, stand) if stand < self._lists.stands[unit.name] else None
        return None if then is None or then == self._lists.decided[unit.name][0] else replace(change, then=then)

    def _keys_gained(self, asking: _Asking, one: ZoneApplicant) -> Iterator[Change]:
        unit = asking.unit
        for index, scale in enumerate(self._scales):
            found: dict[int, Change] = {}
            for limit in self._better_lists(unit, is_last=False):
                edit = _nearest(asking, index, scale, limit, BETTER)
                if edit is not None:
                    rank, value = edit
                    stand = asking.stand(asking.with_key(index, rank))
                    gained = self._gained(unit, key_change(scale, one, value), stand)
                    if gained is not None:
                        found[rank] = gained
            if found:
                smallest = found.pop(max(found))
                yield smallest
                yield from (change for change in found.values() if change.then == unit.zone != smallest.then)

    def _class_gained(self, asking: _Asking) -> Iterator[Change]:
        own = asking.place[0]
        for rank in range(own - 1, -1, -1):
            stand = asking.stand((rank, asking.place[1]))
            if gained := self._gained(asking.unit, self._class_change(own, rank), stand):
                yield gained
                return

    def _class_change(self, before: int, after: int) -> Change:
        by = abs(before - after)
        return Change("class", None, before=self._classes[before], after=self._classes[after], by=by, unit="classes")

    def _ticket_gained(self, asking: _Asking) -> Iterator[Change]:
        """Where chance alone decided: the last number that would have done."""
        unit = asking.unit
        stand = self._lists.stands[unit.name]
        limits = self._better_lists(unit, is_last=stand[0] == self._lists.last_rank)
        numbers = {
            limit[0] if len(limit) == 1 else limit[2] for limit in limits if len(limit) == 1 or limit[:2] == stand[:2]
        }
        for number in sorted(numbers, reverse=True):
            earlier = beside_ticket(number, BETTER)
            change = Change("ticket", None, before=stand[2].hex(), after=earlier.hex())
            if gained := self._gained(unit, change, (stand[0], stand[1], earlier, stand[3])):
                yield gained
                return

    def _seats_gained(self, unit: Unit) -> Iterator[Change]:
        if unit.name in self._missing:
            yield Change("seats", unit.zone, at=unit.zone, by=self._missing[unit.name], unit="seats")

    def _losses(self, asking: _Asking, one: ZoneApplicant) -> Iterator[Change]:
        """What would have lost the place that nothing could better; else that the last stand of all keeps it."""
        at = self._lists.decided[asking.unit.name][0]
        if at is None:
            return
        behind = self._lists.lost_behind.get(asking.unit.name)
        lost = [] if behind is None else [*self._lost_behind(asking, one, behind)]
        if lost:
            yield from lost
            return
        is_last = asking.place[0] == self._lists.last_rank
        rank = asking.place[0] if is_last else self._lists.last_rank - 1
        worst = asking.stand((rank, tuple(scale.missing for scale in self._scales)))
        yield Change("worst", at if stands_before(worst, behind) else None)

    def _lost_behind(self, asking: _Asking, one: ZoneApplicant, behind: tuple[Any, ...]) -> Iterator[Change]:
        if any(asking.stand_of(place) < behind for place in asking.others):
            return
        for index, scale in enumerate(self._scales):
            if edit := _nearest(asking, index, scale, behind, WORSE):
                yield key_change(scale, one, edit[1])
        own = asking.place[0]
        for rank in range(own + 1, self._lists.last_rank):
            if asking.stand_of((rank, asking.place[1])) > behind:
                yield self._class_change(own, rank)
                break
        if asking.place == behind[:2]:
            later = beside_ticket(behind[2], WORSE)
            yield Change("ticket", None, before=asking.unit.ticket.hex(), after=later.hex())


def _nearest(
    asking: _Asking, index: int, scale: KeyScale, limit: tuple[Any, ...], side: int
) -> tuple[int, KeyValue] | None:
    """The nearest value of one key, with its doubled rank, that puts the member before the limit, or behind it.

    None where the class or an earlier key decides, or where there is no such value.
    """
    (seat_class, keys), (limit_class, limit_keys, *limit_rest) = asking.place, limit
    if seat_class != limit_class or keys[:index] != limit_keys[:index]:
        return None
    aimed = limit_keys[index]
    rest = (keys[index + 1 :], asking.unit.ticket, asking.unit.name.encode())
    aimed_rest = (limit_keys[index + 1 :], *limit_rest)
    is_beyond = rest < aimed_rest if side == BETTER else rest > aimed_rest
    level = scale.at(aimed)
    if keys[index] != aimed and is_beyond and level is not None:
        return aimed, level
    return scale.beside(aimed, side)
