"""The sections of a rule-book about what follows a published result: filing, transfers, children who do not come."""

from typing import Annotated, Literal

from pydantic import Field

from backend.policy.rules.sections import IsoDate, Section


class Filing(Section):
    """What the filing with the bureau after the posting (备案, E28) holds back.

    With `filing` the published list is a pre-admission: no school seals its pupils for classes, and so no record is
    made, before the lists as they stand are filed. With `publication` the result admits and the filing is on record.
    """

    admits: Literal["publication", "filing"] = "publication"


class Transfers(Section):
    """Transfers by free seats (D15, E33): whether, from which day to which (inclusive), where to, who goes first.

    A family that asks has its answer within `answer_days` calendar days.
    `waiting_list_first`: a seat for which somebody waits is not free for a transfer. `order` counts where more are
    proposed for a school than it has seats: as they were asked for, or by seat type in the book's order and then so.
    """

    offered: bool = True
    from_on: IsoDate | None = None
    to_on: IsoDate | None = None
    to: Literal["any-with-room", "nearest-with-room"] = "any-with-room"
    order: Literal["asked", "seat-type"] = "asked"
    waiting_list_first: bool = True
    answer_days: Annotated[int, Field(ge=1, le=60)] = 14


class NoShow(Section):
    """A child with a confirmed place that does not come (未报到, domain 2.10).

    A school reports it from `reports_from` on. The place is kept for `kept_days` more, in which the child may still
    come; then its seat goes to the waiting list or lies for the next round of the stage. `stays`: the record is fixed
    at the school and the seat is never given on (D28, D30). None: `stays` where silence fixes the record, else the
    waiting list. `next_year`: whether the absence is noted, so that the penalty class of the next year may ask for it.
    """

    reports_from: IsoDate | None = None
    kept_days: Annotated[int, Field(ge=0, le=60)] = 0
    unit: Literal["working", "calendar"] = "working"
    seat: Literal["waiting-list", "further-round", "stays"] | None = None
    next_year: bool = True
