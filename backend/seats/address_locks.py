"""One seat per home for some years (domain 2.3, T-2.4): locking a home when a place is confirmed, and asking."""

import uuid
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from backend.families.queries import guardians_of
from backend.families.rows import Child
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.sections import Lock
from backend.seats.rows import AddressLock

SHORTEST_UNIT = 10
LOOK = "seats.settle"
HOLDER = or_(Child.id == AddressLock.child_id, Child.known_index == AddressLock.holder_index)
"""The registered child that used a home's seat: its own place, or a line of former years with its number."""


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


def locks_against(
    property_unit: str, lock: Lock, child_id: uuid.UUID, year: int
) -> list[tuple[AddressLock, uuid.UUID | None]]:
    """The locks by which the home's seat at this stage is used in `year` against this child, each with its holder.

    Siblings (a guardian in common) do not lock each other out where the book says so. The holder is None where a list of
    former years does not say who it was, or says a child that nobody has registered.
    """
    found = db.session.execute(
        select(AddressLock, Child.id)
        .outerjoin(Child, HOLDER)
        .where(
            AddressLock.home_index == home_index(property_unit),
            AddressLock.stage == lock.stage,
            AddressLock.free_in > year,
        )
        .order_by(AddressLock.free_in.desc(), AddressLock.id)
    )
    family = set(guardians_of(child_id))
    return [
        (row, holder)
        for row, holder in found
        if holder != child_id
        and not (lock.sibling_exception and holder is not None and family & set(guardians_of(holder)))
    ]


def seat_used(property_unit: str, lock: Lock, child_id: uuid.UUID, year: int) -> bool | None:
    """Whether the home's seat at this stage is used in `year` by a child who is no sibling of this one.

    None: used by a child that only a list of former years knows; a person has to say whether it is a sibling.
    """
    against = locks_against(property_unit, lock, child_id, year)
    if not against:
        return False
    return True if not lock.sibling_exception or any(holder is not None for _, holder in against) else None


def home_state(banner: str, property_unit: str) -> list[dict[str, Any]]:
    """What everybody may look up about a home (康巴什 from 2021; domain 2.3): per stage, the year its seat is free again.

    One line for each stage with a lock in the book: `stage`, `years`, `sibling_exception`, `free_in` (None: free now).
    Neither child nor school is told; whoever has no property unit number of 10 characters or more gets no answer.
    Raises NoBookInForce, HomeNumberTooShort.
    """
    book = book_in_force(banner)
    found = db.session.execute(
        select(AddressLock.stage, func.max(AddressLock.free_in))
        .where(AddressLock.home_index == _whole_number(property_unit), AddressLock.free_in > book.year)
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


def locks_of_home(actor: Actor, banner: str, property_unit: str) -> list[dict[str, Any]]:
    """A home's locks as an official of the banner sees them: `stage`, `year`, `free_in`, `school`, and by whose word.

    `listed_by`: the banner whose list of former years says so, None where a place was confirmed here; `is_known`: whether
    the child is registered, so that a sibling is found by itself. No child is named. Raises NotAllowed, HomeNumberTooShort.
    """
    authorize_office(actor, LOOK, banner_scopes(banner))
    found = db.session.execute(
        select(AddressLock, Child.id)
        .outerjoin(Child, HOLDER)
        .where(AddressLock.home_index == _whole_number(property_unit))
        .order_by(AddressLock.free_in.desc(), AddressLock.id)
    )
    record("home.looked-up", "banner", banner)
    told = ("stage", "year", "free_in", "school", "listed_by")
    return [{name: getattr(row, name) for name in told} | {"is_known": holder is not None} for row, holder in found]


def _whole_number(property_unit: str) -> bytes:
    if len("".join(property_unit.split())) < SHORTEST_UNIT:
        raise HomeNumberTooShort
    return home_index(property_unit)
