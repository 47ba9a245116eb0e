"""The measures of randomness know an ideal draw from a rigged one, and the pictures say what the report says."""

import random
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from class_intakes import town

from backend.classes.rules.forming import form_classes
from backend.classes.rules.pictures import counts_picture, means_picture, sizes_picture
from backend.classes.rules.randomness import Meetings


def shuffled(chance: random.Random) -> list[int]:
    lists = [place % 4 for place in range(40)]
    chance.shuffle(lists)
    return lists


def test_independent_chance_has_dispersion_one_and_the_ideal_number_of_strangers() -> None:
    chance, meetings = random.Random(1), Meetings(40, 4)
    for _ in range(60):
        meetings.add(shuffled(chance))
    told = meetings.told()
    assert Fraction(9, 10) < told.dispersion < Fraction(11, 10)
    assert Fraction(3, 4) < told.chance < Fraction(5, 4)
    assert told.never_met <= 2


def test_the_same_lists_under_drawn_numbers_are_told_from_a_draw() -> None:
    """A snake draft with drawn class numbers: everybody has every class alike, and always the same classmates."""
    chance, meetings = random.Random(2), Meetings(40, 4)
    for _ in range(60):
        numbers = [0, 1, 2, 3]
        chance.shuffle(numbers)
        meetings.add([numbers[place % 4] for place in range(40)])
    told = meetings.told()
    assert told.dispersion > 50
    assert told.never_met == 40 * 39 // 2 - 4 * 45
    assert told.chance < 2


def test_nothing_can_be_said_of_no_lists() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        Meetings(40, 4).told()


def texts(picture: str) -> str:
    return " ".join(element.text or "" for element in ET.fromstring(f"<figure>{picture}</figure>").iter())  # noqa: S314  # our own text


def test_the_pictures_are_whole_and_say_the_figures_of_the_report() -> None:
    report = form_classes(town(60, 3, subjects=1)).report
    names = {"男": "男<生>", "女": "女"}
    sizes = texts(sizes_picture(report["sizes"], report["counts"]["sex"], names))
    assert "男<生>" in sizes
    assert all(f"{size} 人" in sizes for size in report["sizes"])
    assert report["spread"]["score"] in texts(means_picture(report, {"score": "总分"}))
    peoples = texts(counts_picture("民族", report["counts"]["ethnicity"], {}))
    assert all(f"共 {sum(row)}" in peoples for row in report["counts"]["ethnicity"].values())
    dark = counts_picture("民族", {"汉": [9, 1, 2]}, {})
    assert dark.count("#8f1d1d") == 3
