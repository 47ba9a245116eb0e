"""Giving and ending grants: rows that later rooms write (a guardian's child, a helper's task, an official's banner)."""

import uuid
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.logging import principal
from backend.foundation.problems import Refusal
from backend.identity.actors import Role
from backend.identity.rows import GrantRow
from backend.identity.rules.roles import ROLE_ACTIONS, SEPARATED, Scope


class DutiesConflict(Refusal):
    """三员 are kept apart: one account cannot hold two of them."""

    code = "duties-conflict"


def give_grant(account_id: uuid.UUID, role: str, scope: Scope, reason: str, ends_at: datetime | None = None) -> None:
    """Let the account hold the role on the scope from now on. Raises DutiesConflict; a role held already stays."""
    if role not in ROLE_ACTIONS:
        raise ValueError(role)
    held = {held.name for held in roles_of(account_id)}
    if role in SEPARATED and held & (set(SEPARATED) - {role}):
        raise DutiesConflict
    db.session.execute(
        insert(GrantRow)
        .values(
            id=uuid.uuid4(),
            account_id=account_id,
            role=role,
            scope_kind=scope.kind,
            scope_id=scope.id,
            starts_at=clock.now(),
            ends_at=ends_at,
            reason=reason,
            granted_by=principal.get(),
        )
        .on_conflict_do_nothing()
    )
    record("grant.given", scope.kind, scope.id, reason, account=str(account_id), role=role)


def end_grant(account_id: uuid.UUID, role: str, scope: Scope, reason: str) -> bool:
    """End the role on the scope now; true where it was held."""
    moment = clock.now()
    ended = db.session.execute(
        update(GrantRow)
        .where(
            GrantRow.account_id == account_id,
            GrantRow.role == role,
            GrantRow.scope_kind == scope.kind,
            GrantRow.scope_id == scope.id,
            or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > moment),
        )
        .values(ends_at=moment)
    )
    if ended.rowcount:  # type: ignore[attr-defined]
        record("grant.ended", scope.kind, scope.id, reason, account=str(account_id), role=role)
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def roles_of(account_id: uuid.UUID) -> tuple[Role, ...]:
    """The roles the account holds at this moment."""
    moment = clock.now()
    held = db.session.execute(
        select(GrantRow.role, GrantRow.scope_kind, GrantRow.scope_id)
        .where(
            GrantRow.account_id == account_id,
            GrantRow.starts_at <= moment,
            or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > moment),
        )
        .order_by(GrantRow.starts_at, GrantRow.id)
    )
    return tuple(Role(role, Scope(kind, scope)) for role, kind, scope in held)


def holders_of(role: str, scope: Scope) -> list[uuid.UUID]:
    """The accounts that hold the role on the scope at this moment, oldest first."""
    moment = clock.now()
    found = db.session.execute(
        select(GrantRow.account_id)
        .where(
            GrantRow.role == role,
            GrantRow.scope_kind == scope.kind,
            GrantRow.scope_id == scope.id,
            GrantRow.starts_at <= moment,
            or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > moment),
        )
        .order_by(GrantRow.starts_at, GrantRow.id)
    )
    return list(found.scalars())
