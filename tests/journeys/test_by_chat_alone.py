"""A parent who never opens a page: by chat alone and by SMS alone, from registration to the confirmed place (C01, D27)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.accounts import account_by_phone
from backend.identity.rules.roles import Scope
from backend.notices.sentences import say
from tests.callback_builders import Platform, platform_of
from tests.journey_builders import STARTS, Season
from tests.journey_city import Family, family, good_picture, sheets_for
from tests.talking_builders import Says, asks, by_sms, in_chat

pytestmark = pytest.mark.usefixtures("moving_clock")
BORN = date(2019, 10, 2)
CLOSES = STARTS + timedelta(days=9, hours=10)
CHAT_BANNER, CHAT_TOWN = "150621", "150621100"
SMS_BANNER, SMS_TOWN = "150602", "150602001"


def answered(says: Says, heard: str, answers: dict[str, str], lang: str, last: str) -> str:
    """Answer questions by their words until the question `last` is answered; what is said then."""
    for _ in range(40):
        found = [name for name in answers if asks(heard, name, lang)]
        assert found, heard
        heard = says(answers[found[-1]])
        if found[-1] == last:
            return heard
    raise AssertionError(heard)


def register(says: Says, one: Family, lang: str) -> str:
    """From the first word to the form's first question."""
    answers = {
        "consent": "1",
        "consent_optional": "2",
        "child_name": one.child,
        "child_id": one.child_id,
        "ethnicity": one.ethnicity,
        "relation": "2",
        "guardian_name": one.guardian,
        "guardian_id": one.guardian_id,
        "registration": "1",
    }
    return answered(says, says("报名"), answers, lang, "registration")


def fill_in(says: Says, one: Family, unit: str, lang: str, heard: str) -> str:
    """The form of a family that owns its home, up to what comes after it."""
    answers = {
        "stage": "小学",
        "unit": unit,
        "which_place": "1",
        "address": one.form["address"],
        "household": "1",
        "household_number": one.form["household_number"],
        "registered_on": "跳过",
        "home": "1",
        "use": "1",
        "owner": "1",
        "certificate": one.form["home"]["certificate"],
        "sibling": "没有",
        "form": "1",
    }
    return answered(says, heard, answers, lang, "form")


@pytest.fixture(autouse=True)
def kept_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moved clock is read again only when it moves: a look at it inside a request would open a savepoint around what
    the letters' threads write on the test's one connection, and take it back at the request's end.
    """
    monkeypatch.setattr(clock, "OFFSET_LIVES", 1e9)


@pytest.fixture
def chat_season(app: Any) -> Season:
    """A banner whose families confirm themselves."""
    season = Season(app, CHAT_BANNER, "dalate-2022", "达拉特旗")
    season.publish(sheets_for(CHAT_BANNER, CHAT_TOWN), STARTS, CLOSES)
    return season


def send_pictures(season: Season, platform: Platform, says: Says, heard: str) -> str:
    """Photograph what is still owed, one after the other, and hand the registration in."""
    for number in range(8):
        if "还要交" not in heard and "ᠢᠯᠡᠭᠡᠬᠦ ᠮᠠᠲ᠋ᠧᠷᠢᠶᠠᠯ" not in heard:
            break
        media = f"m-{platform.openid}-{number}"
        season.chat.pictures[media] = good_picture()
        content = platform.content("image", MediaId=media, PicUrl="x")
        platform.reply(platform.post(content, timestamp=str(int(clock.now().timestamp()))))
        says("1")
        season.work()
        heard = says("交材料")
    return says("1")


def keep(season: Season, one: Family) -> None:
    """Let the departments know the family."""
    season.exchange.families.append(one)


@pytest.mark.parametrize(
    ("language", "confirm", "done"), [("", "确认", "已经确认好了"), ("ᠮᠣᠩᠭᠣᠯ", "ᠪᠠᠲᠤᠯᠠᠬᠤ", "ᠪᠠᠲᠤᠯᠠᠪᠠ")]
)
def test_a_family_goes_from_its_first_word_to_the_confirmed_place_by_chat_alone(
    app, chat_season, language, confirm, done
) -> None:
    """C01: registration, form, photographs, receipt, progress, result, reason, confirmation; in Chinese and Mongolian."""
    season, one = chat_season, family(f"{CHAT_TOWN}001", BORN)
    keep(season, one)
    platform = platform_of(app, f"o-journey-{bool(language)}")
    says = in_chat(platform)
    if language:
        assert "ᠮᠣᠩᠭᠣᠯ" in says(language)
    lang = "mn-Mong" if language else "zh-CN"
    heard = fill_in(says, one, "北社区", lang, register(says, one, lang))
    heard = send_pictures(season, platform, says, heard)
    assert "回执号" in heard
    season.work()
    assert "回执号" in says("进度")
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    assert any("一小" in text for _, text in season.chat.sent.values())
    assert "一小" in says("结果")
    assert says("为什么")
    assert done in says(confirm)


@pytest.mark.parametrize("language", ["", "ᠮᠣᠩᠭᠣᠯ"])
def test_a_family_goes_from_its_first_word_to_its_school_by_plain_sms_alone(app, language) -> None:
    """D27, wishes 20: registration by SMS, the school's name by SMS, in Chinese and Mongolian; papers are shown there."""
    season = Season(app, SMS_BANNER, "capital-2023", "东胜区")
    season.publish(sheets_for(SMS_BANNER, SMS_TOWN, kindergarten=False), STARTS, CLOSES)
    one = family(f"{SMS_TOWN}001", BORN)
    keep(season, one)
    says = by_sms(app, one.phone, season.sms, season.work)
    if language:
        assert "ᠮᠣᠩᠭᠣᠯ" in says(language)
    lang = "mn-Mong" if language else "zh-CN"
    heard = fill_in(says, one, "北社区", lang, register(says, one, lang))
    assert "1 " in heard, heard
    assert "回执号" in says("1")
    season.work()
    assert "回执号" in says("ᠶᠠᠪᠤᠴᠠ" if language else "进度")
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    told = season.told(one)
    assert any("一小" in text for text in told)
    assert language or any("带户口簿" in text for text in told)
    heard = says("ᠳ᠋ᠦᠩ" if language else "结果")
    assert "一小" in heard, heard
    season.official("xiao", "school-admissions", Scope("school", f"{SMS_BANNER}-P01"))
    season.call("POST", f"/api/desk/schools/{SMS_BANNER}-P01/confirmations/{application_of(one)}", "xiao")
    heard = says("ᠶᠠᠪᠤᠴᠠ" if language else "进度")
    assert say("word.state.confirmed", lang=lang) in heard, heard
    heard = says("T")
    assert say("chat.texts_stopped", lang=lang) in heard, heard


