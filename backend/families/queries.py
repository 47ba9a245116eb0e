"""Questions asked of the families' tables."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from backend.families.rows import Child, Claim, Consent, Guardianship, Helper
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.authorize import Grant, authorize
from backend.identity.grants import holders_of
from backend.identity.rules.roles import CITY, Scope


def child_scopes(child_id: uuid.UUID) -> tuple[Scope, ...]:
    """The scopes a child lies in by itself: its own and the city's; an application adds its banner's."""
    return (Scope("child", str(child_id)), Scope("city", CITY))


def open_child(actor: Actor, child_id: uuid.UUID, action: str, purpose: str | None = None) -> tuple[Grant, Child]:
    """The child, with the proof that the actor may do `action` on it. Raises NotFound, also where it is not theirs."""
    grant = authorize(actor, action, child_scopes(child_id), purpose)
    child = db.session.get(Child, child_id)
    if child is None:
        raise NotFound
    return grant, child


def guardians_of(child_id: uuid.UUID) -> list[uuid.UUID]:
    """The accounts that care for the child at this moment, the first one first."""
    return holders_of("guardian", Scope("child", str(child_id)))


def children_of(account_id: uuid.UUID) -> list[tuple[Child, Guardianship]]:
    """The children the account cares for, in the order of registration."""
    found = db.session.execute(
        select(Child, Guardianship)
        .join(Guardianship, Guardianship.child_id == Child.id)
        .where(Guardianship.account_id == account_id, Guardianship.ends_at.is_(None))
        .order_by(Guardianship.starts_at, Child.id)
    )
    return [(child, care) for child, care in found]


def children_helped_by(account_id: uuid.UUID, moment: datetime) -> list[Child]:
    """The children for whom the account files as a helper at `moment`."""
    found = db.session.execute(
        select(Child)
        .join(Helper, Helper.child_id == Child.id)
        .where(Helper.account_id == account_id, Helper.ended_at.is_(None), Helper.ends_at > moment)
        .order_by(Helper.given_at, Child.id)
    )
    return list(found.scalars())


def present_guardianship(child_id: uuid.UUID, account_id: uuid.UUID) -> Guardianship | None:
    """The account's care of the child where it stands at this moment."""
    return db.session.execute(
        select(Guardianship).where(
            Guardianship.child_id == child_id, Guardianship.account_id == account_id, Guardianship.ends_at.is_(None)
        )
    ).scalar_one_or_none()


def consented_at(child_id: uuid.UUID, purpose: str) -> datetime | None:
    """When a guardian first agreed to the purpose for this child; departments are told (domain 2.11)."""
    return db.session.execute(
        select(func.min(Consent.at)).where(Consent.child_id == child_id, Consent.purpose == purpose)
    ).scalar_one()


def claims_of(account_id: uuid.UUID) -> Sequence[Claim]:
    """The claims the account has made, newest first."""
    found = db.session.execute(select(Claim).where(Claim.claimant_id == account_id).order_by(Claim.asked_at.desc()))
    return found.scalars().all()


def claims_to_answer(account_id: uuid.UUID) -> Sequence[Claim]:
    """The claims of others on children the account cares for that wait for an answer, oldest first."""
    found = db.session.execute(
        select(Claim)
        .join(Guardianship, Guardianship.child_id == Claim.child_id)
        .where(Guardianship.account_id == account_id, Guardianship.ends_at.is_(None), Claim.state == "waiting")
        .order_by(Claim.asked_at)
    )
    return found.scalars().all()


def disputed_claims() -> Sequence[Claim]:
    """The claims that wait for an official's decision, oldest first."""
    found = db.session.execute(select(Claim).where(Claim.state == "disputed").order_by(Claim.asked_at, Claim.id))
    return found.scalars().all()


def helpers_of(child_id: uuid.UUID) -> Sequence[Helper]:
    """Everybody who files or filed for the family, newest first."""
    found = db.session.execute(select(Helper).where(Helper.child_id == child_id).order_by(Helper.given_at.desc()))
    return found.scalars().all()
