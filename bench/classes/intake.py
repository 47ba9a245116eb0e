"""The intakes that are divided: a large junior school with the shares of a town, scores in half points."""

import random

from backend.classes.rules.values import ClassInput, FormOptions, Pupil

SHARES = {
    "sex": {"male": 472, "female": 528},
    "ethnicity": {"01": 789, "05": 159, "03": 52},
    "household": {"150603": 578, "150602": 226, "150621": 151, "elsewhere": 45},
}
"""Of a thousand pupils."""
SUBJECTS = ("chinese", "mathematics", "english")
MEAN, SKILL, LUCK = 8_200, 1_500, 1_000
"""Hundredths of a point: the mean of a subject, what skill and luck of a pupil add (standard deviations)."""
HALF_POINT, MOST = 50, 12_000


def intake(pupils: int, *, scores: bool = True) -> tuple[Pupil, ...]:
    """So many pupils, always the same for one number."""
    chance = random.Random(f"intake {pupils}")  # an instance to measure on, not a draw
    traits = {name: _dealt(shares, pupils, chance) for name, shares in SHARES.items()}
    return tuple(
        Pupil(
            f"{number:05d}",
            {name: values[number] for name, values in traits.items()},
            _scores(chance) if scores else {},
        )
        for number in range(pupils)
    )


def given(pupils: tuple[Pupil, ...], classes: int, seed: str, tolerance: int | None = None) -> ClassInput:
    """The former's input."""
    return ClassInput(pupils, FormOptions(classes, seed, (), tolerance))


def _dealt(shares: dict[str, int], pupils: int, chance: random.Random) -> list[str]:
    values = [value for value, share in shares.items() for _ in range(share * pupils // 1_000)]
    values += [next(iter(shares))] * (pupils - len(values))
    chance.shuffle(values)
    return values


def _scores(chance: random.Random) -> dict[str, int]:
    skill = chance.gauss(0, 1)
    return {f"score_{name}": _score(skill, chance) for name in SUBJECTS}


def _score(skill: float, chance: random.Random) -> int:
    points = MEAN + SKILL * skill + LUCK * chance.gauss(0, 1)
    return max(0, min(MOST, round(points / HALF_POINT) * HALF_POINT))
