"""Seats by a drawn order: the three published rules for a bundle at the last seats (T-2.10)."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.fairness.seats import LastBundle, SeatResult, fill_seats

TWINS_SECOND = [["a"], ["b1", "b2"], ["c"], ["d"]]


@st.composite
def orders(draw: st.DrawFn) -> list[list[str]]:
    sizes = draw(st.lists(st.integers(1, 4), max_size=8))
    return [[f"{unit}.{member}" for member in range(size)] for unit, size in enumerate(sizes)]


def admitted(units: Sequence[Sequence[str]], seats: int, rule: str) -> list[str]:
    results = fill_seats(units, seats, LastBundle(rule))
    return [no for no, result in results.items() if result is SeatResult.ADMITTED]


def offered(units: Sequence[Sequence[str]], seats: int, rule: str) -> list[str]:
    results = fill_seats(units, seats, LastBundle(rule))
    return [no for no, result in results.items() if result is SeatResult.OFFERED]


@pytest.mark.parametrize(
    ("seats", "rule", "seated", "asked"),
    [
        (3, "add", ["a", "b1", "b2"], []),
        (2, "add", ["a", "b1", "b2"], []),
        (2, "skip", ["a", "c"], []),
        (2, "offer-one", ["a", "b1"], ["b2"]),
        (1, "add", ["a"], []),
        (1, "offer-one", ["a"], []),
        (0, "add", [], []),
        (4, "skip", ["a", "b1", "b2", "c"], []),
    ],
)
def test_twins_at_the_last_seats(seats: int, rule: str, seated: list[str], asked: list[str]) -> None:
    """T-2.10; with no seat left nothing is added and nobody is offered anything."""
    assert admitted(TWINS_SECOND, seats, rule) == seated
    assert offered(TWINS_SECOND, seats, rule) == asked


def test_triplets_are_offered_what_their_brother_left() -> None:
    units = [["t1", "t2", "t3"], ["x"]]
    assert admitted(units, 2, "offer-one") == ["t1", "t2"]
    assert offered(units, 2, "offer-one") == ["t3"]


def test_offering_to_a_bundle_at_the_head_of_no_seats_gives_nothing() -> None:
    assert set(fill_seats([["t1", "t2"]], 0, LastBundle.OFFER_ONE).values()) == {SeatResult.WAITING}


def test_a_smaller_bundle_behind_the_skipped_one_is_seated_where_it_fits() -> None:
    assert admitted([["a"], ["t1", "t2", "t3"], ["b1", "b2"], ["c"]], 3, "skip") == ["a", "b1", "b2"]


@given(orders(), st.integers(0, 20))
def test_skipping_seats_whole_bundles_and_leaves_no_seat_that_somebody_fits(units: list[list[str]], seats: int) -> None:
    seated = set(admitted(units, seats, "skip"))
    free = seats - len(seated)
    assert free >= 0
    for unit in units:
        assert len(seated & set(unit)) in (0, len(unit))
        assert seated & set(unit) or len(unit) > free


@given(orders(), st.integers(0, 20))
def test_adding_fills_a_prefix_of_the_order_and_overruns_by_one_bundle_at_most(
    units: list[list[str]], seats: int
) -> None:
    everybody = [no for unit in units for no in unit]
    seated = admitted(units, seats, "add")
    assert seated == everybody[: len(seated)]
    assert len(seated) >= min(seats, len(everybody))
    assert not seated or len(seated) - len(next(unit for unit in units if seated[-1] in unit)) < seats


@given(orders(), st.integers(0, 20))
def test_offering_seats_exactly_the_plan_and_offers_to_one_bundle_only(units: list[list[str]], seats: int) -> None:
    everybody = [no for unit in units for no in unit]
    assert admitted(units, seats, "offer-one") == everybody[:seats]
    asked = offered(units, seats, "offer-one")
    torn = [unit for unit in units if 0 < len(set(unit) & set(everybody[:seats])) < len(unit)]
    assert asked == [no for unit in torn for no in unit if no not in everybody[:seats]]


@given(orders(), st.integers(0, 20), st.sampled_from(list(LastBundle)))
def test_everybody_has_one_result(units: list[list[str]], seats: int, rule: LastBundle) -> None:
    assert list(fill_seats(units, seats, rule)) == [no for unit in units for no in unit]


def test_fewer_than_no_seats_are_refused() -> None:
    with pytest.raises(ValueError, match="-1 seats"):
        fill_seats([], -1, LastBundle.ADD)
