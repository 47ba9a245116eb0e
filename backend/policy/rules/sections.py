"""The sections of a rule-book, each a frozen value: what a banner may set, and the words it sets it with."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from backend.policy.rules.facts import PAPER_KINDS

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,20}$")]
BannerCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
TownCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
IsoDate = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
DayOfYear = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}-[0-9]{2}$")]
HourOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9-]{2,19}$")]
Stage = Literal["kindergarten", "primary", "junior"]
PaperKind = Literal["household", "property", "contract", "lease", "residence", "birth", "insurance", "licence", "other"]
Department = Literal["police", "land", "housing", "labour", "market", "welfare"]
Requirement = Literal["zones", "plan", "dates", "conditions", "enquiry", "complaint"]
TermName = Literal[
    "return", "confirmation", "publication", "objection", "objection_answer", "claim_answer", "choice", "school_visit"
]
ALL_STAGES: tuple[Stage, ...] = ("kindergarten", "primary", "junior")


class Section(BaseModel):
    """A part of a rule-book: unknown keys are faults, values never change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Source(Section):
    """The published rule that the book carries out (A04, D03): title, who issued it, what it leaves open."""

    title: Text
    issuer: Text
    note: str = ""


class Area(Section):
    """The towns the book speaks for (达拉特旗: 树林召镇); no towns: the whole banner."""

    name: Text
    towns: tuple[TownCode, ...] = ()


class Window(Section):
    """When families of a stage may file, [opens_at, closes_at); a supplement window follows the registration."""

    stage: Stage
    kind: Literal["registration", "supplement"] = "registration"
    opens_at: AwareDatetime
    closes_at: AwareDatetime


class Age(Section):
    """Who is of age (domain 2.4): has turned `turns` by the day `by` inclusive; or is a fresh graduate."""

    stage: Stage
    turns: Annotated[int, Field(ge=1, le=20)] | None = None
    by: DayOfYear = "08-31"
    one_year_only: bool = False
    fresh_graduate: bool = False


class SeatType(Section):
    """A 学位类型 (A08): in the order of the list; `penalty` marks the class served last by lot (达拉特旗 type 5)."""

    code: Code
    name: Text
    text: Text
    stages: tuple[Stage, ...] = ALL_STAGES
    when: dict[str, Any]
    penalty: bool = False


class Coordination(Section):
    """统筹安排: where no seat type holds the district finds a school; nobody is refused (D04, D08)."""

    code: Code
    name: Text
    text: Text


class OrderKey(Section):
    """One key of the order inside a seat type, as `order` of the zone mechanism (contracts 2)."""

    key: Code
    fact: str
    values: tuple[str, ...] | None = None
    direction: Literal["ascending", "descending"] = "ascending"
    seat_types: tuple[Code, ...] = ()


class Paper(Section):
    """A paper to photograph, when the family's claims ask for it."""

    kind: PaperKind
    name: str = ""
    why: Text
    when: dict[str, Any] | None = None
    stages: tuple[Stage, ...] = ALL_STAGES

    @property
    def shown_name(self) -> str:
        """The name that families read."""
        return self.name or PAPER_KINDS[self.kind]


class Check(Section):
    """A question to a department: which claim it confirms, which fields are compared, which facts it establishes."""

    department: Department
    item: Text
    claim: Text
    compares: tuple[Text, ...]
    confirms: tuple[str, ...] = ()
    when: dict[str, Any] | None = None
    stages: tuple[Stage, ...] = ALL_STAGES


class Term(Section):
    """A length of time that somebody has: in working days by the State Council's calendar, or calendar days."""

    what: TermName
    days: Annotated[int, Field(ge=1, le=365)]
    unit: Literal["working", "calendar"]


class Returns(Section):
    """What becomes of an application returned for correction whose deadline passes (domain T-2.6).

    With `self_check` a family whose words differ from a register is asked once to look again before an official is:
    most slips are its own (渌口: 系统初验 → 人工初审). Silence to that question costs nothing; a person looks then.
    """

    lapse: Literal["penalty-class", "forfeit", "coordination"]
    text: Text
    self_check: bool = False


class Confirmation(Section):
    """Who confirms a place, and what silence means (domain 2.10, D28, D30)."""

    by: Literal["guardian", "school"]
    silence: Literal["penalty-class-next-year", "forfeit", "record-fixed"]
    text: Text


class Letters(Section):
    """The hour at which a stage's result becomes known everywhere at once (wishes 13).

    Time-locked letters lie with the families before it; at it the key is published by the switch itself.
    """

    stage: Stage
    opens_at: AwareDatetime


class Lock(Section):
    """One seat per home for some years (domain 2.3); none in the book: the rule is off."""

    stage: Stage
    years: Annotated[int, Field(ge=1, le=12)]
    sibling_exception: bool = True


class Placement(Section):
    """How seats are given: the mechanism, multi-school zones, overflow, twins at the last seat (contracts 1, 2)."""

    mechanism: Literal["zone", "choice"] = "zone"
    multi_school: Literal["ranked-choice", "chosen-school"] = "ranked-choice"
    tie_break: Literal["single", "per-school"] = "single"
    overflow: Literal["zone-list", "nearest", "none"] = "zone-list"
    last_bundle: Literal["add", "skip", "offer-one"] = "skip"
    private_draw: Literal["tickets", "circle", "circle-keep-drawn", "two-shuffles"] = "tickets"
    over_plan: tuple[Literal["last-bundle", "special-case"], ...] = ("special-case",)
    choices_at_most: Annotated[int, Field(ge=1, le=20)] = 1


class StagePlacement(Placement):
    """How seats of one stage are given where it is not as in the others; it stands whole in place of `[placement]`."""

    stage: Stage


class Families(Section):
    """Brothers and sisters: whether the younger follows the elder (长幼随学), whether twins stay together."""

    sibling_follows: bool = False
    twins_together: bool = True


class Disclosure(Section):
    """What must stand on the disclosure page before a window opens (D12a-D12f): all six, always."""

    requires: tuple[Requirement, ...]


class Line(Section):
    """A telephone line of the bureau."""

    name: Text
    phone: Phone
    hours: str = ""


class Interview(Section):
    """Interviews are off; D10 is the only exception and must be stated (`guard_rails.interview_faults`)."""

    stages: tuple[Stage, ...] = ()
    d10_interview_exception: str = ""


class Preference(Section):
    """A group that law prefers (B13-B15): who approves it, and what it gives; its list is published apart."""

    group: Literal["soldier", "rescue", "police", "talent"]
    name: Text
    approved_by: Text
    effect: Literal["place-first", "choose-within-list", "any-school"]
    schools: tuple[Code, ...] = ()
    """The list of `choose-within-list`; empty: every public school of the stage."""


class SchoolVisit(Section):
    """Papers shown at the school named by SMS (D26, D27): what to bring, what the message says."""

    brings: tuple[PaperKind, ...]
    notice: Text


class DateLine(Section):
    """A line of the published calendar besides the windows (D12c)."""

    what: Text
    from_on: IsoDate
    to_on: IsoDate


class Estate(Section):
    """A 小区 by name and the address unit it stands in, from `estates.csv` of the book's folder."""

    name: Text
    unit_code: UnitCode
