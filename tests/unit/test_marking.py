"""Double marking: agreement, the third reader, the leader, and the protection of high marks."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.marking import Marks, Settlement, Status, settle

tenths = st.integers(0, 60).map(lambda mark: mark * 10)
maybe = st.none() | tenths


def settled(score: int) -> Settlement:
    return Settlement(Status.SETTLED, score)


def marks(*read: int | None) -> Marks:
    first, second, *later = [None if mark is None else mark * 100 for mark in read]
    assert first is not None
    assert second is not None
    return Marks(first, second, *later)


def oracle(one: Marks, tolerance: int, high: int | None) -> tuple[str, Fraction | None]:
    """The contract's sentences in their order, with fractions."""
    first, second, third = one.first, one.second, one.third
    if abs(first - second) <= tolerance:
        if high is not None and first >= high and second >= high:
            return "settled", Fraction(max(first, second))
        return "settled", Fraction(first + second, 2)
    if third is None:
        return "needs-third", None
    distances = [abs(first - second), abs(first - third), abs(second - third)]
    means = [Fraction(first + second, 2), Fraction(first + third, 2), Fraction(second + third, 2)]
    nearest = min(distances)
    if nearest <= tolerance:
        return "settled", max(mean for mean, distance in zip(means, distances, strict=True) if distance == nearest)
    return ("needs-leader", None) if one.leader is None else ("settled", Fraction(one.leader))


@settings(max_examples=100)
@given(st.builds(Marks, tenths, tenths, maybe, maybe), tenths, maybe)
def test_every_item_is_settled_as_the_rule_says(one: Marks, tolerance: int, high: int | None) -> None:
    """Contract 4, part 5.1 of the field's rules."""
    settlement = settle(one, tolerance, high)
    assert (settlement.status.value, settlement.score) == oracle(one, tolerance, high)


@settings(max_examples=50)
@given(st.builds(Marks, tenths, tenths, maybe, maybe), tenths)
def test_it_does_not_matter_who_read_first(one: Marks, tolerance: int) -> None:
    assert settle(one, tolerance) == settle(Marks(one.second, one.first, one.third, one.leader), tolerance)


@settings(max_examples=50)
@given(st.builds(Marks, tenths, tenths, maybe, st.none()), tenths)
def test_a_score_lies_between_the_marks_it_comes_from(one: Marks, tolerance: int) -> None:
    score = settle(one, tolerance).score
    given_marks = [mark for mark in (one.first, one.second, one.third) if mark is not None]
    assert score is None or min(given_marks) <= score <= max(given_marks)


def test_high_marks_within_the_tolerance_keep_the_higher() -> None:
    """T-5.2: 47 and 52 at a threshold of 46 give 52; 45 and 52 are too far apart."""
    assert settle(marks(47, 52), 600, 4600) == settled(5200)
    assert settle(marks(45, 52), 600, 4600).status == Status.NEEDS_THIRD
    assert settle(marks(46, 50), 600, 4600) == settled(5000)
    assert settle(marks(45, 50), 600, 4600) == settled(4750)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (marks(3, 3), settled(300)),
        (marks(3, 4), Settlement(Status.NEEDS_THIRD, None)),
        (marks(3, 4, 4), settled(400)),
        (marks(3, 4, 3), settled(300)),
        (marks(3, 4, 2), Settlement(Status.NEEDS_LEADER, None)),
        (marks(3, 4, 2, 3), settled(300)),
    ],
)
def test_with_zero_tolerance_equal_marks_or_the_next_reader(read: Marks, expected: Settlement) -> None:
    """T-5.3: 双评零误差."""
    assert settle(read, 0) == expected


def test_of_two_pairs_equally_near_the_higher_counts() -> None:
    assert settle(marks(40, 52, 46), 600) == settled(4900)


def test_the_protection_of_high_marks_is_for_the_first_pair_only() -> None:
    assert settle(marks(46, 60, 50), 600, 4600) == settled(4800)


def test_readings_that_are_not_needed_are_ignored() -> None:
    assert settle(marks(3, 3, 9, 9), 0) == settled(300)
    assert settle(marks(3, 9, 9, 1), 0) == settled(900)
    assert settle(marks(3, 9, None, 5), 0).status == Status.NEEDS_THIRD


def test_half_points_are_kept_exactly() -> None:
    """T-5.4: 47.5 and 48 give 47.75."""
    assert settle(Marks(4750, 4800), 100) == settled(4775)
    assert settle(Marks(4750, 4760), 10) == settled(4755)
