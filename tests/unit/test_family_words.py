"""What a family reads of its registration by a code stands in the one catalogue, in every language of the phone (wish 20)."""

from pathlib import Path

import pytest

from backend.enrolment.helper_steps import STEPS
from backend.enrolment.rules.states import STATES
from backend.notices.sentences import own_codes, say
from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.diary import ACTORS
from backend.verification.rules.lines import DEPARTMENTS
from backend.verification.rules.reasons import DECISIONS, REASON_CODES
from tests.texts import chinese_in

BACKEND = Path(__file__).parents[2] / "backend"
WORDS = {
    "department": set(DEPARTMENTS),
    "item": set(EXCHANGE_ITEMS),
    "decision": set(DECISIONS),
    "reason": set(REASON_CODES),
    "state": set(STATES),
    "who": {*ACTORS, "system"},
    "step": set(STEPS),
}


@pytest.mark.parametrize("lang", ["zh-CN", "en", "mn-Mong"])
def test_every_code_of_the_diary_has_its_word_and_no_word_is_idle(lang: str) -> None:
    told = {f"word.diary.{group}.{code}" for group, codes in WORDS.items() for code in codes}
    own = {code for code in own_codes(lang) if code.startswith("word.diary.")}
    assert told == {code for code in own if not code.startswith("word.diary.field.")}


def test_a_department_is_asked_for_what_the_book_calls_the_same() -> None:
    assert {item: say(f"word.diary.item.{item}") for item in EXCHANGE_ITEMS} == {
        item: name for item, (name, _) in EXCHANGE_ITEMS.items()
    }


@pytest.mark.parametrize("file", ["verification/diary.py", "verification/diary_words.py", "verification/proposals.py"])
def test_no_sentence_for_families_stands_in_the_code(file: str) -> None:
    assert chinese_in([BACKEND / file]) == {}
