"""The draw: every division alike, nobody's class known before, the tolerance kept; measured, not claimed."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from class_intakes import pupil, town

from backend.classes.rules.balancing import balanced_division
from backend.classes.rules.bounds import bounds_of
from backend.classes.rules.enumeration import best_by_bounds, every_division
from backend.classes.rules.forming import form_classes
from backend.classes.rules.sums import Scores, scores_of
from backend.classes.rules.values import ClassInput, FormOptions
from backend.classes.rules.walk import walk

# Standard deviations above 1 that chi-square by its degrees of freedom may reach: about one draw in a million is above.
SURE = 5


def chi_square_share(counts: list[int], expected: float) -> float:
    """Chi-square by its degrees of freedom; about 1 where all have the same chance."""
    return sum((count - expected) ** 2 / expected for count in counts) / (len(counts) - 1)


def unnumbered(lists: tuple[tuple[str, int], ...] | list[tuple[str, int]]) -> frozenset[frozenset[str]]:
    classes: dict[int, set[str]] = {}
    for no, number in lists:
        classes.setdefault(number, set()).add(no)
    return frozenset(frozenset(members) for members in classes.values())


def without_scores(number: int) -> ClassInput:
    """Eight pupils: two sexes crossed with two places, a pair of twins, two of one name; 3 classes."""
    people = [
        pupil(
            place,
            "男女"[place % 2],
            household="东西"[place // 4],
            together="家" if place in (0, 1) else "",
            apart="名" if place in (2, 5) else "",
        )
        for place in range(8)
    ]
    return ClassInput(tuple(people), FormOptions(3, f"draw {number}"))


def test_every_balanced_division_of_a_small_intake_has_the_same_chance() -> None:
    """A32, A34: primary schools draw among all divisions that keep the bounds."""
    bounds = bounds_of(without_scores(0))
    divisions = len(best_by_bounds(bounds, every_division(8, 3)))
    turns = 40 * divisions
    seen = Counter(unnumbered(form_classes(without_scores(turn)).classes) for turn in range(turns))
    assert len(seen) == divisions
    assert chi_square_share(list(seen.values()), 40) < 1 + SURE * (2 / (divisions - 1)) ** 0.5


@pytest.mark.parametrize("tolerance", [None, 3_000])
def test_the_walk_reaches_every_division_alike(tolerance: int | None) -> None:
    """The walk of large intakes on a small one, against the enumeration of all divisions it may reach."""
    people = [
        pupil(
            place,
            "男女"[place % 2],
            together="家" * (place in (0, 1)),
            apart="名" * (place in (2, 5)),
            score=700 * place,
        )
        for place in range(8)
    ]
    value = ClassInput(tuple(people), FormOptions(3, "s"))
    bounds, scores = bounds_of(value), scores_of(value)
    start = every_start(value, tolerance)
    turns, seen = 25 * len(start), Counter[frozenset[frozenset[str]]]()
    for turn in range(turns):
        found = walk(bounds, scores, np.array(start[0]), tolerance, f"walk {turn}", steps=400)
        seen[unnumbered([(one.no, number) for one, number in zip(people, found.tolist(), strict=True)])] += 1
    assert len(seen) == len(start)
    assert chi_square_share(list(seen.values()), 25) < 1 + SURE * (2 / (len(start) - 1)) ** 0.5


def every_start(value: ClassInput, tolerance: int | None) -> list[list[int]]:
    """All divisions with the least cost of bounds whose spread of the total lies within the tolerance."""
    rows = [[int(number) for number in row] for row in best_by_bounds(bounds_of(value), every_division(8, 3))]
    if tolerance is None:
        return rows
    scores = [one.scores["score"] for one in value.pupils]
    kept = []
    for row in rows:
        sums = [sum(s for s, c in zip(scores, row, strict=True) if c == k) / row.count(k) for k in range(3)]
        if max(sums) - min(sums) <= tolerance:
            kept.append(row)
    return kept


@pytest.mark.parametrize("tolerance", [None, 2_000])
def test_each_pupil_has_each_class_with_the_same_chance(tolerance: int | None) -> None:
    """The numbers of the classes are drawn last: one in four, by floor and by draw."""
    value = town(12, 4, subjects=1, tolerance=tolerance)
    turns = 120
    counts: Counter[tuple[str, int]] = Counter()
    for turn in range(turns):
        seeded = replace(value, options=replace(value.options, seed=f"turn {turn}"))
        counts.update(form_classes(seeded).classes)
    cells = [counts[one.no, number] for one in value.pupils for number in range(1, 5)]
    assert chi_square_share(cells, turns / 4) < 1 + SURE * (2 / len(cells)) ** 0.5


def test_pairs_meet_about_as_often_as_by_independent_chance() -> None:
    """Four boys and four girls a class: two boys meet with 3/15, a boy and a girl with 4/16, and no pair is special."""
    people = tuple(pupil(number, "男女"[number % 2]) for number in range(32))
    turns = 60
    met: Counter[tuple[str, str]] = Counter()
    for turn in range(turns):
        lists = form_classes(ClassInput(people, FormOptions(4, f"turn {turn}"))).classes
        met.update(pair for group in unnumbered(lists) for pair in combinations(sorted(group), 2))
    squares = []
    for first, second in combinations(people, 2):
        share = 3 / 15 if first.traits == second.traits else 4 / 16
        squares.append((met[first.no, second.no] - turns * share) ** 2 / (turns * share * (1 - share)))
    assert 0.75 < sum(squares) / len(squares) < 1.25


@pytest.mark.parametrize("tolerance", [50, 100])
def test_a_draw_keeps_every_bound_and_the_tolerance(tolerance: int) -> None:
    value = town(226, 6, tolerance=tolerance, twins=6)
    report = form_classes(value).report
    assert report["steps"] == ["deal", "repair", "approach", "draw", "number"]
    assert report["violations"] == []
    assert all(float(text) <= tolerance / 100 for text in report["spread"].values())
    assert max(float(text) for text in report["spread"].values()) > tolerance / 400


def test_a_tolerance_out_of_reach_is_told_and_the_floor_taken() -> None:
    people = tuple(pupil(number, score=1_000 * number**2) for number in range(6))
    report = form_classes(ClassInput(people, FormOptions(3, "s", (), 1))).report
    assert report["violations"][0]["rule"] == "tolerance"
    assert report["steps"] == ["enumerate", "floor", "number"]


def test_twins_move_together_in_the_draw() -> None:
    """The pairs are exchanged whole: they meet ever other classmates, never without each other."""
    value = town(80, 4, subjects=0, twins=5)
    bounds = bounds_of(value)
    start = balanced_division(bounds, "s").class_of
    nobody = Scores(np.zeros((80, 0), dtype=np.int64), ())
    places = [walk(bounds, nobody, start, None, f"turn {turn}") for turn in range(12)]
    assert all((place[0:10:2] == place[1:10:2]).all() for place in places)
    assert len({tuple(place[0:10:2].tolist()) for place in places}) == 12
