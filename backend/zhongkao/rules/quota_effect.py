"""What a quota does to the lines of a school (wish 18): its places dealt out among those who want it, open and reserved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.zhongkao.rules.reserves import Claim, Claimant, First, Places, settle_reserves

SCHOOL = 0


@dataclass(frozen=True, slots=True)
class Wanting:
    """A candidate who wants the school: standing (0 = best), total in hundredths, whether its open places can be his, and
    the junior school whose quota he has a right to (None: none).
    """

    standing: int
    total: int
    open: bool
    junior: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The lowest total admitted on an open place and by each junior school's quota; None where places are left, or where
    there are none. `admitted` counts both kinds by junior school of the quota, "" for the open ones.
    """

    open_line: int | None
    lines: Mapping[str, int | None]
    admitted: Mapping[str, int]


def quota_effect(wanting: Sequence[Wanting], places: int, quota: Mapping[str, int], first: First) -> Effect:
    """The lines where so many of the school's `places` are dealt to junior schools; what one does not use is open.

    Raises ValueError where the quota is more than the places.
    """
    dealt = sum(quota.values())
    if dealt > places:
        raise ValueError(f"{dealt} quota places of {places}")
    number = {junior: index for index, junior in enumerate(sorted(quota), 1)}
    claimants = [
        Claimant(index, one.standing, (Claim(SCHOOL, one.open, number.get(one.junior or "")),))
        for index, one in enumerate(wanting)
    ]
    reserved = {number[junior]: seats for junior, seats in quota.items()}
    seats = settle_reserves(claimants, {SCHOOL: Places(places - dealt, reserved)}, first)
    of_number = {index: junior for junior, index in number.items()}
    inside: dict[str, list[int]] = {"": [], **{junior: [] for junior in quota}}
    for index, seat in seats.items():
        if seat is not None:
            inside["" if seat.reserve is None else of_number[seat.reserve]].append(wanting[index].total)
    is_full = sum(map(len, inside.values())) >= places
    return Effect(
        min(inside[""]) if inside[""] and is_full else None,
        {
            junior: min(inside[junior]) if seats_of and len(inside[junior]) >= seats_of else None
            for junior, seats_of in quota.items()
        },
        {junior: len(there) for junior, there in inside.items()},
    )
