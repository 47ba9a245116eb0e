"""A family chooses the language it is spoken to in (wishes 20)."""

import uuid

from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.rows import Account
from backend.notices.sentences import FIRST_LANGUAGE, Language, language, languages


class LanguageUnknown(Refusal):
    """The catalogue has no such language."""

    code = "language-unknown"
    status = 422


def choose_language(account_id: uuid.UUID, tag: str) -> Language:
    """The language chosen; notices that are sent from now on are in it. Raises LanguageUnknown."""
    if tag not in languages():
        raise LanguageUnknown
    account = db.session.get_one(Account, account_id)
    account.language = tag
    record("account.language", "account", account_id, language=tag)
    return language(tag)


def language_of(account_id: uuid.UUID) -> str:
    """The tag of the language that an account is spoken to in; Chinese for one that is gone."""
    account = db.session.get(Account, account_id)
    return account.language if account else FIRST_LANGUAGE
