"""The catalogue of sentences: every code is told with exactly its facts, and a child's grandparent can read it."""

import re
from pathlib import Path

import pytest

import bots
from backend.notices.rules.plan import PLAN
from backend.notices.sentences import (
    SentenceLacksParameter,
    UnknownSentence,
    codes,
    explain,
    gaps,
    knows,
    language,
    languages,
    needs,
    own_codes,
    sample,
    say,
)
from bots.cards import PAGES

EXAMPLES = {
    "stage": "primary",
    "kind": "household",
    "photo": "good",
    "relation": "father",
    "state": "placed",
    "household": "here",
    "home": "owned",
    "missing": ["household"],
    "use": "公寓",
    "owner": "self",
    "work": "none",
    "months": "36",
    "why": "below-the-line",
}
HARD_WORDS = ("鉴权", "参数", "接口", "字段", "提交失败", "异常", "非法", "token", "ID", "JSON", "系统错误")


def _fact(code: str, name: str) -> object:
    options = {
        "chat.ask.stage": ["primary"],
        "chat.ask.home": ["owned"],
        "chat.ask.work": ["none"],
        "chat.ask.use": ["住宅"],
    }
    options |= {"chat.ask.owner": ["self"], "chat.ask.relation": ["other"], "chat.ask.kind": ["birth"]}
    options |= {"chat.ask.which_part": ["home"]}
    if name == "options":
        return options.get(code, ["甲", "乙"])
    if name in {
        "at",
        "until",
        "return_by",
        "confirm_by",
        "from",
        "to",
        "born_on",
        "closes_at",
        "opens_at",
        "registered_on",
    }:
        return "2026-06-20T17:00:00+08:00"
    return EXAMPLES.get(name, "某")


@pytest.mark.parametrize("code", codes())
def test_every_sentence_can_be_said_with_its_facts(code: str) -> None:
    if code.startswith("word."):
        return
    said = say(code, **{name: _fact(code, name) for name in needs(code)})
    assert said.strip()
    assert "{" not in said
    assert not [word for word in HARD_WORDS if word in said]


def test_a_sentence_without_its_facts_is_refused() -> None:
    with pytest.raises(SentenceLacksParameter, match="receipt"):
        say("chat.submitted", child="小明")


def test_an_unknown_code_or_language_is_refused() -> None:
    with pytest.raises(UnknownSentence, match=r"no\.such"):
        say("no.such")
    with pytest.raises(UnknownSentence, match="zz"):
        say("chat.menu", lang="zz")
    assert not knows("no.such")


def test_a_fact_named_code_is_a_fact() -> None:
    assert "123456" in say("notice.login-code.sms", code="123456")


def test_times_are_told_in_beijing_time_and_dates_without_a_clock() -> None:
    assert "2026年6月20日17:00" in say("chat.next_closing", at="2026-06-20T09:00:00+00:00")
    assert "2026年6月1日到" in say("chat.guide.date", what="报名", **{"from": "2026-06-01", "to": "2026-06-20"})


def test_lists_are_numbered_from_one_and_papers_are_called_by_name() -> None:
    assert "\n1 户口簿\n2 营业执照" in say("chat.ask.kind", child="小明", options=["household", "licence"])


def test_a_refusal_without_a_sentence_is_told_in_general_words() -> None:
    assert explain("nobody-wrote-this", {"lang": "x"}) == say("problem.other")
    assert explain("window-closed", {"opens_at": "x"}) == say("problem.window-closed")


@pytest.mark.parametrize("lang", languages())
def test_every_language_covers_the_groups_it_says_with_the_same_facts(lang: str) -> None:
    """Wishes 20: the catalogue is tested for coverage."""
    assert gaps(lang) == []
    assert codes(lang=lang) == codes()


def test_what_a_language_lacks_is_said_in_the_first_language() -> None:
    """Nothing is ever left unsaid for want of a translation."""
    assert own_codes("mn-Mong") < frozenset(codes())
    lacking = next(code for code in codes("problem.") if code not in own_codes("mn-Mong") and not needs(code))
    assert say(lacking, lang="mn-Mong") == say(lacking)


def test_a_language_says_whether_anybody_reviewed_it() -> None:
    assert language("zh-CN").is_reviewed
    assert not language("mn-Mong").is_reviewed
    assert language("mn-Mong").direction == "vertical"


def test_every_notice_has_a_title_a_text_and_a_line_for_plain_phones() -> None:
    kinds = {code.split(".")[1] for code in codes("notice.")}
    for kind in kinds:
        assert all(knows(f"notice.{kind}.{part}") for part in ("title", "text", "sms"))


def test_every_sentence_of_the_dialogue_is_in_the_catalogue_and_none_is_idle() -> None:
    """Codes stand in the dialogue's source as they are, or are made of `chat.ask.` and the name of a question."""
    folder = Path(bots.__file__).parent
    source = "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    written = set(re.findall(r'"(chat\.[a-z_.]+)"', source))
    asked = {
        f"chat.ask.{name}"
        for name in re.findall(r'(?:pick|agree|words|place|review|one_of|which_banner)\(\s*"([a-z_]+)"', source)
    }
    cards = {f"chat.card.{name}" for name in PAGES}
    assert written | asked | cards == set(codes("chat."))


@pytest.mark.parametrize("code", codes("notice."))
def test_officials_read_a_sample_of_every_notice_without_a_brace(code: str) -> None:
    told = sample(code)
    assert not set("{}@") & set(told)
    assert bool(needs(code)) == ("【" in told)


def test_every_kind_of_notice_stands_in_the_plan_that_officials_read() -> None:
    """D27: which, to whom, when; a kind that is sent without a line would be a message nobody at the desk knows of."""
    assert {code.split(".")[1] for code in codes("notice.")} == PLAN.keys()
