"""The record of what happened: a row in the same transaction as the change, never changed afterwards (promises D9)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from backend.foundation import clock
from backend.foundation.database import Numbered, Rows, db
from backend.foundation.ddl import append_only
from backend.foundation.logging import principal, request_id
from backend.foundation.unit_of_work import keep_look


class AuditRow(Numbered, Rows):
    """Who did what to which object, when and why. `facts` name ids, codes and digests, never a person's data."""

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_object", "object_kind", "object_id"),)

    at: Mapped[datetime]
    principal: Mapped[str]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    reason: Mapped[str | None]
    request_id: Mapped[str]
    facts: Mapped[dict[str, Any]]


class AccessRow(Numbered, Rows):
    """One look of staff at a minor's record: who, whose, for which case (未保条例 §36, promises P13)."""

    __tablename__ = "access_row"
    __table_args__ = (Index("ix_access_row_object", "object_kind", "object_id"),)

    at: Mapped[datetime]
    principal: Mapped[str]
    role: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    purpose: Mapped[str]
    request_id: Mapped[str]


append_only(AuditRow.__table__)  # type: ignore[arg-type]
append_only(AccessRow.__table__)  # type: ignore[arg-type]


def record(action: str, object_kind: str, object_id: object, reason: str | None = None, **facts: Any) -> None:
    """Add the audit row of a change to the present transaction."""
    db.session.add(
        AuditRow(
            at=clock.now(),
            principal=principal.get(),
            action=action,
            object_kind=object_kind,
            object_id=str(object_id),
            reason=reason,
            request_id=request_id.get(),
            facts=facts,
        )
    )


def record_access(role: str, object_kind: str, object_id: object, purpose: str) -> None:
    """Add the row of a look at a minor's record to the present transaction; where that fails, so does the look."""
    db.session.add(
        AccessRow(
            at=clock.now(),
            principal=principal.get(),
            role=role,
            object_kind=object_kind,
            object_id=str(object_id),
            purpose=purpose,
            request_id=request_id.get(),
        )
    )
    db.session.flush()
    keep_look()
