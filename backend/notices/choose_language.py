"""A family chooses the language it is spoken to in (wishes 20)."""

import uuid
from functools import lru_cache

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

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


@lru_cache(maxsize=256)
def asked_for(header: str) -> str | None:
    """The language of the catalogue that an Accept-Language header asks for; None where it asks for none of them."""
    return parse_accept_header(header, LanguageAccept).best_match(languages())


def language_for(account_id: uuid.UUID, header: str) -> str:
    """The language to answer an account's request in: what its Accept-Language header asks for, else the account's."""
    return asked_for(header) or language_of(account_id)
