"""Reserved places inside one run (E04, E38, algorithms 2d): no waste, no envy, no gain by a false list, the best there is."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.reserves import (
    Claim,
    Claimant,
    First,
    Places,
    Seat,
    reserve_faults,
    settle_reserves,
    unused,
)
from backend.zhongkao.rules.standing_orders import Lister, settle_lists

BOTH: tuple[First, ...] = ("quota-first", "open-first")
SCHOOLS = (1, 2)
Market = tuple[list[Claimant], dict[int, Places]]


@st.composite
def markets(draw: st.DrawFn, *, ties: bool) -> Market:
    """Up to five candidates of two junior schools (7, 8) or of none, two schools with open and reserved places."""
    many = draw(st.integers(1, 5))
    standings = (
        draw(st.lists(st.integers(0, 3), min_size=many, max_size=many)) if ties else draw(st.permutations(range(many)))
    )
    places = {
        school: Places(draw(st.integers(0, 2)), {7: draw(st.integers(0, 1)), 8: draw(st.integers(0, 2))})
        for school in SCHOOLS
    }
    people = []
    for name, standing in enumerate(standings):
        own = draw(st.sampled_from([None, 7, 8]))
        line = draw(st.booleans()) or own is None
        wanted = draw(st.permutations(SCHOOLS))[: draw(st.integers(0, 2))]
        people.append(Claimant(name, standing, tuple(Claim(school, line, own) for school in wanted)))
    return people, places


@pytest.mark.parametrize("first", BOTH)
@settings(max_examples=60, deadline=None)
@given(market=markets(ties=True))
def test_nobody_is_passed_over_and_no_place_stays_empty(first: First, market: Market) -> None:
    """The checker, which runs nothing again, agrees with every outcome, ties and all."""
    people, places = market
    assert list(reserve_faults(people, places, first, settle_reserves(people, places, first))) == []


def _all_outcomes(people: Sequence[Claimant]) -> list[dict[int, Seat | None]]:
    options: list[list[Seat | None]] = []
    for one in people:
        mine: list[Seat | None] = [None]
        for claim in one.claims:
            mine += [Seat(claim.school, None)] if claim.open else []
            mine += [Seat(claim.school, claim.reserve)] if claim.reserve is not None else []
        options.append(mine)
    return [dict(zip((one.id for one in people), seats, strict=True)) for seats in product(*options)]


def _place(one: Claimant, seat: Seat | None) -> int:
    schools = [claim.school for claim in one.claims]
    return len(schools) if seat is None else schools.index(seat.school)


@pytest.mark.parametrize("first", BOTH)
@settings(max_examples=30, deadline=None)
@given(market=markets(ties=False))
def test_of_all_outcomes_that_the_rules_allow_everybody_gets_his_best(first: First, market: Market) -> None:
    """The oracle tries every outcome there is: none that passes the checker is better for anybody."""
    people, places = market
    found = settle_reserves(people, places, first)
    for other in _all_outcomes(people):
        if not list(reserve_faults(people, places, first, other)):
            assert all(_place(one, found[one.id]) <= _place(one, other[one.id]) for one in people)


@pytest.mark.parametrize("first", BOTH)
@settings(max_examples=40, deadline=None)
@given(market=markets(ties=False), who=st.integers(0, 4))
def test_no_false_list_helps_and_a_better_score_never_hurts(first: First, market: Market, who: int) -> None:
    """Truth is best, whatever list one might pretend; and one standing higher is never worse."""
    people, places = market
    one = people[who % len(people)]
    truly = _place(one, settle_reserves(people, places, first)[one.id])
    for many in range(len(one.claims) + 1):
        for lie in permutations(one.claims, many):
            others = [replace(each, claims=lie) if each is one else each for each in people]
            assert truly <= _place(one, settle_reserves(others, places, first)[one.id])
    above = [
        replace(each, standing=each.standing + (1 if each.standing == one.standing - 1 else 0))
        if each is not one
        else replace(each, standing=max(0, each.standing - 1))
        for each in people
    ]
    assert _place(one, settle_reserves(above, places, first)[one.id]) <= truly


@pytest.mark.parametrize("first", BOTH)
@settings(max_examples=40, deadline=None)
@given(market=markets(ties=False), school=st.sampled_from(SCHOOLS))
def test_one_more_open_place_makes_nobody_worse(first: First, market: Market, school: int) -> None:
    people, places = market
    before = settle_reserves(people, places, first)
    more = places | {school: replace(places[school], open=places[school].open + 1)}
    after = settle_reserves(people, more, first)
    assert all(_place(one, after[one.id]) <= _place(one, before[one.id]) for one in people)


@settings(max_examples=40, deadline=None)
@given(market=markets(ties=True))
def test_without_reserves_it_is_serial_dictatorship(market: Market) -> None:
    """The other program, the five-line rule, gives the same."""
    people, places = market
    people = [replace(one, claims=tuple(replace(claim, open=True) for claim in one.claims)) for one in people]
    bare = {school: Places(there.open, {}) for school, there in places.items()}
    listers = [Lister(one.id, one.standing, tuple(claim.school for claim in one.claims)) for one in people]
    expected = settle_lists(listers, {school: there.open for school, there in bare.items()})
    found = settle_reserves(people, bare, "quota-first")
    assert {name: seat and seat.school for name, seat in found.items()} == expected


def test_the_order_of_reserved_and_open_places_changes_who_gets_in() -> None:
    """One open place, one for J: quota-first the best of J uses up his school's place, open-first it is left to the next."""
    places = {1: Places(1, {7: 1})}
    best, other, next_of_j = (
        Claimant(0, 0, (Claim(1, open=True, reserve=7),)),
        Claimant(1, 1, (Claim(1, open=True, reserve=None),)),
        Claimant(2, 2, (Claim(1, open=True, reserve=7),)),
    )
    people = [best, other, next_of_j]
    assert settle_reserves(people, places, "quota-first") == {0: Seat(1, 7), 1: Seat(1, None), 2: None}
    assert settle_reserves(people, places, "open-first") == {0: Seat(1, None), 1: None, 2: Seat(1, 7)}


def test_what_a_junior_school_does_not_use_is_open_in_the_same_run() -> None:
    """Nobody of J asks (or only below the floor): its place goes to the best who asks."""
    people = [
        Claimant(0, 0, (Claim(1, open=True, reserve=None),)),
        Claimant(1, 1, (Claim(1, open=True, reserve=None),)),
    ]
    places = {1: Places(1, {7: 1})}
    for first in BOTH:
        found = settle_reserves(people, places, first)
        assert found == {0: Seat(1, None), 1: Seat(1, None)}
        assert unused(places[1], [Seat(1, None), Seat(1, None)]) == {7: 1}


def test_the_checker_sees_a_place_given_past_somebody() -> None:
    """Negative control: each of four wrong outcomes is told."""
    people = [
        Claimant(0, 0, (Claim(1, open=True, reserve=7),)),
        Claimant(1, 1, (Claim(1, open=True, reserve=None),)),
        Claimant(2, 2, (Claim(1, open=True, reserve=7),)),
    ]
    places = {1: Places(1, {7: 1})}
    for wrong in (
        {0: None, 1: Seat(1, None), 2: Seat(1, 7)},
        {0: Seat(1, 7), 1: None, 2: Seat(1, None)},
        {0: Seat(1, 7), 1: Seat(1, 7), 2: None},
        {0: Seat(1, None), 1: None, 2: Seat(1, 7)},
    ):
        assert list(reserve_faults(people, places, "quota-first", wrong)), wrong
