"""The points table of a rule-book (积分入学, domain 2.7): its lines, their evidence, rounding and vetoes."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backend.policy.rules.sections import Code, DayOfYear, PaperKind, Section, Stage, Text


class PointItem(Section):
    """One line of a points table (domain 2.7); exactly one of `when`, `per` and `since` says how it counts.

    `points` are hundredths of a point. `when`: a condition that gives them once. `per`: a number fact, `points` for
    each `unit` of it beyond `beyond`. `since`: a date fact, `points` for each `unit` days from it to `until` of the
    year. `at_most` caps the line.
    """

    code: Code
    name: Text
    points: Annotated[int, Field(ge=1, le=100_000)]
    when: dict[str, Any] | None = None
    per: str | None = None
    since: str | None = None
    unit: Annotated[int, Field(ge=1, le=10_000)] = 1
    beyond: Annotated[int, Field(ge=0, le=10_000)] = 0
    at_most: Annotated[int, Field(ge=1, le=100_000)] | None = None
    evidence: PaperKind


class PointVeto(Section):
    """What takes all points (济宁: 一票否决): a condition over conduct, with its sentence."""

    text: Text
    when: dict[str, Any]


class Points(Section):
    """A points table (积分入学) of some stages: its lines, its cap, how lines are rounded, what takes all points."""

    stages: tuple[Stage, ...]
    items: tuple[PointItem, ...]
    at_most: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    rounding: Literal["down", "half-up", "up"] = "half-up"
    round_to: Literal[1, 10, 100] = 1
    until: DayOfYear = "08-31"
    vetoes: tuple[PointVeto, ...] = ()