def application_of(one: Family) -> str:
    """The newest application of a family that registered by its own phone."""
    account = account_by_phone(one.phone)
    assert account is not None
    wanted = select(Application.id).where(Application.drafted_by == account.id).order_by(Application.drafted_at.desc())
    return str(db.session.execute(wanted.limit(1)).scalar_one())


def let_a_helper_photograph(season: Season, says: Says, one: Family, clerk: Family, lang: str) -> str:
    """The family names the village's clerk by SMS, who photographs its papers; what the family hears then."""
    answers = {"helper_phone": clerk.phone, "helper_days": "30天", "sure_of_helper": "1"}
    said = answered(says, says("ᠲᠥᠯᠥᠭᠡᠯᠡᠭᠴᠢ" if lang == "mn-Mong" else "代办"), answers, lang, "sure_of_helper")
    assert clerk.phone[-4:] in said, said
    one.token, one.application = clerk.token, application_of(one)
    season.photograph(one)
    season.work()
    return says("ᠮᠠᠲ᠋ᠧᠷᠢᠶᠠᠯ" if lang == "mn-Mong" else "交材料")


@pytest.mark.parametrize("language", ["", "ᠮᠣᠩᠭᠣᠯ"])
def test_a_family_without_a_camera_confirms_its_place_by_sms_alone(app, chat_season, language) -> None:
    """Wishes 19, 20: everything by SMS; the photographs are made by a helper whom the family named by SMS; `1` confirms."""
    season, one, clerk = chat_season, family(f"{CHAT_TOWN}001", BORN), family(f"{CHAT_TOWN}001", BORN)
    keep(season, one)
    season.log_in(clerk)
    says = by_sms(app, one.phone, season.sms, season.work)
    if language:
        says(language)
    lang = "mn-Mong" if language else "zh-CN"
    heard = fill_in(says, one, "北社区", lang, register(says, one, lang))
    says("2")
    let_a_helper_photograph(season, says, one, clerk, lang)
    heard = says("1")
    assert "回执号" in heard, heard
    season.work()
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    assert any("一小" in text for text in season.told(one))
    heard = says("1")
    assert ("ᠪᠠᠲᠤᠯᠠᠪᠠ" if language else "已经确认好了") in heard, heard
