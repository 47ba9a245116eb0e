"""Largest remainder: exact shares, ties by weight and then by id, against fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.fairness.largest_remainder import NoWeight, largest_remainder

WEIGHTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1).filter(lambda w: sum(w.values()))


@given(WEIGHTS, st.integers(0, 200))
def test_every_share_is_its_exact_part_rounded_down_or_up(weights: dict[str, int], seats: int) -> None:
    shares = largest_remainder(weights, seats)
    assert sum(shares.values()) == seats
    for one, weight in weights.items():
        exact = Fraction(seats * weight, sum(weights.values()))
        assert exact - 1 < shares[one] < exact + 1


@given(WEIGHTS, st.integers(0, 200))
def test_whoever_is_rounded_up_has_the_better_claim(weights: dict[str, int], seats: int) -> None:
    shares = largest_remainder(weights, seats)
    exact = {one: Fraction(seats * weight, sum(weights.values())) for one, weight in weights.items()}
    claim = {one: (exact[one] % 1, weights[one], -ord(one)) for one in weights}
    ups = [claim[one] for one in weights if shares[one] > exact[one]]
    downs = [claim[one] for one in weights if shares[one] <= exact[one] and exact[one] % 1]
    assert not ups or not downs or min(ups) > max(downs)


@given(WEIGHTS, st.integers(0, 200))
def test_the_order_of_the_rows_changes_nothing(weights: dict[str, int], seats: int) -> None:
    assert largest_remainder(dict(reversed(weights.items())), seats) == largest_remainder(weights, seats)


def test_ties_go_to_the_larger_weight_then_to_the_smaller_id() -> None:
    assert largest_remainder({"b": 1, "a": 1}, 1) == {"a": 1, "b": 0}
    assert largest_remainder({"a": 1, "b": 3}, 2) == {"a": 0, "b": 2}
    assert largest_remainder({"a": 1, "b": 3}, 0) == {"a": 0, "b": 0}


def test_huge_weights_are_exact() -> None:
    assert largest_remainder({"a": 10**30, "b": 10**30 + 1}, 1) == {"a": 0, "b": 1}


def test_seats_without_weight_and_negative_numbers_are_refused() -> None:
    with pytest.raises(NoWeight, match="all weights are 0"):
        largest_remainder({"a": 0}, 1)
    with pytest.raises(NoWeight):
        largest_remainder({}, 1)
    assert largest_remainder({}, 0) == {}
    for weights, seats in (({"a": -1, "b": 2}, 1), ({"a": 1}, -1)):
        with pytest.raises(ValueError, match="0 or more"):
            largest_remainder(weights, seats)
