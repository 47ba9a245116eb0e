"""An official's password, by 等保 2.0 level 3: at least twelve characters of three kinds, new every ninety days, none of
the well-known ones.

What is long and of three kinds stands on no list of breached passwords as it is, but as a known word with trimmings
(`Password-12345`, `P@ssw0rd2026`): so known words are struck out, and what is left must be long enough by itself.
"""

import re
from datetime import datetime, timedelta

from backend.identity.rules.common_passwords import BREACHED, NEAR

SHORTEST = 12
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
KINDS_NEEDED = 3
CHANGED_EVERY_DAYS = 90
REMEMBERED = 5
OWN_CHARACTERS = 8
KNOWN = re.compile("|".join(map(re.escape, sorted({*BREACHED, *NEAR}, key=lambda word: (-len(word), word)))))
LETTERS_FOR_SIGNS = str.maketrans("@0$13!", "aosiei")


def password_faults(password: str, login: str) -> list[str]:
    """What is wrong with a new password, as codes; empty where it may be used."""
    faults = []
    if len(password) < SHORTEST:
        faults.append("password-short")
    if sum(bool(re.search(kind, password)) for kind in KINDS) < KINDS_NEEDED:
        faults.append("password-simple")
    if login.lower() in password.lower() or _own_characters(password.lower()) < OWN_CHARACTERS:
        faults.append("password-common")
    return faults


def _own_characters(password: str) -> int:
    """How many characters are left without known words, as written or read with letters for signs."""
    return min(len(KNOWN.sub("", text)) for text in (password, password.translate(LETTERS_FOR_SIGNS)))


def expires_at(set_at: datetime) -> datetime:
    """When a password that was set then must be changed."""
    return set_at + timedelta(days=CHANGED_EVERY_DAYS)
