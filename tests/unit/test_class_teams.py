"""Teachers' teams before the draw: one teacher of each subject, sexes and titles within one, nobody improves them (A31, C10)."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.classes.rules.teams import Teacher, Team, TeamSearch, TeamsImpossible, balance_of, form_teams, team_faults

SUBJECTS = ("语文", "数学", "英语", "体育")


@st.composite
def staffs(draw: st.DrawFn) -> tuple[list[Teacher], int]:
    """A grade's teachers and its number of classes: a head for every class, some teach several classes."""
    classes = draw(st.integers(2, 7))
    teachers = []
    for subject in SUBJECTS[: draw(st.integers(1, 4))]:
        for _ in range(classes if subject == "语文" else draw(st.integers(1, classes))):
            told = {"sex": draw(st.sampled_from("男女")), "title": draw(st.sampled_from(["高级", "一级"]))}
            numbers = {"age": draw(st.integers(22, 59)), "skill": draw(st.integers(50, 100))}
            teachers.append(
                Teacher(f"T{len(teachers):02d}", subject=subject, heads=subject == "语文", **told, **numbers)
            )
    return teachers, classes


def columns(teams: tuple[Team, ...]) -> dict[str, list[str]]:
    return {subject: [team.teaches[subject] for team in teams] for subject in teams[0].teaches}


@settings(max_examples=50, deadline=None)
@given(staffs())
def test_every_team_has_a_teacher_of_every_subject_and_its_head(staff: tuple[list[Teacher], int]) -> None:
    teachers, classes = staff
    teams = form_teams(teachers, classes)
    known = {one.no: one for one in teachers}
    assert len({team.head for team in teams}) == len(teams) == classes
    for team in teams:
        assert set(team.teaches) == {one.subject for one in teachers}
        assert all(known[no].subject == subject for subject, no in team.teaches.items())
        assert team.head in team.teaches.values()
        assert known[team.head].heads
    for subject, column in columns(teams).items():
        staffed = [one.no for one in teachers if one.subject == subject]
        loads = [column.count(no) for no in staffed]
        assert min(loads) >= classes // len(staffed)
        assert max(loads) <= -(-classes // len(staffed))


@settings(max_examples=30, deadline=None)
@given(staffs(), st.randoms(use_true_random=False))
def test_the_order_of_the_sheet_makes_no_team(staff: tuple[list[Teacher], int], chance: object) -> None:
    teachers, classes = staff
    mixed = list(teachers)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert form_teams(mixed, classes) == form_teams(teachers, classes)


@settings(max_examples=30, deadline=None)
@given(staffs())
def test_no_exchange_of_two_teachers_of_one_subject_makes_the_teams_more_alike(
    staff: tuple[list[Teacher], int],
) -> None:
    """Every exchange is tried by brute force, not by the search's own way."""
    teachers, classes = staff
    teams = form_teams(teachers, classes)
    known, heads = {one.no: one for one in teachers}, [team.head for team in teams]
    cost = TeamSearch(known, heads, columns(teams)).cost()
    for subject in teams[0].teaches:
        for first, second in combinations(range(classes), 2):
            swapped = columns(teams)
            column = swapped[subject]
            if column[first] == heads[first] or column[second] == heads[second]:
                continue
            column[first], column[second] = column[second], column[first]
            assert TeamSearch(known, heads, swapped).cost() >= cost


def test_sexes_and_titles_are_spread_within_one_where_they_can_be() -> None:
    teachers = [
        Teacher(
            f"{subject}{place}",
            "男" if place < 2 else "女",
            30 + 5 * place,
            ("高级", "一级")[place % 2],
            subject,
            70 + place,
            subject == "语文",
        )
        for subject in SUBJECTS
        for place in range(4)
    ]
    balance = balance_of({one.no: one for one in teachers}, form_teams(teachers, 4))
    assert balance.sex == {"女": (2, 2, 2, 2), "男": (2, 2, 2, 2)}
    assert balance.title == {"一级": (2, 2, 2, 2), "高级": (2, 2, 2, 2)}
    assert max(balance.skill) - min(balance.skill) <= 2
    assert max(balance.age) - min(balance.age) <= 5


def test_what_makes_teams_impossible_is_told_at_once() -> None:
    teacher = Teacher("1", "男", 40, "一级", "语文", 80, heads=False)
    crowd = [replace(teacher, no=str(number)) for number in range(3)]
    assert team_faults(crowd, 2) == [
        ("heads", {"heads": 0, "classes": 2}),
        ("subject", {"subject": "语文", "teachers": 3, "classes": 2}),
    ]
    with pytest.raises(TeamsImpossible, match="heads; subject"):
        form_teams(crowd, 2)
