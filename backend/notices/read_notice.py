"""Reading a notice: its facts unsealed, and the sentences its recipient reads."""

import json
from typing import Any

from backend.foundation.crypto import SealBroken, unseal
from backend.identity.rows import Account
from backend.notices.rows import Notice
from backend.notices.sentences import FIRST_LANGUAGE, say


def facts_of(notice: Notice) -> dict[str, Any]:
    """The facts of the notice's sentence. Raises SealBroken where its key was shredded."""
    told_facts: dict[str, Any] = json.loads(unseal(notice.subject, f"notice.params.{notice.id}", notice.params_sealed))
    return told_facts


def phone_of_notice(notice: Notice) -> str | None:
    """The number the notice itself names (a log-in code), None where it goes to its account."""
    if notice.phone_sealed is None:
        return None
    return unseal(notice.subject, f"notice.phone.{notice.id}", notice.phone_sealed)


def openid_of_notice(notice: Notice) -> str | None:
    """The WeChat id the notice itself names (a line of a chat), None where it goes to its account."""
    if notice.openid_sealed is None:
        return None
    return unseal(notice.subject, f"notice.openid.{notice.id}", notice.openid_sealed)


def told(notice: Notice, account: Account | None) -> tuple[str, str]:
    """Title and text in the account's language; the short text where the notice goes by SMS."""
    language = account.language if account else FIRST_LANGUAGE
    facts = facts_of(notice)
    part = "sms" if notice.channel == "sms" else "text"
    title = say(f"notice.{notice.code}.title", lang=language, **facts)
    return title, say(f"notice.{notice.code}.{part}", lang=language, **facts)


def message_of(notice: Notice, account: Account, sms_state: str | None = None) -> dict[str, Any]:
    """The notice as the family's list of messages shows it; one that can no longer be read keeps its state.

    `sms_state` is that of the SMS which told the same beside it, where there is one.
    """
    try:
        title, text = told(notice, account)
    except SealBroken:
        title, text = "", ""
    return {
        "id": str(notice.id),
        "at": notice.made_at.isoformat(),
        "channel": "sms" if notice.channel == "sms" else "wechat" if notice.channel else None,
        "state": notice.state,
        "sms_state": sms_state,
        "title": title,
        "text": text,
        "link": notice.link,
    }
