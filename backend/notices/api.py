"""HTTP: a guardian's messages with their delivery, and the SMS gateway's receipts."""

import base64
import hmac
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, request
from pydantic import BaseModel, Field

from backend.foundation.database import db
from backend.foundation.doors import keyless
from backend.foundation.problems import NotFound
from backend.identity.actors import GUARDIAN, PUBLIC, actor, policy
from backend.identity.rows import Account
from backend.notices.choose_language import choose_language
from backend.notices.consents import consents_left
from backend.notices.lock_letters import letters_of, published_key
from backend.notices.queries import notices_of, told_beside
from backend.notices.read_notice import message_of
from backend.notices.receive_receipt import receive_sms_receipts

api = APIBlueprint("notices", __name__, tag="notices")

MOST_RECEIPTS = 1000


@api.get("/api/me/messages")
@policy(GUARDIAN)
def messages() -> dict[str, Any]:
    """What was told to this guardian, by which channel, and whether it arrived."""
    account = db.session.get_one(Account, actor().account_id)
    beside = told_beside(account.id)
    items = [message_of(notice, account, beside.get(notice.id)) for notice in notices_of(account.id)]
    return {"items": items, "subscription_messages_allowed": consents_left(account)}


@api.get("/api/me/letters")
@policy(GUARDIAN)
def letters() -> dict[str, Any]:
    """Time-locked letters: cipher texts that the key of their scope opens from `opens_at` on (wishes 13)."""
    items = [
        {
            "id": str(letter.id),
            "scope": key.scope,
            "reference": letter.reference,
            "opens_at": key.opens_at.isoformat(),
            "key_sha256": key.key_sha256,
            "cipher": base64.b64encode(letter.cipher).decode(),
        }
        for letter, key in letters_of(actor().account_id)
    ]
    return {"items": items}


@api.get("/api/letters/<scope>/key")
@policy(PUBLIC)
def letter_key(scope: str) -> dict[str, str]:
    """The key of a batch of letters, in hex. Raises LettersLocked before its hour."""
    return {"key": published_key(scope)}


class LanguageWanted(BaseModel):
    """The tag of a language of the catalogue, such as `mn-Mong`."""

    language: str = Field(min_length=2, max_length=20)


@api.put("/api/me/language")
@policy(GUARDIAN)
@api.input(LanguageWanted, arg_name="body")
def set_language(body: LanguageWanted) -> dict[str, Any]:
    """Notices and conversations come in this language from now on. Raises LanguageUnknown."""
    chosen = choose_language(actor().account_id, body.language)
    return {"language": chosen.tag, "name": chosen.name, "is_reviewed": chosen.is_reviewed}


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
