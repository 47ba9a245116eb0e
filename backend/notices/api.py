"""HTTP: a guardian's messages with their delivery, and the SMS gateway's receipts."""

import hmac
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, request

from backend.foundation.database import db
from backend.foundation.doors import keyless
from backend.foundation.problems import NotFound
from backend.identity.actors import GUARDIAN, PUBLIC, actor, policy
from backend.identity.rows import Account
from backend.notices.queries import notices_of
from backend.notices.read_notice import message_of
from backend.notices.receive_receipt import receive_sms_receipts

api = APIBlueprint("notices", __name__, tag="notices")

MOST_RECEIPTS = 1000


@api.get("/api/me/messages")
@policy(GUARDIAN)
def messages() -> dict[str, Any]:
    """What was told to this guardian, by which channel, and whether it arrived."""
    account = db.session.get_one(Account, actor().account_id)
    return {"items": [message_of(notice, account) for notice in notices_of(account.id)]}


@api.post("/gateways/sms/<secret>")
@policy(PUBLIC)
@keyless
@api.doc(hide=True)
def sms_receipts(secret: str) -> dict[str, Any]:
    """Receipts of the SMS gateway, at a path that only it knows. Raises NotFound for any other path."""
    wanted: str = current_app.config["GATEWAYS"].sms_receipt_path
    if not hmac.compare_digest(secret.encode(), wanted.encode()):
        raise NotFound
    told = request.get_json(silent=True)
    receipts = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return {"taken": receive_sms_receipts(receipts[:MOST_RECEIPTS])}
