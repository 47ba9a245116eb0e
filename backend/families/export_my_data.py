"""Everything we hold about a guardian and the children, as one JSON value (个保法 §45, promises P23)."""

import uuid
from typing import Any

from sqlalchemy import select

from backend.families.claim_child import said_in
from backend.families.consent_texts import text_with
from backend.families.gateways import held_by_later_rooms
from backend.families.people import guardian_particulars, particulars_of
from backend.families.queries import children_of, claims_of, helpers_of
from backend.families.rows import Child, Claim, Consent, Guardianship, Helper
from backend.foundation import clock
from backend.foundation.audit import AccessRow, AuditRow
from backend.foundation.database import db
from backend.identity.accounts import openid_of, phone_of
from backend.identity.actors import Actor
from backend.identity.rows import Account, Session


def export_my_data(actor: Actor) -> dict[str, Any]:
    """What is held about the actor and the children in the actor's care; a later room adds its own section."""
    account = db.session.get_one(Account, actor.account_id)
    cared_for = children_of(actor.account_id)
    child_ids = [child.id for child, _ in cared_for]
    told: dict[str, Any] = {
        "exported_at": clock.now().isoformat(),
        "account": _account(account),
        "children": [_child(child, care) for child, care in cared_for],
        "claims": [_claim(claim) for claim in claims_of(actor.account_id)],
    }
    return told | {name: tell(actor.account_id, child_ids) for name, tell in held_by_later_rooms().items()}


def _account(account: Account) -> dict[str, Any]:
    sessions = db.session.execute(select(Session).where(Session.account_id == account.id).order_by(Session.made_at))
    return {
        "id": str(account.id),
        "made_at": account.made_at.isoformat(),
        "phone": phone_of(account),
        "wechat_openid": openid_of(account),
        "language": account.language,
        "sessions": [
            {"made_at": row.made_at.isoformat(), "used_at": row.used_at.isoformat(), "ends_at": row.ends_at.isoformat()}
            for row in sessions.scalars()
        ],
    }


def _child(child: Child, care: Guardianship) -> dict[str, Any]:
    return {
        "id": str(child.id),
        "id_kind": child.id_kind,
        **particulars_of(child),
        "registered_at": child.made_at.isoformat(),
        "relation": care.relation,
        "guardian": guardian_particulars(care),
        "consents": [_consent(row) for row in _consents_of(child.id)],
        "helpers": [_helper(row) for row in helpers_of(child.id)],
        "looked_at_by_staff": _looks_at(child.id),
        "steps": _steps_of(child.id),
    }


def _consents_of(child_id: uuid.UUID) -> list[Consent]:
    return list(db.session.execute(select(Consent).where(Consent.child_id == child_id).order_by(Consent.id)).scalars())


def _consent(row: Consent) -> dict[str, Any]:
    text = text_with(row.text_sha256)
    return {
        "purpose": row.purpose,
        "version": row.version,
        "sha256": row.text_sha256,
        "text": text.text if text else None,
        "channel": row.channel,
        "at": row.at.isoformat(),
    }


def _helper(row: Helper) -> dict[str, Any]:
    ended_at = row.ended_at.isoformat() if row.ended_at else None
    told = {"id": str(row.id), "given_at": row.given_at.isoformat(), "until": row.ends_at.isoformat()}
    return {**told, "ended_at": ended_at}


def _claim(claim: Claim) -> dict[str, Any]:
    said = said_in(claim)
    told = {"id": str(claim.id), "state": claim.state, "relation": claim.relation, "reason": claim.reason}
    return {**told, "asked_at": claim.asked_at.isoformat(), "id_number": said.id_number, "name": said.name}


def _looks_at(child_id: uuid.UUID) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(AccessRow)
        .where(AccessRow.object_kind == "child", AccessRow.object_id == str(child_id))
        .order_by(AccessRow.id)
    )
    return [{"at": row.at.isoformat(), "role": row.role, "purpose": row.purpose} for row in rows.scalars()]


def _steps_of(child_id: uuid.UUID) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(AuditRow)
        .where(AuditRow.object_kind == "child", AuditRow.object_id == str(child_id))
        .order_by(AuditRow.id)
    )
    return [{"at": row.at.isoformat(), "action": row.action, "reason": row.reason} for row in rows.scalars()]
