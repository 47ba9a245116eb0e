"""Whatever the exam wing tells a candidate by a code stands in the one catalogue, in every language of the phone (A55, wish 20)."""

from pathlib import Path

import pytest

from backend.notices.sentences import knows, own_codes
from backend.zhongkao.candidate_diary import WORDS
from backend.zhongkao.refusals import REFUSALS, KeyReused, NotInSession
from backend.zhongkao.rows.admission import ADMITTED
from backend.zhongkao.rules.eligibility import WhyNot
from tests.texts import chinese_in

ROOM = Path(__file__).parents[2] / "backend" / "zhongkao"
NEVER_IN_THE_LOG = {NotInSession.code, KeyReused.code}
OF_THE_OFFICE = {
    "desk.py",
    "import_exam_sheet.py",
    "session_page.py",
    "deal_quotas.py",
    "announce_exam.py",
    "letters.py",
    "publish_exam_rules.py",
}
"""What officials read, and data: names of units, the date of a letter."""


def told_by_code() -> set[str]:
    found = {f"word.exam-why-not.{reason.value}" for reason in WhyNot}
    found |= {f"word.exam-refused.{code}" for code in REFUSALS.keys() - NEVER_IN_THE_LOG}
    found |= {f"word.exam-change.{what}" for what in WORDS}
    return found | {f"word.exam-admission.{state}" for state in ADMITTED}


@pytest.mark.parametrize("lang", ["zh-CN", "en", "mn-Mong"])
def test_every_code_that_a_candidate_is_told_has_its_words(lang: str) -> None:
    assert told_by_code() <= own_codes(lang)
    assert {code for code in own_codes(lang) if code.startswith("word.exam-")} == told_by_code()


def test_every_refusal_of_a_wish_has_its_sentence() -> None:
    """A refused candidate reads why, never the general sentence."""
    assert all(knows(f"problem.{refusal.code}") for refusal in REFUSALS.values())


def test_no_sentence_for_candidates_stands_in_the_code() -> None:
    """The desk and the sheets of the exam office are its own; everything else is said by the catalogue."""
    files = [path for path in ROOM.rglob("*.py") if path.name not in OF_THE_OFFICE and "rules" not in path.parts]
    assert len(files) > 40
    assert chinese_in(files) == {}
