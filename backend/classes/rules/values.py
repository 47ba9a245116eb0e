"""What the former of classes takes and gives: pupils, options, the lists with their report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.fairness.canonical import by_bytes, input_sha256

TOTAL = "score"
HUNDREDTHS = 100


@dataclass(frozen=True)
class Pupil:
    """One pupil of a starting grade.

    `traits` holds a value for every bounded column (sex, ethnicity, household, special where given, each balance
    column), `scores` holds hundredths of a point by column (`score`, `score_*`); an empty label is no label.
    """

    no: str
    traits: Mapping[str, str]
    scores: Mapping[str, int]
    together: str = ""
    apart: str = ""


@dataclass(frozen=True)
class FormOptions:
    """How classes are formed: `tolerance` in hundredths of a point asks for the draw, None for the floor."""

    classes: int
    seed: str
    balance: tuple[str, ...] = ()
    tolerance: int | None = None


@dataclass(frozen=True)
class ClassInput:
    """The whole input of one forming; pupils stand in the order of their numbers whatever order they came in.

    Raises ValueError where two pupils have one number or the pupils' columns differ: readers refuse that before.
    """

    pupils: tuple[Pupil, ...]
    options: FormOptions

    def __post_init__(self) -> None:
        in_order = tuple(sorted(self.pupils, key=lambda pupil: by_bytes(pupil.no)))
        object.__setattr__(self, "pupils", in_order)
        if len({pupil.no for pupil in in_order}) < len(in_order):
            raise ValueError("two pupils have one number")
        if len({(frozenset(pupil.traits), frozenset(pupil.scores)) for pupil in in_order}) > 1:
            raise ValueError("the pupils do not all have the same columns")

    @property
    def bounded_columns(self) -> tuple[str, ...]:
        """The columns with hard bounds, from the first priority down (sex, special, ethnicity, household, named)."""
        special = ("special",) if any("special" in pupil.traits for pupil in self.pupils) else ()
        return ("sex", *special, "ethnicity", "household", *self.options.balance)

    @property
    def score_columns(self) -> tuple[str, ...]:
        """The score columns of the file, by bytes; empty where the pupils have no scores."""
        names = {name for pupil in self.pupils for name in pupil.scores}
        return tuple(sorted(names, key=by_bytes))

    @property
    def means_reported(self) -> tuple[str, ...]:
        """The names of the means, the total (`score`) first; the total is there whenever a score is."""
        columns = self.score_columns
        return (TOTAL, *(name for name in columns if name != TOTAL)) if columns else ()

    def sha256(self) -> str:
        """The digest of the canonical input, defaults filled in (contracts 0)."""
        tolerance = self.options.tolerance
        options = {
            "balance": list(self.options.balance),
            "classes": self.options.classes,
            "seed": self.options.seed,
            "tolerance": None if tolerance is None else points(tolerance),
        }
        return input_sha256({"pupils": [_row(pupil) for pupil in self.pupils]}, options)


@dataclass(frozen=True)
class ClassResult:
    """The lists (number of the pupil, class from 1), by number, and the report as a JSON value (contracts 3)."""

    classes: tuple[tuple[str, int], ...]
    report: Mapping[str, Any]


def total_of(pupil: Pupil) -> int:
    """The pupil's total in hundredths: `score`, else the sum of all `score_*`."""
    return pupil.scores[TOTAL] if TOTAL in pupil.scores else sum(pupil.scores.values())


def score_of(pupil: Pupil, name: str) -> int:
    """The pupil's score under a name of `means_reported`, in hundredths."""
    return total_of(pupil) if name == TOTAL else pupil.scores[name]


def points(hundredths: int) -> str:
    """Hundredths as points in shortest form: 65250 is "652.5"."""
    whole, rest = divmod(hundredths, HUNDREDTHS)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def _row(pupil: Pupil) -> dict[str, str]:
    row = {"no": pupil.no, "special": "0", "together": pupil.together, "apart": pupil.apart}
    row.update(pupil.traits)
    row.update({name: points(score) for name, score in pupil.scores.items()})
    return row
