"""Intakes for the tests of classes: small ones of any kind for hypothesis, larger ones like a town's."""

import random

from hypothesis import strategies as st

from backend.classes.rules.values import ClassInput, FormOptions, Pupil


def pupil(number: int, sex: str = "男", **more: object) -> Pupil:
    """A pupil with plain values; `more` names traits, scores (points in hundredths), together and apart."""
    labels = {kind: str(more.pop(kind, "")) for kind in ("together", "apart")}
    scores = {name: value for name, value in more.items() if isinstance(value, int)}
    traits = {name: value for name, value in more.items() if isinstance(value, str)}
    return Pupil(f"{number:04d}", {"sex": sex, "ethnicity": "汉", "household": "东街", **traits}, scores, **labels)


def town(
    pupils: int, classes: int, *, seed: str = "town", tolerance: int | None = None, subjects: int = 3, twins: int = 0
) -> ClassInput:
    """An intake with the shares of a town: two sexes, three peoples, four places, scores in half points."""
    chance = random.Random(1_000 * pupils + classes)
    made = []
    for number in range(pupils):
        skill = chance.gauss(0, 1)
        scores = {f"score_{name}": _score(chance, skill) for name in ("a", "b", "c")[:subjects]}
        traits = {
            "sex": chance.choices(["男", "女"], [472, 528])[0],
            "special": "1" if chance.random() < 0.03 else "0",
            "ethnicity": chance.choices(["汉", "蒙古", "回"], [79, 16, 5])[0],
            "household": chance.choices(["东街", "西街", "南乡", "外地"], [58, 22, 15, 5])[0],
        }
        label = f"家{number // 2}" if number < 2 * twins else ""
        made.append(Pupil(f"{number:05d}", traits, scores, label))
    return ClassInput(tuple(made), FormOptions(classes, seed, (), tolerance))


def _score(chance: random.Random, skill: float) -> int:
    return max(0, min(12_000, round((8_200 + 1_500 * skill + 900 * chance.gauss(0, 1)) / 50) * 50))


@st.composite
def intakes(draw: st.DrawFn, most: int = 11) -> ClassInput:
    """Any small intake: labels that conflict, one sex missing, more classes than pupils, no pupil at all."""
    has_special, has_scores, has_named = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    traits = {
        "sex": st.sampled_from("男女"),
        "ethnicity": st.sampled_from("汉汉蒙"),
        "household": st.sampled_from("东西西"),
    }
    if has_special:
        traits["special"] = st.sampled_from("0001")
    if has_named:
        traits["kindergarten"] = st.sampled_from("xyz")
    scores = {"score_a": st.integers(0, 12_000), "score_b": st.integers(0, 200)} if has_scores else {}
    label = st.sampled_from(["", "", "", "p", "q"])
    made = draw(
        st.lists(st.tuples(st.fixed_dictionaries(traits), st.fixed_dictionaries(scores), label, label), max_size=most)
    )
    people = tuple(Pupil(f"{place:02d}", *rest) for place, rest in enumerate(made))
    named = ("kindergarten",) if has_named else ()
    tolerance = draw(st.none() | st.integers(0, 5_000))
    return ClassInput(people, FormOptions(draw(st.integers(1, 5)), draw(st.text(max_size=3)), named, tolerance))
