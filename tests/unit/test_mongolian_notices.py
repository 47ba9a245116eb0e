"""Every notice that a family can receive has a Mongolian draft that tells the same facts in the same way (wishes 20)."""

import re
from collections.abc import Collection
from string import Formatter

import pytest

from backend.notices.rules.plan import PLAN
from backend.notices.sentences import codes, own_codes, template

MONGOL = "mn-Mong"
MONGOLIAN = re.compile("[\u1820-\u1842]")
WORDLESS = {"notice.chat-line.title"}
"""The service's own name."""


def _told_to_families() -> list[str]:
    """The codes of all titles and texts of notices, of letters and of what is wrong with a photograph."""
    notices = [code for code in codes("notice.") if not code.endswith(".sms")]
    return sorted({*notices, *codes("letter."), *codes("photo.")})


def _without_draft(drafted: Collection[str]) -> list[str]:
    return [code for code in _told_to_families() if code not in drafted]


def _facts(text: str) -> set[tuple[str, str | None]]:
    return {(name, spec) for _, name, spec, _ in Formatter().parse(text) if name}


def test_every_notice_letter_and_photograph_fault_has_a_draft() -> None:
    """Wishes 20. The plan of notices names none that the catalogue lacks."""
    assert _without_draft(own_codes(MONGOL)) == []
    assert {f"notice.{kind}.text" for kind in PLAN} <= set(_told_to_families())


def test_a_missing_draft_is_seen() -> None:
    lacking = "notice.placed-waiting-list.text"
    assert _without_draft(own_codes(MONGOL) - {lacking}) == [lacking]


@pytest.mark.parametrize("code", _told_to_families())
def test_a_draft_tells_the_facts_of_the_chinese_in_its_own_script(code: str) -> None:
    """A date stays a date, a moment a moment."""
    chinese, draft = template(code), template(code, MONGOL)
    assert _facts(draft) == _facts(chinese)
    words = re.sub(r"\{[^}]*\}", "", draft)
    assert code in WORDLESS or MONGOLIAN.search(words) or not words.strip()


def test_short_messages_stay_chinese() -> None:
    """Plain phones do not show the script."""
    assert [code for code in own_codes(MONGOL) if code.startswith("notice.") and code.endswith(".sms")] == []


@pytest.mark.parametrize("group", ["notice.", "letter.", "photo.", "problem."])
def test_a_suffix_is_joined_by_the_narrow_space_never_torn_off(group: str) -> None:
    """U+202F keeps a suffix with its word (as on the phone); a hyphen would show."""
    drafts = {code: template(code, MONGOL) for code in own_codes(MONGOL) if code.startswith(group)}
    assert any("\u202f" in text for text in drafts.values())
    assert [code for code, text in drafts.items() if re.search("[\u1820-\u1842}]-[\u1820-\u1842]", text)] == []
