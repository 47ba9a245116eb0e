"""指标到校: the seats of a good senior high dealt to junior schools by weight and largest remainder (E04, E38)."""

from collections.abc import Sequence
from dataclasses import dataclass


class SeatsWithoutWeight(ValueError):
    """There are seats to deal, and no junior school has a weight."""

    code = "seats-without-weight"


@dataclass(frozen=True, slots=True)
class Junior:
    """A junior school with its graduating classes and the pupils in them."""

    id: str
    classes: int
    pupils: int


def weight(junior: Junior, class_cap: int) -> int:
    """Classes x cap where the average class is larger than the cap, else the pupils (the city's rule for quotas).

    So a school gains nothing by crowding its classes.
    """
    return min(junior.pupils, junior.classes * class_cap)


def deal_by_largest_remainder(weights: Sequence[tuple[str, int]], seats: int) -> dict[str, int]:
    """The seats of each id: its whole share, the rest one each by the largest remainder.

    `weights` are (id, weight) with weights of 0 or more. Equal remainders go to the larger weight, then to the id
    first in byte order. Raises SeatsWithoutWeight where seats are to be dealt and all weights are 0.
    """
    total = sum(one for _, one in weights)
    if not total:
        if seats:
            raise SeatsWithoutWeight(f"{seats} seats are to be dealt, and no school has any pupils")
        return {name: 0 for name, _ in weights}
    dealt = {name: seats * one // total for name, one in weights}
    by_remainder = sorted(weights, key=lambda entry: (-(seats * entry[1] % total), -entry[1], entry[0].encode()))
    for name, _ in by_remainder[: seats - sum(dealt.values())]:
        dealt[name] += 1
    return dealt


def deal_quota(juniors: Sequence[Junior], seats: int, class_cap: int) -> list[tuple[str, int, int]]:
    """(id, weight, seats) of every junior school, by id in byte order."""
    weights = [(junior.id, weight(junior, class_cap)) for junior in juniors]
    dealt = deal_by_largest_remainder(weights, seats)
    return [(name, one, dealt[name]) for name, one in sorted(weights, key=lambda entry: entry[0].encode())]
