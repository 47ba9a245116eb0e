"""Class lists of any input: the properties K1 to K11 hold, the same on every run, whatever order the rows had."""

import random
from dataclasses import replace
from itertools import permutations, product

import pytest
from class_intakes import intakes, pupil, town
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.classes.rules.balancing import balanced_division
from backend.classes.rules.bounds import bounds_of
from backend.classes.rules.class_checker import check_classes
from backend.classes.rules.forming import form_classes
from backend.classes.rules.values import ClassInput, FormOptions, Pupil


def cost_of(value: ClassInput, classes: tuple[int, ...]) -> tuple[int, ...]:
    """The order of the contract written out anew: heads outside the bounds and labels not kept, by priority."""
    count = value.options.classes

    def outside(values: list[str], trait: str) -> int:
        held = [sum(v == trait and c == k for v, c in zip(values, classes, strict=True)) for k in range(count)]
        low, high = sum(held) // count, -(-sum(held) // count)
        return sum(max(0, one - high) + max(0, low - one) for one in held)

    def broken(labels: list[str], *, should_share: bool) -> int:
        found = 0
        for label in set(labels) - {""}:
            where = [c for one, c in zip(labels, classes, strict=True) if one == label]
            found += len(set(where)) != (1 if should_share else len(where))
        return found

    sexes = [one.traits["sex"] for one in value.pupils]
    wishes = broken([one.together for one in value.pupils], should_share=True)
    wishes += broken([one.apart for one in value.pupils], should_share=False)
    cost = [outside(["x"] * len(classes), "x"), sum(outside(sexes, sex) for sex in set(sexes)), wishes]
    for column in value.bounded_columns[1:]:
        values = [one.traits[column] for one in value.pupils]
        cost.append(sum(outside(values, trait) for trait in set(values)))
    return tuple(cost)


@settings(max_examples=100, deadline=None)
@given(intakes())
def test_on_any_input_every_property_holds(value: ClassInput) -> None:
    """K1 to K11: bounds hold or the report says why not; every number is recomputed (A35, A36)."""
    assert [(one.name, one.details) for one in check_classes(value, form_classes(value)).failed] == []


@settings(max_examples=60, deadline=None)
@given(intakes(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(value: ClassInput, chance: random.Random) -> None:
    rows = list(value.pupils)
    chance.shuffle(rows)
    assert form_classes(ClassInput(tuple(rows), value.options)) == form_classes(value)


@settings(max_examples=40, deadline=None)
@given(intakes(most=7).filter(lambda value: value.options.classes <= 3))
def test_no_division_of_a_small_intake_keeps_more(value: ClassInput) -> None:
    """Every assignment is tried: none has fewer heads outside, priority by priority, up to the wishes and beyond."""
    lists = tuple(number - 1 for _, number in form_classes(value).classes)
    best = min(cost_of(value, one)[:3] for one in product(range(value.options.classes), repeat=len(lists)))
    assert cost_of(value, lists)[:3] == best
    if best == (0, 0, 0):
        everyone = product(range(value.options.classes), repeat=len(lists))
        whole = min(cost_of(value, one) for one in everyone)
        assert any(cost_of(value, lists)) == any(whole)


def planted(pupils: int, classes: int, seed: int) -> ClassInput:
    """An intake for which a division that keeps every bound is known to exist: it was made from one."""
    chance = random.Random(seed)
    sizes = [len(range(number, pupils, classes)) for number in range(classes)]
    members = [[(number, place) for place in range(size)] for number, size in enumerate(sizes)]
    traits: dict[tuple[int, int], dict[str, str]] = {one: {} for row in members for one in row}
    for column, values in (("sex", "男女"), ("special", "01"), ("ethnicity", "汉蒙回"), ("household", "东西南")):
        order = sorted(range(classes), key=lambda number: (-sizes[number], chance.random()))
        rows = [chance.sample(members[number], sizes[number]) for number in range(classes)]
        line = [rows[number][turn] for turn in range(max(sizes)) for number in order if turn < sizes[number]]
        cuts = sorted(chance.sample(range(1, pupils), len(values) - 1))
        for place, one in enumerate(line):
            traits[one][column] = values[sum(place >= cut for cut in cuts)]
    labels: dict[tuple[int, int], tuple[str, str]] = dict.fromkeys(traits, ("", ""))
    for turn in range(4):
        for one in chance.sample(members[turn % classes], 2):
            labels[one] = (labels[one][0] or f"家{turn % classes}", labels[one][1])
        for number in chance.sample(range(classes), 2):
            one = chance.choice(members[number])
            labels[one] = (labels[one][0], labels[one][1] or f"名{turn}")
    people = list(traits)
    chance.shuffle(people)
    made = [Pupil(f"{place:03d}", traits[one], {}, *labels[one]) for place, one in enumerate(people)]
    return ClassInput(tuple(made), FormOptions(classes, f"planted {seed}"))


@pytest.mark.parametrize(("pupils", "classes"), [(17, 4), (20, 5), (24, 3), (31, 4), (45, 6)])
@pytest.mark.parametrize("seed", range(4))
def test_bounds_that_can_be_kept_are_kept(pupils: int, classes: int, seed: int) -> None:
    """Too many divisions to try them all: the search finds one where one was planted."""
    value = planted(pupils, classes, seed)
    assert form_classes(value).report["violations"] == []


@settings(max_examples=12, deadline=None)
@given(intakes(most=9).filter(lambda value: len(value.pupils) > value.options.classes > 1))
def test_the_search_keeps_size_and_sex_where_it_cannot_keep_all(value: ClassInput) -> None:
    """The search of large intakes on small ones of any kind: size > sex > labels, whatever conflicts."""
    division = balanced_division(bounds_of(value), value.options.seed)
    assert cost_of(value, tuple(division.class_of.tolist()))[:2] == (0, 0)


def test_the_same_seed_gives_the_same_lists_and_another_seed_others() -> None:
    """T-3.6: same lists for the same seed; another seed gives other lists with the same sizes and bounds."""
    value = town(226, 6)
    first, again = form_classes(value), form_classes(value)
    other = form_classes(replace(value, options=replace(value.options, seed="another town")))
    assert first == again
    assert first.classes != other.classes
    assert sorted(first.report["sizes"]) == sorted(other.report["sizes"])
    assert first.report["violations"] == other.report["violations"] == []


def test_relabelling_pupils_consistently_keeps_every_bound() -> None:
    """Numbers of pupils carry no weight: any names, the same sizes and spreads reachable."""
    spreads = set()
    for names in list(permutations("abcdef"))[:6]:
        people = [Pupil(name, pupil(1).traits, {"score": 100 * place}) for place, name in enumerate(names)]
        spreads.add(form_classes(ClassInput(tuple(people), FormOptions(3, "s"))).report["spread"]["score"])
    assert spreads == {"0.0000"}
