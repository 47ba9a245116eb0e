"""The circle method in both published variants, against people really standing in a circle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.fairness.circle import circle_draw, circle_faults


@st.composite
def circles(draw: st.DrawFn) -> tuple[int, int, int, int]:
    people = draw(st.integers(1, 40))
    return people, draw(st.integers(1, people)), draw(st.integers(1, 100)), draw(st.integers(0, people))


def walked(people: int, start: int, step: int, winners: int) -> list[int]:
    """Walk the circle one by one; those drawn have left and are not counted."""
    drawn: list[int] = []
    here = start
    while len(drawn) < winners:
        drawn.append(here)
        counted = 0
        while counted < step and len(drawn) < people:
            here = here % people + 1
            counted += here not in drawn
    return drawn


def walked_over_drawn(people: int, start: int, step: int, winners: int) -> list[int]:
    """Walk the circle one by one, counting everybody; on a drawn number walk on to the next undrawn one."""
    drawn: list[int] = []
    here = start
    while len(drawn) < winners:
        while here in drawn:
            here = here % people + 1
        drawn.append(here)
        for _ in range(step):
            here = here % people + 1
    return drawn


@given(circles())
def test_drawn_numbers_leave_the_circle(circle: tuple[int, int, int, int]) -> None:
    assert circle_draw(*circle, keeps_drawn=False) == walked(*circle)


@given(circles())
def test_counting_goes_on_over_drawn_numbers(circle: tuple[int, int, int, int]) -> None:
    assert circle_draw(*circle, keeps_drawn=True) == walked_over_drawn(*circle)


@given(circles(), st.booleans())
def test_nobody_wins_twice_and_the_start_wins_first(circle: tuple[int, int, int, int], keeps_drawn: bool) -> None:  # noqa: FBT001
    drawn = circle_draw(*circle, keeps_drawn=keeps_drawn)
    assert len(set(drawn)) == len(drawn) == circle[3]
    assert drawn[:1] == ([circle[1]] if circle[3] else [])


def test_the_two_variants_give_different_lists() -> None:
    """Domain 2.8, 1: both named variants exist; 5 people, start 2, step 2."""
    assert circle_draw(5, 2, 2, 5, keeps_drawn=False) == [2, 4, 1, 5, 3]
    assert circle_draw(5, 2, 2, 5, keeps_drawn=True) == [2, 4, 1, 3, 5]


def test_a_huge_circle_is_drawn_without_standing_it_up() -> None:
    assert circle_draw(10**15, 10**15, 10**15 - 1, 3, keeps_drawn=False) == [10**15, 10**15 - 1, 1]
    assert circle_draw(10**15, 10**15, 1, 3, keeps_drawn=True) == [10**15, 1, 2]


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ((0, 1, 1, 0), ["people"]),
        ((5, 0, 1, 1), ["start"]),
        ((5, 6, 1, 1), ["start"]),
        ((5, 5, 0, 1), ["step"]),
        ((5, 5, 1, -1), ["winners"]),
        ((5, 5, 1, 6), ["winners"]),
        ((5, 6, 0, 6), ["start", "step", "winners"]),
        ((5, 1, 1, 5), []),
        ((1, 1, 1, 0), []),
    ],
)
def test_numbers_outside_the_circle_are_refused(numbers: tuple[int, int, int, int], wrong: list[str]) -> None:
    assert [name for name, _ in circle_faults(*numbers)] == wrong
    if wrong:
        with pytest.raises(ValueError, match=r"\w"):
            circle_draw(*numbers, keeps_drawn=False)
