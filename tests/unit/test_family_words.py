"""What a family reads of its registration by a code stands in the one catalogue, in every language of the phone (wish 20)."""

import re
from pathlib import Path

import pytest

from backend.enrolment.helper_steps import STEPS
from backend.enrolment.rules.states import STATES
from backend.notices.sentences import own_codes, say
from backend.placement.why_view import STEPS as WAYS
from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.diary import ACTORS
from backend.verification.rules.lines import DEPARTMENTS
from backend.verification.rules.reasons import DECISIONS, REASON_CODES
from tests.texts import chinese_in

BACKEND = Path(__file__).parents[2] / "backend"
ROOMS = ("verification", "documents", "seats", "enrolment", "records")
INTO_THE_RECORD = {"move_application", "write_event", "establish", "strftime"}
"""Calls whose texts stand in the record of a step, and how a time is written."""
NOT_FOR_FAMILIES = {
    "enrolment/desk.py",
    "enrolment/enrol_by.py",
    "records/desk.py",
    "seats/desk.py",
    "seats/import_homes.py",
    "verification/desk.py",
    "verification/dispute_check.py",
    "verification/figures.py",
    "verification/open_checks.py",
    "verification/reason_words.py",
}
"""What officials read: desk pages, faults of sheets, why a case waits; the law a question to a department rests on."""
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


@pytest.mark.parametrize("lang", ["zh-CN", "en", "mn-Mong"])
def test_every_way_to_a_place_is_told(lang: str) -> None:
    """Wish 11: the why-card says how the place came about."""
    told = {f"why.step.{step}" for step in (*WAYS, "none")}
    assert {code for code in own_codes(lang) if code.startswith("why.step.")} == told
    assert chinese_in([BACKEND / "placement/why_view.py", BACKEND / "placement/objections.py"], {"strftime"}) == {}


def test_every_field_that_is_refused_has_its_sentence_in_both_languages_of_the_desk_and_the_chat() -> None:
    """A field names its sentence by `says`: `field.blank`, or `field.` and the fault's own code."""
    source = "".join(path.read_text(encoding="utf-8") for room in ROOMS for path in (BACKEND / room).rglob("*.py"))
    said = {f"problem.{code}" for code in re.findall(r'"says": "(field\.[a-z-]+)"', source)}
    said |= {f"problem.field.{code}" for code in re.findall(r'_fault\("/\w+", "([a-z-]+)"\)', source)}
    for lang in ("zh-CN", "mn-Mong"):
        assert {code for code in own_codes(lang) if code.startswith("problem.field.")} == said


def test_no_sentence_for_families_stands_in_the_code() -> None:
    """What is written into the record of a step (why it was moved) stays as it was written."""
    files = [
        path
        for room in ROOMS
        for path in (BACKEND / room).rglob("*.py")
        if "rules" not in path.parts and str(path.relative_to(BACKEND)) not in NOT_FOR_FAMILIES
    ]
    assert len(files) > 90
    assert chinese_in(files, besides=INTO_THE_RECORD) == {}
