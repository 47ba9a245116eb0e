"""The floor: spreads driven down to what sums of integers allow, certified by trying every exchange of two pupils."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from time import process_time

import pytest
from class_intakes import intakes, pupil, town
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.classes.rules.balancing import balanced_division
from backend.classes.rules.bounds import bounds_of
from backend.classes.rules.certificate import no_swap_improves
from backend.classes.rules.forming import form_classes
from backend.classes.rules.least_spread import least_spread
from backend.classes.rules.polishing import polish
from backend.classes.rules.sums import mean_floors, scores_of
from backend.classes.rules.values import ClassInput, FormOptions


def spread(scores: list[int], lists: list[int], classes: int) -> Fraction:
    held = [[score for score, number in zip(scores, lists, strict=True) if number == one] for one in range(classes)]
    means = [Fraction(sum(one), len(one)) for one in held if one]
    return max(means) - min(means)


@pytest.mark.parametrize(("pupils", "classes", "twins"), [(200, 4, 0), (226, 6, 5), (137, 3, 4), (360, 8, 9)])
def test_a_common_school_reaches_the_least_spread_of_every_mean(pupils: int, classes: int, twins: int) -> None:
    """A33, A36: total and each subject at the bound that no division can beat."""
    report = form_classes(town(pupils, classes, twins=twins)).report
    assert report["spread"] == report["lower_bound"]["spread"]
    assert report["violations"] == []
    assert "floor" in report["steps"]


def test_a_thousand_pupils_in_twenty_classes_within_the_target() -> None:
    """Total within 0.05, subjects within 0.04, in 15 seconds of one core; no exchange of two improves it."""
    value = town(1_000, 20, twins=40)
    before = process_time()
    result = form_classes(value)
    assert process_time() - before <= 15
    spreads = {name: Fraction(text) for name, text in result.report["spread"].items()}
    assert spreads.pop("score") <= Fraction("0.05")
    assert max(spreads.values()) <= Fraction("0.04")
    assert no_swap_improves(value, dict(result.classes))


@pytest.mark.parametrize("seed", range(2))
def test_no_exchange_of_two_pupils_improves_a_floor_of_odd_scores(seed: int) -> None:
    """Scores in hundredths and many bounds: the floor of sums is out of reach, the certificate still holds."""
    chance = random.Random(seed)
    people = [
        pupil(
            number,
            chance.choice("男女"),
            ethnicity=chance.choice("汉汉蒙"),
            household=chance.choice("东西南"),
            apart=chance.choice(["", "", "", "名"]),
            together=chance.choice(["", "", "", "", "家"]) if number < 12 else "",
            score_a=chance.randrange(12_000),
            score_b=chance.randrange(12_000),
        )
        for number in range(29)
    ]
    value = ClassInput(tuple(people), FormOptions(5, str(seed)))
    assert no_swap_improves(value, dict(form_classes(value).classes))


def test_the_polish_alone_ends_where_no_exchange_improves() -> None:
    """From a deal that knows nothing of scores: improvable before, certified after, every bound still kept."""
    value = town(61, 4, twins=4)
    bounds = bounds_of(value)
    dealt = balanced_division(bounds, "s").class_of
    polished = polish(bounds, scores_of(value), dealt, "s")
    assert not no_swap_improves(value, numbered(value, dealt.tolist()))
    assert no_swap_improves(value, numbered(value, polished.tolist()))
    assert bounds.cost(polished) == bounds.cost(dealt) == (0,) * len(bounds.cost(dealt))


def numbered(value: ClassInput, lists: list[int]) -> dict[str, int]:
    return {one.no: number + 1 for one, number in zip(value.pupils, lists, strict=True)}


def test_the_certificate_sees_an_exchange_that_improves() -> None:
    people = [pupil(number, score=100 * number) for number in range(4)]
    value = ClassInput(tuple(people), FormOptions(2, "s"))
    names = [one.no for one in people]
    assert not no_swap_improves(value, dict(zip(names, [1, 1, 2, 2], strict=True)))
    assert no_swap_improves(value, dict(zip(names, [1, 2, 2, 1], strict=True)))


def test_the_certificate_passes_over_exchanges_that_break_a_bound() -> None:
    people = [pupil(number, "男男女女"[number], score=100 * number) for number in range(4)]
    kept = [replace(one, together="家" if place in (0, 2) else "") for place, one in enumerate(people)]
    lists = {one.no: number for one, number in zip(people, [1, 2, 1, 2], strict=True)}
    assert not no_swap_improves(ClassInput(tuple(people), FormOptions(2, "s")), lists)
    assert no_swap_improves(ClassInput(tuple(kept), FormOptions(2, "s")), lists)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=7), st.integers(1, 4))
def test_the_least_spread_is_a_bound_that_two_programs_agree_on(scores: list[int], classes: int) -> None:
    """No division with sizes within one lies below it; the checker fills sums grain by grain, the former does not."""
    people = tuple(pupil(number, score=score) for number, score in enumerate(scores))
    floor = mean_floors(scores_of(ClassInput(people, FormOptions(classes, "s"))), classes)[0].spread
    assert floor == least_spread(scores, classes)
    for lists in product(range(classes), repeat=len(scores)):
        sizes = [lists.count(number) for number in range(classes)]
        if max(sizes) - min(sizes) <= 1:
            assert spread(scores, list(lists), classes) >= floor


@settings(max_examples=40, deadline=None)
@given(intakes(most=7).filter(lambda value: value.means_reported and value.options.classes <= 3))
def test_a_small_floor_is_the_best_of_all_divisions(value: ClassInput) -> None:
    """Without hard bounds in the way (one sex, one people, one place) the spread of the total is the true minimum."""
    plain = {"sex": "女", "ethnicity": "汉", "household": "东"}
    people = tuple(replace(one, traits=plain, together="", apart="") for one in value.pupils)
    classes = value.options.classes
    alone = ClassInput(people, FormOptions(classes, value.options.seed))
    totals = [sum(one.scores.values()) for one in people]
    lists = [number - 1 for _, number in form_classes(alone).classes]
    even = [
        one
        for one in product(range(classes), repeat=len(people))
        if max(one.count(k) for k in range(classes)) - min(one.count(k) for k in range(classes)) <= 1
    ]
    assert spread(totals, lists, classes) == min(spread(totals, list(one), classes) for one in even)
