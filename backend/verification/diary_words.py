"""What departments said of an application, in the catalogue's words (wishes 3, 20)."""

from backend.notices.sentences import FIRST_LANGUAGE, knows, say
from backend.verification.open_checks import is_outstanding
from backend.verification.rows import Check

LOOKED_AT = {"not-asked": "looked-at", "mismatch": "no-harm", "not-found": "no-harm", "gave-up": "no-harm"}
"""What is found → what follows from it, where anything does."""


def diary_word(group: str, code: str, lang: str = FIRST_LANGUAGE) -> str:
    """The word for a code of the diary: a department, an item of it, a field, a state. A code without one stands for itself."""
    known = f"word.diary.{group}.{code}"
    return say(known, lang) if knows(known, lang) else code


def item_word(check: Check, lang: str = FIRST_LANGUAGE) -> str:
    """What a department was asked for."""
    item = f"{check.department}/{check.item}"
    word = diary_word("item", item, lang)
    return check.item_name if word == item else word


def verdict_text(check: Check, lang: str = FIRST_LANGUAGE) -> str:
    """The verdict as a sentence a parent understands, and what follows from it."""
    found = found_text(check, lang)
    then = LOOKED_AT.get(_found(check))
    return say("diary.joined", lang, first=found, second=say(f"diary.then.{then}", lang)) if then else found


def found_text(check: Check, lang: str = FIRST_LANGUAGE) -> str:
    """The verdict alone."""
    return say(f"diary.found.{_found(check)}", lang, **_facts(check, lang))


def difference_text(check: Check, lang: str = FIRST_LANGUAGE) -> str:
    """What differs from the family's form, short enough for a list of all that does."""
    found = "not-found" if check.state == "not-found" else "mismatch"
    return say(f"diary.differs.{found}", lang, **_facts(check, lang))


def _found(check: Check) -> str:
    if check.state == "not-found" and not check.attempts:
        return "not-asked"
    if check.state in {"unavailable", "timeout"} and not is_outstanding(check.answered_at, check.attempts):
        return "gave-up"
    return check.state


def _facts(check: Check, lang: str) -> dict[str, str | list[str]]:
    return {
        "department": diary_word("department", check.department, lang),
        "item": item_word(check, lang),
        "differs": [diary_word("field", name, lang) for name in check.differs],
    }
