"""The plan of notices is kept: by both ways where a deadline starts, never too early, not at night, not after T (D27)."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import Task
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.rows import Account
from backend.notices.deliver_notice import TooEarly, _begin
from backend.notices.gateways import ChannelRefused
from backend.notices.gateways.templates import FieldDoesNotFit, fitted
from backend.notices.queries import notices_of, told_beside
from backend.notices.rows import Notice
from backend.notices.rules.plan import BOTH, PLAN, after_quiet_hours, plan_of, send_at
from backend.notices.send_notice import send_notice
from backend.notices.sentences import codes, knows, needs, say
from backend.notices.stop_texts import allow_texts, stop_texts
from jobs.run_tasks import drain
from tests.notices_builders import HostileChat, HostileSms, fails_with, guardian, some_key, the

UNPLACED = {"child": "小明"}
DAY = datetime(2026, 7, 1, tzinfo=clock.SHANGHAI)


@pytest.fixture
def gateways(app) -> tuple[HostileChat, HostileSms]:
    chat, sms = HostileChat(), HostileSms()
    app.extensions["chat_gateway"], app.extensions["sms_gateway"] = chat, sms
    return chat, sms


def sends(account: Account, code: str = "unplaced", params: Any = UNPLACED, **more: Any) -> uuid.UUID:
    with unit_of_work():
        return send_notice(account.id, code, params, some_key(), **more)


def test_what_starts_a_deadline_is_told_by_wechat_and_by_sms(gateways) -> None:
    """Promises part 2: a WeChat push is never counted as delivery of a decision that starts a legal deadline."""
    chat, sms = gateways
    account = guardian(openid="o1")
    notice = sends(account)
    drain("notices")
    assert list(chat.sent) == [notice.hex]
    assert len(sms.sent) == 1
    assert [row.id for row in notices_of(account.id)] == [notice]
    assert told_beside(account.id) == {notice: "sent"}


def test_the_sms_beside_is_not_doubled_when_wechat_refuses(gateways) -> None:
    chat, sms = gateways
    chat.outcomes = [fails_with(ChannelRefused("43004"))]
    notice = sends(guardian(openid="o1"))
    drain("notices")
    assert the(notice).state == "failed"
    assert len(sms.sent) == 1


def test_who_has_one_way_only_is_told_once(gateways) -> None:
    chat, sms = gateways
    sends(guardian())
    sends(guardian(phone=None, openid="o2"))
    drain("notices")
    assert (len(chat.sent), len(sms.sent)) == (1, 1)


def test_nothing_leaves_before_its_moment(gateways) -> None:
    _, sms = gateways
    notice = sends(guardian(), due_at=clock.now() + timedelta(hours=1))
    drain("notices")
    assert sms.sent == {}
    with pytest.raises(TooEarly), unit_of_work():
        _begin(notice)


def test_at_night_a_result_waits_for_the_morning_and_a_code_does_not(gateways, app) -> None:
    hour = clock.now().hour
    app.config["QUIET_HOURS"] = (hour, (hour + 2) % 24)
    try:
        notice = sends(guardian())
        sends(guardian(), "help-answered", {"answer": "好的"})
    finally:
        app.config["QUIET_HOURS"] = None
    tasks = {task.payload["notice_id"]: task for task in db.session.execute(select(Task)).scalars()}
    assert tasks[str(notice)].due_at > clock.now()
    drain("notices")
    assert [text for _, text in gateways[1].sent.values()] == ["工作人员答复您：好的"]


def test_t_stops_reminders_and_nothing_that_starts_a_deadline(gateways) -> None:
    _, sms = gateways
    account = guardian("13800000007")
    with unit_of_work():
        stop_texts("13800000007")
    stopped = sends(account, "broadcast", {"title": "政策解读", "text": "多校划片怎么办"})
    sends(account)
    drain("notices")
    assert the(stopped).state == "failed"
    assert len(sms.sent) == 1
    with unit_of_work():
        allow_texts("13800000007")
    sends(account, "broadcast", {"title": "政策解读", "text": "再说一次"})
    drain("notices")
    assert len(sms.sent) == 2


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 40_000),
    st.integers(0, 23),
    st.integers(0, 23),
    st.integers(0, 10**12),
    st.sampled_from(sorted(PLAN)),
)
def test_no_notice_leaves_early_or_in_the_quiet_hours(minutes, begins, ends, number, code) -> None:
    moment = DAY + timedelta(minutes=minutes)
    leaves = send_at(plan_of(code), moment, (begins, ends), number)
    assert leaves >= moment
    assert leaves - moment <= timedelta(days=1, hours=1)
    if not plan_of(code).may_wake:
        assert after_quiet_hours(leaves, (begins, ends)) == leaves
    else:
        assert leaves == moment


@pytest.mark.parametrize(("hour", "morning"), [(21, None), (22, 31), (23, 31), (0, 7), (6, 7), (7, None), (12, None)])
def test_quiet_hours_cross_midnight(hour, morning) -> None:
    left = after_quiet_hours(DAY + timedelta(hours=hour), (22, 7))
    assert left == DAY + timedelta(hours=hour if morning is None else morning)


def test_every_line_of_the_plan_has_its_sentences() -> None:
    for code in PLAN:
        assert all(knows(f"notice.{code}.{part}") for part in ("title", "text", "sms")), code
    assert plan_of("nobody-planned-this").way == "wechat-first"
    assert plan_of("placed").way == BOTH


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("thing1", "结果公布", "结果公布"),
        ("thing2", "啊" * 20, "啊" * 20),
        ("thing2", "啊" * 21, "啊" * 19 + "…"),
        ("thing2", "一\n二", "一 二"),
        ("thing2", " ", "阳光入学"),
        ("phrase3", "已通过", "已通过"),
    ],
)
def test_a_field_of_a_template_takes_what_the_platform_takes(name, value, fits) -> None:
    assert fitted(name, value) == fits


@pytest.mark.parametrize(("name", "value"), [("phrase3", "六个字太长了"), ("number1", "1" * 33), ("unheard1", "x")])
def test_what_would_say_something_else_when_cut_is_refused_before_sending(name, value) -> None:
    with pytest.raises(FieldDoesNotFit):
        fitted(name, value)


def test_every_title_fits_into_the_subscription_template() -> None:
    for code in codes("notice."):
        if code.endswith(".title") and not needs(code):
            assert fitted("thing1", say(code)) == say(code)


def test_a_notice_row_remembers_that_it_stands_beside_another(gateways) -> None:
    notice = sends(guardian(openid="o1"))
    beside = db.session.execute(select(Notice).where(Notice.beside_id == notice)).scalar_one()
    assert (beside.channel, beside.key) == ("sms", f"{the(notice).key}/sms")
