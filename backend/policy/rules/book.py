"""The rule-book of one banner and year as a value (A04, D03), and what follows directly from it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backend.policy.rules.after_sections import Filing, NoShow, Transfers
from backend.policy.rules.point_sections import Points
from backend.policy.rules.sections import (
    Age,
    Area,
    BannerCode,
    Check,
    Confirmation,
    Coordination,
    DateLine,
    Disclosure,
    Estate,
    Families,
    HourOfDay,
    Interview,
    Letters,
    Line,
    Lock,
    OrderKey,
    Paper,
    Placement,
    Preference,
    Returns,
    SchoolVisit,
    SeatType,
    Section,
    Source,
    StagePlacement,
    Term,
    Text,
    Window,
)

Flow = Literal["application-first", "check-first", "papers-at-school"]
"""application-first: form, papers, check, placement (Ordos). check-first: information and check first, then the
application to a school (C04). papers-at-school: registered online, zone by SMS, papers seen at the school, which
confirms online (D26-D28)."""


class BookSections(Section):
    """All sections of `book.toml`, in the order in which the file is best read."""

    format: Literal[1]
    model: Annotated[str, Field(pattern=r"^[a-z]+-[0-9]{4}$")]
    banner: BannerCode
    banner_name: Text
    year: Annotated[int, Field(ge=2015, le=2100)]
    version: Annotated[int, Field(ge=1)]
    source: Source
    flow: Flow
    area: Area
    windows: tuple[Window, ...]
    dates: tuple[DateLine, ...] = ()
    ages: tuple[Age, ...]
    seat_types: tuple[SeatType, ...]
    coordination: Coordination
    order: tuple[OrderKey, ...] = ()
    papers: tuple[Paper, ...]
    checks: tuple[Check, ...] = ()
    terms: tuple[Term, ...]
    terms_end_at: HourOfDay
    returns: Returns
    confirmation: Confirmation
    filing: Filing = Filing()
    transfers: Transfers = Transfers()
    no_show: NoShow = NoShow()
    placement: Placement
    stage_placements: tuple[StagePlacement, ...] = ()
    letters: tuple[Letters, ...] = ()
    families: Families = Families()
    locks: tuple[Lock, ...] = ()
    school_visit: SchoolVisit | None = None
    preferences: tuple[Preference, ...] = ()
    points: tuple[Points, ...] = ()
    interview: Interview = Interview()
    disclosure: Disclosure
    enquiry: tuple[Line, ...]
    complaint: tuple[Line, ...]
    class_forming: Text
    notes: tuple[Text, ...] = ()
    estates: tuple[Estate, ...] = ()


class Book(BookSections):
    """A rule-book without a fault. `content` is what the files say, `sha256` the published hash of its canonical JSON.

    The hash is taken of what is written, without defaults filled in: a published book keeps its hash for ever.
    """

    content: dict[str, Any]
    sha256: str

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that have a registration window, in the order of school life."""
        opened = {window.stage for window in self.windows}
        return tuple(stage for stage in ("kindergarten", "primary", "junior") if stage in opened)

    def ordinary_types(self, stage: str) -> tuple[SeatType, ...]:
        """The seat types of a stage in order, without the penalty class."""
        return tuple(kind for kind in self.seat_types if stage in kind.stages and not kind.penalty)

    def penalty_type(self, stage: str) -> SeatType | None:
        """The penalty class of a stage, or None."""
        return next((kind for kind in self.seat_types if stage in kind.stages and kind.penalty), None)

    def term(self, what: str) -> Term:
        """The length of time given for `what`; KeyError where the book has none."""
        for term in self.terms:
            if term.what == what:
                return term
        raise KeyError(what)

    def age(self, stage: str) -> Age:
        """The age rule of a stage; KeyError where the book does not speak of the stage."""
        for age in self.ages:
            if age.stage == stage:
                return age
        raise KeyError(stage)

    def opening_hour(self, stage: str) -> datetime | None:
        """The hour before which the stage's result is known to nobody, None where it is published when it is released."""
        return next((letters.opens_at for letters in self.letters if letters.stage == stage), None)

    def interviews_at(self, stage: str) -> bool:
        """Whether the private schools of the stage hold an interview beside their draw (D10); off where not stated."""
        return stage in self.interview.stages

    def lock(self, stage: str) -> Lock | None:
        """The address lock of a stage, or None where it is off (domain 2.3)."""
        return next((lock for lock in self.locks if lock.stage == stage), None)

    def placement_of(self, stage: str) -> Placement:
        """How seats of a stage are given: its own section, else that of the whole book."""
        return next((own for own in self.stage_placements if own.stage == stage), self.placement)

    @property
    def seat_of_absent(self) -> str:
        """What becomes of the seat of a child that does not come: `waiting-list`, `further-round` or `stays` (D30)."""
        by_silence = "stays" if self.confirmation.silence == "record-fixed" else "waiting-list"
        return self.no_show.seat or by_silence

    def points_table(self, stage: str) -> Points | None:
        """The points table of a stage, or None (domain 2.7)."""
        return next((table for table in self.points if stage in table.stages), None)

    def __hash__(self) -> int:
        """Books are equal when their published hashes are."""
        return hash(self.sha256)
