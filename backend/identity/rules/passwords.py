"""An official's password, by 等保 2.0 level 3: at least twelve characters of three kinds, none of the common ones."""

import re

SHORTEST = 12
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
KINDS_NEEDED = 3
COMMON = ("password", "123456", "qwerty", "admin", "sunroll", "abc123", "111111")
CHANGED_EVERY_DAYS = 90


def password_faults(password: str, login: str) -> list[str]:
    """What is wrong with a new password, as codes; empty where it may be used."""
    faults = []
    if len(password) < SHORTEST:
        faults.append("password-short")
    if sum(bool(re.search(kind, password)) for kind in KINDS) < KINDS_NEEDED:
        faults.append("password-simple")
    if login.lower() in password.lower() or any(word in password.lower() for word in COMMON):
        faults.append("password-common")
    return faults
