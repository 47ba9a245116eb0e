"""The checker of class lists catches every seeded fault, and names the property that it breaks."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest
from class_intakes import pupil, town

from backend.classes.rules.class_checker import check_classes
from backend.classes.rules.forming import form_classes
from backend.classes.rules.values import ClassInput, ClassResult, FormOptions

FLOOR, DRAW = town(60, 3, twins=3), town(60, 3, twins=3, tolerance=500)
RESULTS = {id(value): form_classes(value) for value in (FLOOR, DRAW)}

Fault = Callable[[dict[str, Any]], object]


def broken_report(value: ClassInput, change: Fault) -> list[str]:
    """The first words of the properties that fail after `change` was done to a true report."""
    result = RESULTS[id(value)]
    report = deepcopy(dict(result.report))
    change(report)
    return failed(value, ClassResult(result.classes, report))


def failed(value: ClassInput, result: ClassResult) -> list[str]:
    return [one.name.split()[0] for one in check_classes(value, result).failed]


def with_lists(value: ClassInput, changed: Mapping[str, int]) -> ClassResult:
    """A true result with some pupils in other classes than the report tells of."""
    result = RESULTS[id(value)]
    return ClassResult(tuple((no, changed.get(no, number)) for no, number in result.classes), result.report)


@pytest.mark.parametrize("value", [FLOOR, DRAW])
def test_a_true_result_passes(value: ClassInput) -> None:
    assert failed(value, RESULTS[id(value)]) == []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda report: report.pop("steps"), "K2"),
        (lambda report: report.update(remark="well done"), "K2"),
        (lambda report: report["violations"].append({"rule": "apart", "detail": "label 'x'"}), "K5"),
        (lambda report: report["violations"].append({"rule": "tolerance", "detail": "none"}), "K5"),
        (lambda report: report["sizes"].reverse() or report["sizes"].append(0), "K6"),
        (lambda report: report["counts"]["sex"]["男"].__setitem__(0, 99), "K6"),
        (lambda report: report["means"]["score"].__setitem__(0, "0.0001"), "K6"),
        (lambda report: report["spread"].update(score_a="0.0001"), "K6"),
        (lambda report: report["lower_bound"]["spread"].update(score="9.0000"), "K7"),
        (lambda report: report["lower_bound"].update(sizes=1), "K7"),
        (lambda report: report.update(seed="another"), "K8"),
        (lambda report: report.update(input_sha256="0" * 64), "K8"),
        (lambda report: report.update(steps=["deal", "draw"]), "K9"),
        (lambda report: report.update(steps=["deal"]), "K9"),
    ],
)
def test_a_false_report_is_caught(change: Fault, name: str) -> None:
    assert name in broken_report(FLOOR, change)


def test_a_pupil_lost_doubled_or_in_no_class_is_caught() -> None:
    result = RESULTS[id(FLOOR)]
    assert failed(FLOOR, ClassResult(result.classes[1:], result.report)) == ["K1"]
    assert failed(FLOOR, ClassResult((*result.classes, ("stranger", 1)), result.report)) == ["K1"]
    assert failed(FLOOR, ClassResult((*result.classes, result.classes[0]), result.report)) == ["K1"]
    assert failed(FLOOR, with_lists(FLOOR, {result.classes[0][0]: 4})) == ["K1"]


def test_a_pupil_put_into_another_class_is_caught() -> None:
    """A42: a class chosen by hand shows in the sizes, in the figures and in the floor."""
    lists = RESULTS[id(FLOOR)].classes
    child = lists[-1][0]
    moved = failed(FLOOR, with_lists(FLOOR, {child: lists[-1][1] % 3 + 1}))
    assert "K6" in moved
    four = {no: 1 for no, number in lists if number == 2}
    assert "K3" in failed(FLOOR, with_lists(FLOOR, dict(list(four.items())[:4])))


def test_a_sex_that_differs_by_two_is_caught_although_the_sizes_agree() -> None:
    people = tuple(pupil(number, "男男男男女女女女"[number]) for number in range(8))
    value = ClassInput(people, FormOptions(2, "s"))
    result = form_classes(value)
    uneven = tuple((one.no, 1 if number in (0, 1, 2, 4) else 2) for number, one in enumerate(people))
    assert {"K4", "K5", "K6"} <= set(failed(value, ClassResult(uneven, result.report)))


def test_torn_twins_are_caught_where_the_report_is_silent() -> None:
    lists = dict(RESULTS[id(FLOOR)].classes)
    twin = FLOOR.pupils[0]
    other = next(
        one
        for one in FLOOR.pupils
        if lists[one.no] != lists[twin.no] and one.traits == twin.traits and not one.together
    )
    swapped = failed(FLOOR, with_lists(FLOOR, {twin.no: lists[other.no], other.no: lists[twin.no]}))
    assert "K5" in swapped


def test_a_draw_outside_its_tolerance_is_caught() -> None:
    """The lists of a wide draw under the name of a narrow one."""
    narrow = town(60, 3, twins=3, tolerance=1)
    wide = RESULTS[id(DRAW)]
    report = {**wide.report, "input_sha256": narrow.sha256()}
    assert failed(narrow, ClassResult(wide.classes, report)) == ["K10"]


def test_a_floor_that_an_exchange_would_improve_is_caught() -> None:
    """The lists of a draw, with a true report of them, under the name of a floor."""
    drawn = RESULTS[id(DRAW)]
    steps = ["deal", "repair", "floor", "number"]
    report = {**drawn.report, "steps": steps, "input_sha256": FLOOR.sha256()}
    assert failed(FLOOR, ClassResult(drawn.classes, report)) == ["K11"]
    assert check_classes(FLOOR, ClassResult(drawn.classes, report), certify=False).passed
