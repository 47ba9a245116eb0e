"""People as they are sealed in the rows, and how they are read again by verbs that speak to departments and schools."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from backend.families.rows import Child, Guardianship
from backend.foundation.crypto import DataKey, seal, unseal
from backend.foundation.database import db

FORGOTTEN = "（家长已撤回同意，这里写的内容已经删除，不能再看）"
"""What stands in the place of words about a child whose data were made unreadable."""


@dataclass(frozen=True)
class Relative:
    """A guardian in clear."""

    name: str
    id_number: str | None
    relation: str


@dataclass(frozen=True)
class ChildPerson:
    """A child, its first guardian and, where another one cares for it too, the second, in clear.

    Never stored, logged or put into a task's payload.
    """

    name: str
    id_number: str | None
    born_on: date
    sex: str
    ethnicity: str
    guardian_name: str
    guardian_id_number: str | None
    relation: str
    second: Relative | None = None


def seal_child(child_id: uuid.UUID, person: dict[str, Any]) -> bytes:
    """The child's particulars sealed for its row."""
    return seal(child_id, f"child.person.{child_id}", json.dumps(person, ensure_ascii=False))


def seal_guardian(row: Guardianship, person: dict[str, Any]) -> bytes:
    """The guardian's particulars sealed for the row of the guardianship, under the guardian's own key."""
    return seal(row.account_id, f"guardianship.person.{row.id}", json.dumps(person, ensure_ascii=False))


def particulars_of(child: Child) -> dict[str, Any]:
    """{name, id_number, born_on, sex, ethnicity} of the child, as registered."""
    told: dict[str, Any] = json.loads(unseal(child.id, f"child.person.{child.id}", child.person_sealed))
    return told


def words_for(child_id: uuid.UUID, place: str, sealed: bytes) -> str:
    """What was written about a child, for lists at the desk; of a forgotten child a sentence that says that it is gone.

    Raises SealBroken where the words were changed or moved.
    """
    if db.session.get_one(Child, child_id).forgotten_at is not None:
        return FORGOTTEN
    return unseal(child_id, place, sealed)


def guardian_particulars(row: Guardianship) -> dict[str, Any]:
    """{name, id_number} of the guardian; empty where the guardian never said who he is."""
    if row.person_sealed is None:
        return {}
    told: dict[str, Any] = json.loads(unseal(row.account_id, f"guardianship.person.{row.id}", row.person_sealed))
    return told


def name_of(child_id: uuid.UUID) -> str:
    """The child's name as the family wrote it, for its own notices."""
    name: str = particulars_of(db.session.get_one(Child, child_id))["name"]
    return name


def child_person(child: Child) -> ChildPerson:
    """The child with the guardian who has cared for it longest and said who he is."""
    return people_of([child])[child.id]


def people_of(children: Iterable[Child]) -> dict[uuid.UUID, ChildPerson]:
    """Many children at once, by id: three statements however many they are."""
    wanted = list(children)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Guardianship)
        .where(Guardianship.child_id.in_([child.id for child in wanted]), Guardianship.person_sealed.is_not(None))
        .order_by(Guardianship.ends_at.is_not(None), Guardianship.starts_at, Guardianship.id)
    ).scalars()
    caring: dict[uuid.UUID, list[Guardianship]] = {}
    for row in rows:
        caring.setdefault(row.child_id, []).append(row)
    subjects = [*(child.id for child in wanted), *(row.account_id for each in caring.values() for row in each)]
    held = db.session.execute(select(DataKey).where(DataKey.subject.in_(subjects))).scalars().all()
    told = {child.id: _person(child, caring[child.id]) for child in wanted}
    del held
    return told


def _person(child: Child, rows: list[Guardianship]) -> ChildPerson:
    told, first = particulars_of(child), rows[0]
    guardian = guardian_particulars(first)
    others = [row for row in rows[1:] if row.account_id != first.account_id and row.ends_at is None]
    return ChildPerson(
        name=told["name"],
        id_number=told["id_number"],
        born_on=date.fromisoformat(told["born_on"]),
        sex=told["sex"],
        ethnicity=told["ethnicity"],
        guardian_name=guardian["name"],
        guardian_id_number=guardian["id_number"],
        relation=first.relation,
        second=_relative(others[0]) if others else None,
    )


def _relative(row: Guardianship) -> Relative:
    told = guardian_particulars(row)
    return Relative(told["name"], told["id_number"], row.relation)
