"""The rules of an exam year as data: subjects, tie orders, categories, sessions with bands and locks, quotas, terms.

Read from canonical JSON; the hash of that JSON names the rules that a session and an admission were made by (A49-A58).
"""

import json
from calendar import isleap
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.policy.rules.book_faults import pydantic_faults
from backend.zhongkao.rules.exam_rule_faults import disagreements

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Score = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]


class Part(BaseModel):
    """A part of the rules: unknown keys are faults, values never change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Subject(Part):
    """A subject with its full score; `counts` says whether it is part of the total."""

    code: Code
    name: Text
    full: Score
    counts: bool = True


class Tie(Part):
    """One tie-breaker: the sum, or the highest, of some subjects (domain 1.4)."""

    of: tuple[Code, ...]
    by: Literal["sum", "highest"] = "sum"


class Category(Part):
    """A category of choices; the order of the categories is the chain: admitted in one, locked in the later ones."""

    code: Code
    name: Text


class BandRule(Part):
    """Totals `from` ≤ total < `below` choose in [open, close)."""

    from_: Score | None = Field(default=None, alias="from")
    below: Score | None = None
    open: AwareDatetime
    close: AwareDatetime


class LockRule(Part):
    """From `at` on `forbid` is refused, in one band or in all (domain 1.1: no delete, then no new)."""

    at: AwareDatetime
    forbid: tuple[Literal["clear", "first"], ...]
    band: int | None = None


class SessionRule(Part):
    """One session: a category in a round. `line`: lowest total that takes part; a 征集 round may lower it.

    `report_by`: until when the admitted report in. `takes_over` names the categories whose vacant places this session
    adds to the same school's units (unused quota returns; empty 统招 places move to 分招). `ratio_percent` is the 投档比例
    shown in the statistics; it admits nobody.
    """

    code: Code
    name: Text
    category: Code
    round: Annotated[int, Field(ge=1, le=20)] = 1
    line: Score = "0"
    bands: tuple[BandRule, ...]
    locks: tuple[LockRule, ...] = ()
    statistics_at: tuple[AwareDatetime, ...] = ()
    takes_over: tuple[Code, ...] = ()
    ratio_percent: Annotated[int, Field(ge=100, le=200)] = 100
    ratio_rounds: Literal["up", "down"] = "up"
    report_by: AwareDatetime


class Quota(Part):
    """指标到校: how the places of good schools are dealt to junior schools (E04, E38, domain 1.2).

    `order`: `own-session`: the shares are chosen in sessions of `category`, before or after the open places as the
    sessions stand; `quota-first`, `open-first`: the shares are reserved places of the open units of `category`, filled
    in one run with them, and what a junior school does not use is open at once (parallel choice only).
    Floors: `floor_below_line` points below the school's line, and nobody behind the city's best `floor_top_percent`.
    """

    category: Code
    order: Literal["own-session", "quota-first", "open-first"] = "own-session"
    class_cap: Annotated[int, Field(ge=1)] = 50
    floor_below_line: Score | None = None
    floor_top_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    residency_years: Annotated[int, Field(ge=0, le=9)] = 3
    counted_on: date
    schools: tuple["QuotaSchool", ...] = ()

    @property
    def enrolled_by(self) -> date:
        """The last day on which a 学籍 at the school was early enough; so many years before 29 February is 28 February."""
        year, day = self.counted_on.year - self.residency_years, self.counted_on.day
        is_leap_day = (self.counted_on.month, day) == (2, 29)
        return self.counted_on.replace(year=year, day=28 if is_leap_day and not isleap(year) else day)


class QuotaSchool(Part):
    """A school whose places are dealt: how many, to which banners' junior schools, and the line its floor is counted from.

    `line` is a score. `line_of` names a category instead: the floor is counted from the line of the school's own units
    there, as published before the quota's session is listed, and from `line` where they were not filled.
    """

    school: Text
    seats: Annotated[int, Field(ge=0)]
    banners: tuple[Text, ...]
    line: Score = "0"
    line_of: Code | None = None


class Recheck(Part):
    """成绩复核: asked in [opens, closes), answered by `answered_by`, all before the first band opens."""

    opens: AwareDatetime
    closes: AwareDatetime
    answered_by: AwareDatetime


class ExamRules(Part):
    """The rules of a year. `content` and `sha256` belong to the reading, not to the file."""

    format: Literal[1]
    year: Annotated[int, Field(ge=2006, le=2100)]
    city: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    name: Text
    office: Text = "市招生考试中心"
    banners: dict[Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")], Text] = {}
    engine: Literal["live", "parallel"] = "live"
    subjects: tuple[Subject, ...]
    ties: tuple[Tie, ...] = ()
    categories: tuple[Category, ...]
    sessions: tuple[SessionRule, ...]
    quota: Quota | None = None
    recheck: Recheck | None = None
    standing_order_most: Annotated[int, Field(ge=0, le=200)] = 20
    grace_seconds: Annotated[int, Field(ge=0, le=600)] = 5
    second_factor: Literal["each-change", "once"] = "each-change"
    late_minutes: Annotated[int, Field(ge=1, le=240)] = 10

    def session(self, code: str) -> SessionRule:
        """The session with this code. Raises KeyError."""
        return next((one for one in self.sessions if one.code == code), None) or _unknown(code)


def _unknown(code: str) -> SessionRule:
    raise KeyError(code)


class ExamRulesFaulty(Exception):
    """Rules with faults: `faults` holds all of them as (JSON pointer, Chinese sentence), sorted."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{pointer}: {what}" for pointer, what in faults))
        self.faults = faults


def read_exam_rules(content: Mapping[str, Any]) -> ExamRules:
    """The rules in this content. Raises ExamRulesFaulty with every fault at once."""
    try:
        rules = ExamRules.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise ExamRulesFaulty(sorted((pointer or "/", what) for pointer, what in pydantic_faults(error, ""))) from error
    if found := sorted(disagreements(rules)):
        raise ExamRulesFaulty(found)
    return rules


def rules_sha256(content: Mapping[str, Any]) -> str:
    """The hash that names these rules: SHA-256 of their canonical JSON."""
    return sha256_hex(canonical_json(content))
