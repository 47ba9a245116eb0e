"""Delivery of notices with hostile gateways: one stable id, never two channels unless one failed, codes at most once (P8)."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.send_login_code import send_login_code
from backend.notices import send_code
from backend.notices.consents import add_consent, consents_by_state, consents_left
from backend.notices.followers import note_follows
from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent, ConsentSpent
from backend.notices.rows import NoticeStep, SubscriptionConsent
from backend.notices.send_notice import send_notice
from backend.notices.sentences import SentenceLacksParameter
from jobs.run_tasks import drain
from tests.notices_builders import drain_all, fails_with, guardian, some_key, tell, the

SUBSCRIPTION_TEMPLATE = "sunroll-subscription-v1"


def test_a_bound_follower_is_told_by_wechat_and_not_by_sms(sms, chat) -> None:
    notice = tell(guardian(openid="o1"))
    drain("notices")
    assert (the(notice).channel, the(notice).state) == ("wechat", "sent")
    assert chat.sent[notice.hex] == ("o1", "小明的学位类型：第一类。下一步是分配学校。")
    assert sms.calls == []


def test_a_family_without_wechat_is_told_by_sms(sms, chat) -> None:
    notice = tell(guardian())
    drain("notices")
    assert sms.sent[notice.hex][0] == "13800000001"
    assert the(notice).state == "sent"
    assert chat.calls == []


def test_the_same_key_is_told_once(sms, chat) -> None:
    account = guardian()
    first, second = tell(account, "same"), tell(account, "same")
    drain("notices")
    assert first == second
    assert sms.calls == [first.hex]


def test_who_left_the_account_is_told_by_sms(sms, chat) -> None:
    account = guardian(openid="o1")
    with unit_of_work():
        note_follows(account.wechat_index or b"", follows=False)
    notice = tell(account)
    drain("notices")
    assert the(notice).channel == "sms"
    assert chat.calls == []


def test_a_refusal_by_wechat_goes_by_sms_and_is_remembered(sms, chat) -> None:
    chat.outcomes = [fails_with(ChannelRefused("43004"))]
    account = guardian(openid="o1")
    first = tell(account)
    drain("notices")
    second = tell(account)
    drain("notices")
    assert the(first).channel == the(second).channel == "sms"
    assert [way for way, _ in chat.calls] == ["template"]
    assert set(sms.sent) == {first.hex, second.hex}


def test_a_silent_gateway_is_tried_again_with_the_same_id(sms, chat) -> None:
    sms.outcomes = [fails_with(ChannelSilent("timeout")), fails_with(ChannelSilent("timeout"))]
    notice = tell(guardian())
    drain("notices")
    assert the(notice).state == "unknown"
    drain_all(3)
    assert the(notice).state == "sent"
    assert sms.calls == [notice.hex] * 3
    assert the(notice).attempt == 3


def test_what_was_sent_although_the_answer_got_lost_is_asked_for_and_not_sent_again(sms, chat) -> None:
    sms.loses_answers = 1
    notice = tell(guardian())
    drain("notices")
    assert the(notice).state == "unknown"
    drain_all(2)
    assert the(notice).state == "sent"
    assert sms.calls == [notice.hex]


def test_a_gateway_over_its_quota_did_not_send_and_is_tried_again(sms, chat) -> None:
    sms.outcomes = [fails_with(ChannelBusy("isv.BUSINESS_LIMIT_CONTROL"))]
    notice = tell(guardian())
    drain("notices")
    assert the(notice).state == "ready"
    drain_all(2)
    assert the(notice).state == "sent"


def test_wechat_silent_four_times_is_given_up_for_sms(sms, chat) -> None:
    chat.outcomes = [fails_with(ChannelSilent("timeout"))] * 20
    notice = tell(guardian(openid="o1"))
    drain_all()
    assert {message for _, message in chat.calls} == {notice.hex}
    assert len(chat.calls) == 4
    assert (the(notice).channel, the(notice).state) == ("sms", "sent")


def test_nobody_to_reach_ends_in_failed(sms, chat) -> None:
    chat.outcomes = [fails_with(ChannelRefused("40003"))]
    notice = tell(guardian(phone=None, openid="o1"))
    drain_all(2)
    assert the(notice).state == "failed"
    assert sms.calls == []


def test_one_tap_is_one_subscription_message(sms, chat) -> None:
    """Promises part 2: each tap is a row that one notice spends; 43101 voids what is left, and the template takes over."""
    account = guardian(openid="o1")
    index = account.wechat_index or b""
    with unit_of_work():
        for tap in ("tap-1", "tap-1", "tap-2", "tap-3"):
            add_consent(index, SUBSCRIPTION_TEMPLATE, tap)
        add_consent(index, "another-template", "tap-1")
    assert consents_left(account) == 4
    first = tell(account)
    drain("notices")
    chat.outcomes = [fails_with(ConsentSpent("43101"))]
    second = tell(account)
    drain("notices")
    tell(account)
    drain("notices")
    assert [way for way, _ in chat.calls] == ["subscription", "subscription", "template", "template"]
    spent = select(SubscriptionConsent.tap, SubscriptionConsent.spent_by).where(
        SubscriptionConsent.spent_by.is_not(None)
    )
    assert dict(db.session.execute(spent).all()) == {"tap-1": first, "tap-2": second}
    assert consents_left(account) == 1
    assert consents_by_state() == [("another-template", 1, 1, 0, 0), (SUBSCRIPTION_TEMPLATE, 3, 0, 2, 1)]
    assert sms.calls == []


def test_a_notice_that_is_tried_again_spends_one_consent(sms, chat) -> None:
    """Promises part 2: one tap, one message, however often it has to be sent."""
    account = guardian(openid="o1")
    with unit_of_work():
        for tap in ("tap-1", "tap-2"):
            add_consent(account.wechat_index or b"", SUBSCRIPTION_TEMPLATE, tap)
    chat.outcomes = [fails_with(ChannelSilent("timeout"))] * 2
    notice = tell(account)
    drain_all(4)
    assert the(notice).state == "sent"
    assert len({number for _, number in chat.calls}) == 1
    assert consents_left(account) == 1


def test_every_step_is_written_down(sms, chat) -> None:
    chat.outcomes = [fails_with(ChannelRefused("43004"))]
    notice = tell(guardian(openid="o1"))
    drain("notices")
    found = db.session.execute(
        select(NoticeStep).where(NoticeStep.notice_id == notice).order_by(NoticeStep.id)
    ).scalars()
    steps = [(step.state, step.channel, step.detail) for step in found]
    assert steps == [
        ("ready", None, ""),
        ("sending", "wechat", ""),
        ("ready", "sms", "43004"),
        ("sending", "sms", ""),
        ("sent", "sms", ""),
    ]


def test_a_notice_for_later_waits(sms, chat) -> None:
    with unit_of_work():
        account = guardian()
        facts = {"seat_type": "第一类", "child": "小明"}
        later = clock.now() + timedelta(hours=1)
        notice = send_notice(account.id, "seat-settled", facts, some_key(), due_at=later)
    drain("notices")
    assert the(notice).state == "ready"


def test_a_notice_that_nobody_could_read_is_never_put_on_its_way(sms, chat) -> None:
    with pytest.raises(SentenceLacksParameter):
        send_notice(guardian().id, "seat-settled", {}, some_key())


def test_the_whole_service_sends_so_many_codes_and_no_more(sms, monkeypatch) -> None:
    """D14: a budget over all numbers and addresses, families and candidates; with the time it is there again."""
    monkeypatch.setattr(send_code, "WHOLE", ((timedelta(minutes=1), 3),))
    monkeypatch.setattr(send_code, "LOOKS_EVERY", 0.0)
    for number in range(2):
        with unit_of_work():
            send_login_code(f"1380000010{number}", f"10.0.0.{number}")
    with unit_of_work():
        send_code.send_code(7, uuid.uuid4(), "13800000108", "123456", "exam-change-code")
    with pytest.raises(send_code.CodesUsedUp), unit_of_work():
        send_login_code("13800000109", "10.0.0.9")
    drain("notices")
    with time_machine.travel(clock.now() + timedelta(seconds=61)), unit_of_work():
        send_login_code("13800000109", "10.0.0.9")
    assert len(sms.sent) == 3
