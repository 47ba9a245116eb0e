"""Wishes become labels: twins, conflicts, names that sound alike (domain 3.1); no wish names a class."""

from collections import defaultdict

from class_intakes import pupil
from hypothesis import given
from hypothesis import strategies as st

from backend.classes.rules.forming import form_classes
from backend.classes.rules.values import ClassInput, FormOptions
from backend.classes.rules.wishes import (
    APART,
    CONFLICT,
    REASONS,
    SAME_SOUND,
    TOGETHER,
    TWINS,
    Wish,
    labels_of,
    same_sounding,
)

NUMBERS = [f"{number:02d}" for number in range(8)]


@st.composite
def wishes(draw: st.DrawFn) -> list[Wish]:
    kinds = st.sampled_from([(TOGETHER, TWINS), (APART, TWINS), (APART, CONFLICT), (APART, SAME_SOUND)])
    members = st.frozensets(st.sampled_from(NUMBERS), min_size=2, max_size=4)
    made = draw(st.lists(st.tuples(kinds, members), max_size=6))
    return [Wish(kind, reason, group) for (kind, reason), group in made]


@given(wishes(), st.integers(1, 5))
def test_every_wish_stands_in_a_label_or_among_the_dropped(asked: list[Wish], classes: int) -> None:
    labels = labels_of(asked, classes)
    for wish in asked:
        of_kind = labels.together if wish.kind == TOGETHER else labels.apart
        kept = len({of_kind.get(no, no) for no in wish.members}) == 1
        assert kept or wish in labels.dropped
        assert wish.kind == APART or wish not in labels.dropped


@given(wishes(), st.integers(1, 5))
def test_no_two_pupils_are_wanted_together_and_apart(asked: list[Wish], classes: int) -> None:
    labels = labels_of(asked, classes)
    groups = defaultdict(list)
    for no, label in labels.apart.items():
        groups[label].append(no)
    for members in groups.values():
        shared = [labels.together[no] for no in members if no in labels.together]
        assert len(shared) == len(set(shared))


@given(wishes(), st.integers(2, 5), st.randoms(use_true_random=False))
def test_the_order_of_the_wishes_makes_no_difference(asked: list[Wish], classes: int, chance: object) -> None:
    mixed = list(asked)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = labels_of(asked, classes), labels_of(mixed, classes)
    assert (one.together, one.apart, sorted(one.dropped, key=str)) == (
        other.together,
        other.apart,
        sorted(other.dropped, key=str),
    )


def test_names_that_sound_alike_are_found_whatever_the_characters_and_tones() -> None:
    """厦门: 同音名 apart; a middle dot and spaces do not count."""
    names = {"1": "张伟", "2": "章薇", "3": "张为", "4": "李伟", "5": "阿·古拉", "6": "阿古拉", "7": ""}
    found = same_sounding(names)
    assert {wish.members for wish in found} == {frozenset("123"), frozenset("56")}
    assert {(wish.kind, wish.reason) for wish in found} == {(APART, SAME_SOUND)}
    assert REASONS.index(CONFLICT) < REASONS.index(SAME_SOUND)


def test_pupils_whose_names_sound_alike_sit_in_different_classes() -> None:
    names = {f"{number:04d}": ("王芳" if number in (3, 9, 14) else f"名{number}") for number in range(18)}
    labels = labels_of([wish for wish in same_sounding(names) if "0003" in wish.members], 3)
    people = tuple(
        pupil(number, "男女"[number % 2], apart=labels.apart.get(f"{number:04d}", "")) for number in range(18)
    )
    classes = dict(form_classes(ClassInput(people, FormOptions(3, "s"))).classes)
    assert {classes["0003"], classes["0009"], classes["0014"]} == {1, 2, 3}


def test_a_familys_wish_is_not_lost_among_more_pupils_of_the_same_sound_than_there_are_classes() -> None:
    """The stronger reason stands: twins who want to be apart, in a year with four pupils called alike and two classes."""
    twins, sound = Wish(APART, TWINS, frozenset("ab")), Wish(APART, SAME_SOUND, frozenset("abcd"))
    found = labels_of([sound, twins], 2)
    assert set(found.apart) == {"a", "b"}
    assert found.dropped == (sound,)
