"""How many families each helper files for, and what a helper did: watched, so that help does not turn into abuse."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.families.rows import Helper
from backend.foundation import clock
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.identity.accounts import masked_phone, phone_of
from backend.identity.rows import Account

MOST_SHOWN = 200


@dataclass(frozen=True)
class HelperCount:
    """One helper: the phone masked, families helped at this moment and ever, steps taken for them."""

    phone_masked: str
    families_now: int
    families_ever: int
    steps: int


def helper_counts() -> list[HelperCount]:
    """Every helper, the one with most families first; no child and no family is named."""
    moment = clock.now()
    present = func.count().filter(Helper.ended_at.is_(None), Helper.ends_at > moment)
    found = db.session.execute(
        select(Helper.account_id, present, func.count(func.distinct(Helper.child_id)))
        .group_by(Helper.account_id)
        .order_by(present.desc(), Helper.account_id)
        .limit(MOST_SHOWN)
    ).all()
    steps = _steps_by([account_id for account_id, _, _ in found])
    return [
        HelperCount(_masked(account_id), now, ever, steps.get(f"guardian:{account_id}", 0))
        for account_id, now, ever in found
    ]


def _steps_by(account_ids: Sequence[uuid.UUID]) -> dict[str, int]:
    principals = [f"guardian:{account_id}" for account_id in account_ids]
    found = db.session.execute(
        select(AuditRow.principal, func.count()).where(AuditRow.principal.in_(principals)).group_by(AuditRow.principal)
    )
    return {row[0]: row[1] for row in found}


def _masked(account_id: uuid.UUID) -> str:
    phone = phone_of(db.session.get_one(Account, account_id))
    return masked_phone(phone) if phone else "—"
