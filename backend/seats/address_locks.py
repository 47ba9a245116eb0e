"""One seat per home for some years (domain 2.3, T-2.4): locking a home when a place is confirmed, and asking."""

import uuid
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from backend.families.queries import guardians_of
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.sections import Lock
from backend.seats.rows import AddressLock

SHORTEST_UNIT = 10


class HomeNumberTooShort(Refusal):
    """The whole property unit number is needed: homes are not listed, only looked up."""

    code = "home-number-too-short"
    status = 422


def home_index(property_unit: str) -> bytes:
    """The blind index of a property unit number, blanks removed."""
    return blind_index("address_lock.home", "".join(property_unit.split()))


def lock_home(property_unit: str, lock: Lock, child_id: uuid.UUID, school: str, year: int) -> None:
    """The home's seat at this stage is used from `year` on, for the book's number of years."""
    db.session.execute(
        insert(AddressLock)
        .values(
            home_index=home_index(property_unit),
            stage=lock.stage,
            school=school,
            child_id=child_id,
            year=year,
            free_in=year + lock.years,
        )
        .on_conflict_do_nothing()
    )


def free_home(child_id: uuid.UUID, stage: str, year: int) -> None:
    """The child does without its place: the home's seat of this year is free again."""
    db.session.execute(
        delete(AddressLock).where(
            AddressLock.child_id == child_id, AddressLock.stage == stage, AddressLock.year == year
        )
    )


def seat_used(property_unit: str, lock: Lock, child_id: uuid.UUID, year: int) -> bool:
    """Whether the home's seat at this stage is used in `year` by a child who is no sibling of this one.

    Siblings (a guardian in common) do not lock each other out where the book says so.
    """
    holders = db.session.execute(
        select(AddressLock.child_id).where(
            AddressLock.home_index == home_index(property_unit),
            AddressLock.stage == lock.stage,
            AddressLock.free_in > year,
            AddressLock.child_id != child_id,
        )
    ).scalars()
    family = set(guardians_of(child_id))
    return any(not (lock.sibling_exception and family & set(guardians_of(holder))) for holder in holders)


def home_state(banner: str, property_unit: str) -> list[dict[str, Any]]:
    """What everybody may look up about a home (康巴什 from 2021; domain 2.3): per stage, the year its seat is free again.

    One line for each stage with a lock in the book: `stage`, `years`, `sibling_exception`, `free_in` (None: free now).
    Neither child nor school is told; whoever has no property unit number of 10 characters or more gets no answer.
    Raises NoBookInForce, HomeNumberTooShort.
    """
    book = book_in_force(banner)
    unit = "".join(property_unit.split())
    if len(unit) < SHORTEST_UNIT:
        raise HomeNumberTooShort
    found = db.session.execute(
        select(AddressLock.stage, func.max(AddressLock.free_in))
        .where(AddressLock.home_index == home_index(unit), AddressLock.free_in > book.year)
        .group_by(AddressLock.stage)
    )
    used = {stage: free_in for stage, free_in in found}  # noqa: C416  # rows are no pairs to a type checker
    return [
        {
            "stage": lock.stage,
            "years": lock.years,
            "sibling_exception": lock.sibling_exception,
            "free_in": used.get(lock.stage),
        }
        for lock in book.locks
    ]
