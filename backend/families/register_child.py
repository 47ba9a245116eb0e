"""Register a child: the guardian's consent first, then the child, then the guardian's grant (个保法 §31, A18)."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.families.consent_texts import REQUIRED
from backend.families.give_consent import GivenConsent, give_consent, require_consents
from backend.families.people import seal_child, seal_guardian
from backend.families.queries import present_guardianship
from backend.families.refusals import ChildHasGuardian, ParticularsWrong, TooManyChildren
from backend.families.rows import Child, Guardianship
from backend.families.rules.particulars import Particulars, Written, read_particulars
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.grants import give_grant
from backend.identity.rows import Account
from backend.identity.rules.roles import Scope

MOST_CHILDREN = 10


def register_child(
    actor: Actor, written: Written, relation: str, consents: Sequence[GivenConsent], channel: str = "phone"
) -> Child:
    """The child, now in this guardian's care; registered by the same guardian before, it is that child again.

    Raises ConsentMissing, ConsentOutdated, ParticularsWrong (every fault at once), TooManyChildren (more than ten on
    one account, domain 2.4), ChildHasGuardian (then it can be claimed).
    """
    require_consents(consents)
    read = read_particulars(written, clock.today())
    if not isinstance(read, Particulars):
        raise ParticularsWrong(
            [{"pointer": f"/{fault.field}", "code": fault.code, "detail": fault.detail} for fault in read]
        )
    db.session.execute(select(Account.id).where(Account.id == actor.account_id).with_for_update())
    known_index = blind_index("child.known", read.known_by)
    known = child_with(known_index)
    if known is not None:
        return _already_theirs(known, actor)
    _refuse_too_many(actor.account_id)
    child = _write_child(actor.account_id, read, known_index, channel)
    take_into_care(child.id, actor.account_id, relation, read.guardian_name, read.guardian_id_number)
    record("child.registered", "child", child.id, channel=channel)
    return child


def child_with(known_index: bytes) -> Child | None:
    """The child that is found by this index, or None."""
    return db.session.execute(select(Child).where(Child.known_index == known_index)).scalar_one_or_none()


def _already_theirs(child: Child, actor: Actor) -> Child:
    if present_guardianship(child.id, actor.account_id) is None:
        raise ChildHasGuardian
    return child


def _refuse_too_many(account_id: uuid.UUID) -> None:
    cared_for = db.session.execute(
        select(func.count())
        .select_from(Guardianship)
        .where(Guardianship.account_id == account_id, Guardianship.ends_at.is_(None))
    ).scalar_one()
    if cared_for >= MOST_CHILDREN:
        raise TooManyChildren


def _write_child(account_id: uuid.UUID, read: Particulars, known_index: bytes, channel: str) -> Child:
    child_id = uuid.uuid4()
    person = {
        "name": read.name,
        "id_number": read.id_number,
        "born_on": read.born_on.isoformat(),
        "sex": read.sex,
        "ethnicity": read.ethnicity,
    }
    try:
        with db.session.begin_nested():
            consents = {purpose: give_consent(child_id, account_id, purpose, channel) for purpose in REQUIRED}
            child = Child(
                id=child_id,
                id_kind=read.id_kind,
                known_index=known_index,
                person_sealed=seal_child(child_id, person),
                made_at=clock.now(),
                made_by=account_id,
                **{f"{purpose}_consent_id": row.id for purpose, row in consents.items()},
            )
            db.session.add(child)
    except IntegrityError as error:
        if child_with(known_index) is None:
            raise
        raise ChildHasGuardian from error
    return child


def take_into_care(
    child_id: uuid.UUID, account_id: uuid.UUID, relation: str, name: str | None, id_number: str | None
) -> None:
    """Let the account care for the child from now on: the guardianship and the grant together."""
    row = Guardianship(
        id=uuid.uuid4(), child_id=child_id, account_id=account_id, relation=relation, starts_at=clock.now()
    )
    if name is not None:
        row.person_sealed = seal_guardian(row, {"name": name, "id_number": id_number})
    db.session.add(row)
    db.session.flush()
    give_grant(account_id, "guardian", Scope("child", str(child_id)), f"cares for the child as {relation}")
