"""The worked examples of class forming: sizes, sexes, twins, labels that cannot be kept, late arrivals, teams."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from class_intakes import pupil, town

from backend.classes.rules.forming import form_classes
from backend.classes.rules.late_arrival import ClassStanding, class_for_late_arrival
from backend.classes.rules.team_draw import TeamsDoNotMatchClasses, draw_teams
from backend.classes.rules.values import ClassInput, FormOptions, Pupil
from backend.fairness.tickets import TicketDraw


def formed(people: list[Pupil], classes: int, *named: str) -> tuple[dict[str, int], Mapping[str, Any]]:
    result = form_classes(ClassInput(tuple(people), FormOptions(classes, "seed", named)))
    return dict(result.classes), result.report


def test_sizes_of_226_pupils_in_six_classes() -> None:
    """T-3.1, A35."""
    assert sorted(form_classes(town(226, 6)).report["sizes"]) == [37, 37, 38, 38, 38, 38]


def test_thirteen_boys_and_thirteen_girls_in_three_classes_keep_the_sizes() -> None:
    """T-3.2: the classes with one more boy are not those with one more girl."""
    people = [pupil(number, "男" if number < 13 else "女") for number in range(26)]
    _, report = formed(people, 3)
    assert sorted(report["sizes"]) == [8, 9, 9]
    assert {sex: sorted(counts) for sex, counts in report["counts"]["sex"].items()} == {
        "男": [4, 4, 5],
        "女": [4, 4, 5],
    }


def test_seven_of_a_people_go_three_two_two() -> None:
    """T-3.4: with sizes still within one."""
    people = [pupil(number, "男女"[number % 2], ethnicity="蒙古" if number < 7 else "汉") for number in range(226)]
    _, report = formed(people, 3)
    assert sorted(report["counts"]["ethnicity"]["蒙古"]) == [2, 2, 3]
    assert sorted(report["sizes"]) == [75, 75, 76]
    assert report["violations"] == []


def test_twins_share_a_class_of_the_common_size() -> None:
    """T-3.5: the class with the pair still has 37 or 38."""
    people = [pupil(number, "男女"[number % 2], together="双胞胎" if number < 2 else "") for number in range(226)]
    lists, report = formed(people, 6)
    assert lists["0000"] == lists["0001"]
    assert set(report["sizes"]) == {37, 38}


def test_intakes_of_twins_only_are_divided() -> None:
    people = [pupil(number, "男女"[number % 2], together=f"家{number // 2}") for number in range(48)]
    lists, report = formed(people, 4)
    assert report["violations"] == []
    assert all(lists[f"{2 * pair:04d}"] == lists[f"{2 * pair + 1:04d}"] for pair in range(24))


def test_special_needs_and_age_are_spread_evenly() -> None:
    """C12: age is a balance column like any other."""
    people = [
        pupil(number, "男女"[number % 2], special=str(int(number % 9 == 0)), age="67"[number % 3 == 0])
        for number in range(90)
    ]
    _, report = formed(people, 5, "age")
    assert report["counts"]["special"]["1"] == [2] * 5
    assert report["counts"]["age"]["7"] == [6] * 5


@pytest.mark.parametrize(
    ("labels", "classes", "rule", "words"),
    [
        ([{"together": "组"}] * 8, 5, "together", "a class has at most 6 pupils"),
        ([{"apart": "张伟"}] * 7, 5, "apart", "more pupils than classes (5)"),
        ([{"together": "组", "apart": "张伟"}] * 2, 5, "apart", "the 'together' label '组' of two of them"),
    ],
)
def test_a_label_that_cannot_be_kept_is_told_with_its_reason(
    labels: list[dict[str, str]], classes: int, rule: str, words: str
) -> None:
    people = [pupil(number, "男女"[number % 2], **(dict(enumerate(labels)).get(number, {}))) for number in range(30)]
    _, report = formed(people, classes)
    assert [violation["rule"] for violation in report["violations"]] == [rule]
    assert words in report["violations"][0]["detail"]
    assert report["sizes"] == [6] * 5
    assert report["counts"]["sex"] == {"女": [3] * 5, "男": [3] * 5}


def test_a_group_with_more_boys_than_a_class_may_have_gives_way_to_the_sexes() -> None:
    """Sex stands above the labels: five friends, three boys to a class."""
    people = [pupil(number, "男" if number < 15 else "女", together="友" if number < 5 else "") for number in range(30)]
    lists, report = formed(people, 5)
    assert report["counts"]["sex"]["男"] == [3] * 5
    assert "at most 3 with sex '男'" in report["violations"][0]["detail"]
    assert max(Counter(lists[f"{number:04d}"] for number in range(5)).values()) == 3


def test_more_than_a_class_of_one_name_is_spread_as_evenly_as_can_be() -> None:
    lists, _ = formed([pupil(number, "男女"[number % 2], apart="名" if number < 7 else "") for number in range(30)], 5)
    assert sorted(Counter(lists[f"{number:04d}"] for number in range(7)).values()) == [1, 1, 1, 2, 2]


def test_empty_classes_and_empty_intakes_are_reported_as_they_are() -> None:
    assert formed([], 3)[1]["sizes"] == [0, 0, 0]
    _, report = formed([pupil(number, score=100 * number) for number in range(2)], 4)
    assert sorted(report["sizes"]) == [0, 0, 1, 1]
    assert sorted(report["means"]["score"], key=str) == ["0.0000", "1.0000", None, None]
    assert report["spread"] == report["lower_bound"]["spread"] == {"score": "1.0000"}


def test_one_class_takes_everybody() -> None:
    lists, report = formed([pupil(number, score=number) for number in range(40)], 1)
    assert set(lists.values()) == {1}
    assert report["spread"] == {"score": "0.0000"}


def test_a_late_boy_goes_to_the_smallest_class_with_fewest_boys() -> None:
    """T-3.7."""
    classes = [
        ClassStanding(1, {"男": 20, "女": 17}),
        ClassStanding(2, {"男": 18, "女": 19}),
        ClassStanding(3, {"男": 17, "女": 21}),
    ]
    assert class_for_late_arrival(classes, "男", "A1", "seed") == 2
    assert class_for_late_arrival(classes, "女", "A1", "seed") == 1


def test_classes_alike_take_a_late_pupil_by_ticket() -> None:
    classes = [ClassStanding(number, {"男": 20, "女": 20}) for number in (1, 2, 3)]
    chosen = {no: class_for_late_arrival(classes, "女", no, "seed") for no in map(str, range(60))}
    draw = TicketDraw("seed", "classes/late-arrival/7")
    assert chosen["7"] == min((1, 2, 3), key=lambda number: draw.ticket(str(number)))
    assert set(chosen.values()) == {1, 2, 3}
    assert class_for_late_arrival(classes[::-1], "女", "7", "seed") == chosen["7"]


def test_there_is_no_late_arrival_without_a_class() -> None:
    with pytest.raises(ValueError, match="no class"):
        class_for_late_arrival([], "男", "A1", "seed")


def test_every_team_draws_one_class_and_the_record_says_who_drew_what() -> None:
    """T-3.8, C10: lists exist before the teams draw; the order of the arguments plays no part."""
    drawn = draw_teams(["王老师", "李老师", "张老师"], [1, 2, 3], "seed")
    assert sorted(one.team for one in drawn) == sorted(["王老师", "李老师", "张老师"])
    assert [(one.position, one.class_number) for one in drawn] == [(1, 1), (2, 2), (3, 3)]
    assert [one.ticket for one in drawn] == sorted(
        TicketDraw("seed", "classes/teams").ticket(one.team).hex() for one in drawn
    )
    assert draw_teams(["张老师", "王老师", "李老师"], [3, 1, 2], "seed") == drawn
    firsts = {draw_teams(["王", "李", "张"], [1, 2, 3], f"seed {turn}")[0].team for turn in range(30)}
    assert firsts == {"王", "李", "张"}


@pytest.mark.parametrize(("teams", "classes"), [(["王"], [1, 2]), (["王", "王"], [1, 2]), (["王", "李"], [1, 1])])
def test_teams_that_do_not_match_the_classes_are_refused(teams: list[str], classes: list[int]) -> None:
    with pytest.raises(TeamsDoNotMatchClasses):
        draw_teams(teams, classes, "seed")
