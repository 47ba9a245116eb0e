"""Quotas of junior schools: the weights, the largest remainder, and what can never happen to a school's share."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.fairness.largest_remainder import NoWeight, largest_remainder
from backend.zhongkao.rules.quota import Junior, deal_quota, weight

names = st.text("abc甲乙", min_size=1, max_size=3)
weights = st.dictionaries(names, st.integers(0, 30), min_size=1, max_size=8).filter(lambda one: sum(one.values()) > 0)


def dealt_one_by_one(shares: dict[str, int], seats: int) -> dict[str, int]:
    """The naive oracle: exact fractions, the rest handed out one at a time to the best claim still waiting."""
    total = sum(shares.values())
    exact = {name: Fraction(seats * share, total) for name, share in shares.items()}
    dealt = {name: share.numerator // share.denominator for name, share in exact.items()}
    waiting = list(shares)
    for _ in range(seats - sum(dealt.values())):
        best = waiting[0]
        for name in waiting[1:]:
            claim = (exact[name] % 1, shares[name])
            best_claim = (exact[best] % 1, shares[best])
            if claim > best_claim or (claim == best_claim and name.encode() < best.encode()):
                best = name
        waiting.remove(best)
        dealt[best] += 1
    return dealt


@settings(max_examples=100)
@given(weights, st.integers(0, 60))
def test_the_seats_are_those_of_exact_fractions(shares: dict[str, int], seats: int) -> None:
    """Contract 4, E04: largest remainder, ties to the larger weight, then to the id."""
    assert largest_remainder(shares, seats) == dealt_one_by_one(shares, seats)


@settings(max_examples=100)
@given(weights, st.integers(0, 60))
def test_every_seat_is_dealt_and_no_school_is_off_by_a_whole_seat(shares: dict[str, int], seats: int) -> None:
    dealt = largest_remainder(shares, seats)
    assert sum(dealt.values()) == seats
    total = sum(shares.values())
    assert all(abs(Fraction(seats * shares[name], total) - dealt[name]) < 1 for name in shares)


@settings(max_examples=50)
@given(weights, st.integers(0, 60), st.randoms(use_true_random=False))
def test_the_order_of_the_schools_changes_nothing(shares: dict[str, int], seats: int, chance: object) -> None:
    listed = list(shares.items())
    chance.shuffle(listed)  # type: ignore[attr-defined]
    assert largest_remainder(dict(listed), seats) == largest_remainder(shares, seats)


@settings(max_examples=50)
@given(weights, st.integers(0, 60))
def test_a_heavier_school_never_gets_fewer_seats(shares: dict[str, int], seats: int) -> None:
    dealt = largest_remainder(shares, seats)
    assert all(dealt[one] >= dealt[other] for one in shares for other in shares if shares[one] > shares[other])


@settings(max_examples=50)
@given(st.integers(1, 20), st.integers(0, 2000), st.integers(1, 60))
def test_crowded_classes_never_add_weight(classes: int, pupils: int, cap: int) -> None:
    """1.2: above the cap a class counts the cap, at or below it the heads count."""
    counted = weight(Junior("J", classes, pupils), cap)
    assert counted == (classes * cap if Fraction(pupils, classes) > cap else pupils)
    assert weight(Junior("J", classes, pupils + 1), cap) >= counted


def test_exactly_the_cap_counts_the_heads() -> None:
    assert [weight(Junior("J", 4, pupils), 50) for pupils in (199, 200, 201)] == [199, 200, 200]


def test_equal_remainders_go_to_the_larger_weight_then_to_the_id() -> None:
    juniors = [Junior("B", 1, 10), Junior("A", 1, 10), Junior("C", 1, 30)]
    assert deal_quota(juniors, 1, 50) == [("A", 10, 0), ("B", 10, 0), ("C", 30, 1)]
    assert deal_quota(juniors[:2], 1, 50) == [("A", 10, 1), ("B", 10, 0)]
    halves = largest_remainder({"a": 1, "b": 3, "c": 4}, 4)
    assert halves == {"a": 0, "b": 2, "c": 2}


def test_seats_cannot_be_dealt_to_schools_without_pupils() -> None:
    with pytest.raises(NoWeight, match="3 seats"):
        deal_quota([Junior("A", 0, 0)], 3, 50)
    assert deal_quota([Junior("A", 0, 0)], 0, 50) == [("A", 0, 0)]
