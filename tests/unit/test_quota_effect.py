"""What a quota does to a school's lines (wish 18): what always holds, the rule over persons, and a worked example."""

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.quota_effect import Columns, Crowd, Effect, Group, Wanting, count_in, crowd_of, quota_effect
from backend.zhongkao.rules.reserves import Claim, Claimant, First, Places, settle_reserves

JUNIORS = ("J1", "J2", None)


def counted(wanting: Sequence[Wanting], most_levels: int = 100) -> Crowd:
    """The crowd as the service counts it."""
    groups: dict[Group, Columns] = {}
    for one in sorted(wanting, key=lambda one: one.standing):
        count_in(groups, one, most_levels)
    return crowd_of(groups.items())


def over_persons(wanting: Sequence[Wanting], places: int, quota: dict[str, int], first: First) -> Effect:
    """The same by seating every single candidate, as an admission with reserved places does (E04, E38)."""
    number = {junior: index for index, junior in enumerate(sorted(quota), 1)}
    claimants = [
        Claimant(index, one.standing, (Claim(0, one.open, number.get(one.junior or "")),))
        for index, one in enumerate(wanting)
    ]
    reserved = {number[junior]: seats for junior, seats in quota.items()}
    seats = settle_reserves(claimants, {0: Places(places - sum(quota.values()), reserved)}, first)
    inside: dict[str, list[int]] = {"": [], **{junior: [] for junior in quota}}
    for index, seat in seats.items():
        if seat is not None:
            inside[next((name for name in quota if number[name] == seat.reserve), "")].append(wanting[index].total)
    is_full = sum(map(len, inside.values())) >= places
    return Effect(
        min(inside[""]) if inside[""] and is_full else None,
        {name: min(inside[name]) if many and len(inside[name]) >= many else None for name, many in quota.items()},
        {name: len(there) for name, there in inside.items()},
    )


@st.composite
def crowds_with_equals(draw: st.DrawFn) -> list[Wanting]:
    """Candidates of whom some are level in everything, of three junior schools or none."""
    many = draw(st.integers(0, 40))
    return [
        Wanting(standing, 60_000 - 50 * (standing // 2), draw(st.booleans()), draw(st.sampled_from((*JUNIORS, "J3"))))
        for standing in draw(st.lists(st.integers(0, 15), min_size=many, max_size=many))
    ]


@settings(max_examples=100, deadline=None)
@given(
    crowd=crowds_with_equals(),
    seats=st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 4)),
    first=st.sampled_from(get_args(First)),
)
def test_counts_give_what_seating_every_person_gives(
    crowd: list[Wanting], seats: tuple[int, int, int], first: First
) -> None:
    """Wish 18, A56: equals are served whole over plan; of each group as many levels as places say all there is."""
    opened, one, two = seats
    quota, places = {"J1": one, "J2": two}, opened + one + two
    expected = over_persons(crowd, places, quota, first)
    assert quota_effect(counted(crowd), places, quota, first) == expected
    assert quota_effect(counted(crowd, places), places, quota, first) == expected


@st.composite
def crowds(draw: st.DrawFn) -> list[Wanting]:
    """Candidates with different totals, each with a right to open places, to a quota, or to both."""
    many = draw(st.integers(1, 12))
    return [
        Wanting(one, 60_000 - 100 * one, draw(st.booleans()), draw(st.sampled_from(JUNIORS))) for one in range(many)
    ]


@settings(max_examples=100, deadline=None)
@given(crowd=crowds(), places=st.integers(0, 10), first=st.sampled_from(["quota-first", "open-first"]), data=st.data())
def test_no_more_are_admitted_than_places_and_none_is_left_while_somebody_open_wants_it(
    crowd: list[Wanting], places: int, first: str, data: st.DataObject
) -> None:
    """Wish 18, E04: what a junior school does not use falls to the open places in the same run."""
    one = data.draw(st.integers(0, places))
    quota = {"J1": one, "J2": data.draw(st.integers(0, places - one))}
    effect = quota_effect(counted(crowd), places, quota, first)  # type: ignore[arg-type]
    total = sum(effect.admitted.values())
    assert total <= places
    assert effect.admitted["J1"] <= quota["J1"]
    assert total >= min(places, sum(who.open for who in crowd))


@settings(max_examples=100, deadline=None)
@given(crowd=crowds(), places=st.integers(1, 10), data=st.data())
def test_one_more_quota_place_never_lowers_the_open_line(
    crowd: list[Wanting], places: int, data: st.DataObject
) -> None:
    """Open places first, then quota: what is taken from the open ones raises their line, or leaves it."""
    everybody = [Wanting(one.standing, one.total, open=True, junior="J1") for one in crowd]
    quota = data.draw(st.integers(0, places - 1))
    fewer = quota_effect(counted(everybody), places, {"J1": quota}, "open-first")
    more = quota_effect(counted(everybody), places, {"J1": quota + 1}, "open-first")
    if fewer.open_line is not None and more.open_line is not None:
        assert more.open_line >= fewer.open_line


@pytest.mark.parametrize("first", get_args(First))
def test_as_many_levels_as_places_are_enough_and_needed(first: First) -> None:
    """Three open places and two for J1, all wanted by one group: its fifth is the last one in."""
    crowd = [Wanting(n, 65_000 - 500 * n, open=True, junior="J1") for n in range(9)]
    effect = quota_effect(counted(crowd, 5), 5, {"J1": 2}, first)
    assert min(effect.open_line or 0, effect.lines["J1"] or 0) == 63_000
    assert sum(quota_effect(counted(crowd, 4), 5, {"J1": 2}, first).admitted.values()) == 4


def test_a_quota_lowers_the_line_of_a_weak_junior_school_and_raises_the_open_one() -> None:
    """Four places: without a quota the four best of J1; with two for J2 its best two, 20 and 30 points lower."""
    crowd = [Wanting(n, 65_000 - 500 * n, open=True, junior="J1") for n in range(4)]
    crowd += [Wanting(9 + n, 62_000 - 1_000 * n, open=True, junior="J2") for n in range(3)]
    assert quota_effect(counted(crowd), 4, {"J2": 0}, "open-first").open_line == 63_500
    effect = quota_effect(counted(crowd), 4, {"J2": 2}, "open-first")
    assert (effect.open_line, effect.lines, effect.admitted) == (64_500, {"J2": 61_000}, {"": 2, "J2": 2})


def test_a_quota_larger_than_the_school_is_an_error() -> None:
    """The caller keeps to the places there are."""
    with pytest.raises(ValueError, match="5 quota places of 4"):
        quota_effect(counted([]), 4, {"J1": 5}, "open-first")
