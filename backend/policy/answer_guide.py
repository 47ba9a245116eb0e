"""Answer what parents ask first, without login: which school, which papers, does my child qualify (step 0)."""

import datetime as dt
from collections.abc import Mapping

from backend.foundation.problems import Refusal
from backend.policy.books_in_force import book_in_force
from backend.policy.places import unit_named, zone_lines_of
from backend.policy.rules.claims import ClaimUnknown, claims_from
from backend.policy.rules.facts import Value
from backend.policy.rules.guide import Guide, guide


class StageNotOffered(Refusal):
    """The banner's rule-book does not speak of this stage."""

    code = "stage-not-offered"
    status = 422


class AnswerNotUnderstood(Refusal):
    """An answer that is none of the choices; `why` says which."""

    code = "answer-not-understood"
    status = 422


def answer_guide(
    banner: str, stage: str, unit_code: str, said: Mapping[str, Value | None], born_on: dt.date | None
) -> Guide:
    """The guide's answer for an address unit and what the family says of itself; chat and phone use the same.

    `said`: household, home, work and, where known, owner_relation, on_guardians_book, sibling, twins.
    Raises NoBookInForce, StageNotOffered, UnitUnknown, AnswerNotUnderstood.
    """
    book = book_in_force(banner)
    if stage not in book.stages:
        raise StageNotOffered(banner=book.banner_name, stage=stage)
    unit = unit_named(unit_code)
    try:
        claims = claims_from(said)
    except ClaimUnknown as fault:
        raise AnswerNotUnderstood(why=str(fault)) from fault
    zones = zone_lines_of(banner, book.year, stage, unit.code)
    return guide(book, zones, stage, unit.code, claims, born_on)
