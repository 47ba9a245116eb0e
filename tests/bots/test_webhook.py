"""Callbacks forged, replayed, late and repeated have no second effect; the true one is answered at once (P17)."""

import re
import time
from typing import Any, Never

import pytest
from sqlalchemy import func, select

import bots.webhook
import bots.wechat.envelopes
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.tasks import Task
from backend.notices.followers import follows
from backend.notices.rows import Follower, InboxRow, Notice, SubscriptionConsent
from backend.results.rows import Tipoff
from bots.reception import ANSWER_WITHIN
from rehearsal.wechat_crypto import Envelopes, xml
from tests.callback_builders import ACCOUNT, Platform, platform_of, settle
from tests.notices_builders import guardian


@pytest.fixture
def platform(app) -> Platform:
    return platform_of(app)


def count(table: type) -> int:
    db.session.expire_all()
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_message_is_answered_in_an_encrypted_envelope(platform) -> None:
    assert "请回复数字" in platform.says("菜单")


def test_the_address_is_proven_by_the_token(platform) -> None:
    timestamp, nonce = str(int(clock.now().timestamp())), "7"
    signature = platform.envelopes.signature(timestamp, nonce)
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": "42"}
    client = platform.app.test_client()
    assert client.get("/wechat", query_string=query).data == b"42"
    assert client.get("/wechat", query_string={**query, "signature": "0" * 40}).status_code == 403
    assert client.get("/wechat", query_string={**query, "timestamp": "1"}).status_code == 403


def test_a_message_delivered_three_times_has_one_effect_and_one_answer(platform) -> None:
    platform.says("举报")
    content = platform.content(Content="某学校开学前收赞助费")
    answers = {platform.reply(platform.post(content)) for _ in range(3)}
    assert count(Tipoff) == 1
    assert len(answers) == 1
    assert "回执号" in answers.pop()


def test_two_messages_with_the_same_words_are_two_messages(platform) -> None:
    platform.says("举报", "某学校开学前收赞助费", "举报", "某学校开学前收赞助费")
    assert count(Tipoff) == 2


def test_an_event_delivered_three_times_has_one_effect(platform) -> None:
    tap = {"List": {"TemplateId": "T1", "SubscribeStatusString": "accept"}}
    content = platform.content("event", Event="subscribe_msg_popup_event", SubscribeMsgPopupEvent=tap)
    for _ in range(3):
        assert platform.reply(platform.post(content)) == ""
    assert db.session.execute(select(SubscriptionConsent.template)).scalars().all() == ["T1"]


def forgeries(platform: Platform) -> dict[str, tuple[dict[str, str], bytes]]:
    """Ten kinds of callbacks that are not from the platform, or not from now."""
    content = platform.content(Content="菜单")
    encrypted = platform.envelopes.encrypt(content)
    body = xml({"ToUserName": ACCOUNT, "Encrypt": encrypted})
    good = platform.query(encrypted)
    other = Envelopes("wx-somebody-else", platform.envelopes.token, platform.envelopes.aes_key)
    misaddressed = other.encrypt(content)
    cut = encrypted[: len(encrypted) // 2]
    return {
        "no signature": ({**good, "msg_signature": ""}, body),
        "another signature": ({**good, "msg_signature": "0" * 40}, body),
        "the plain mode's signature": ({**good, "msg_signature": good["signature"]}, body),
        "a signature in other letters": ({**good, "msg_signature": good["msg_signature"].upper() + "é"}, body),
        "another nonce": ({**good, "nonce": "999"}, body),
        "another time": ({**good, "timestamp": str(int(good["timestamp"]) + 1)}, body),
        "an old time": (platform.query(encrypted, timestamp=str(int(good["timestamp"]) - 301)), body),
        "a future time": (platform.query(encrypted, timestamp=str(int(good["timestamp"]) + 301)), body),
        "a plain body": (good, content),
        "two Encrypts": (good, body.replace(b"</xml>", b"<Encrypt>x</Encrypt></xml>")),
        "another account": (platform.query(misaddressed), xml({"ToUserName": ACCOUNT, "Encrypt": misaddressed})),
        "a cut cipher text": (platform.query(cut), xml({"ToUserName": ACCOUNT, "Encrypt": cut})),
        "no base64": (platform.query("äöü"), xml({"ToUserName": ACCOUNT, "Encrypt": "äöü"})),
        "nothing at all": ({}, b"<xml></xml>" + b""),
    }


def test_every_forgery_is_refused_alike_and_leaves_nothing(platform) -> None:
    answers = {}
    for kind, (query, body) in forgeries(platform).items():
        answer = platform.app.test_client().post("/wechat", query_string=query, data=body)
        answers[kind] = (answer.status_code, answer.data)
    answers.pop("nothing at all")
    assert set(answers.values()) == {(403, b"")}, answers
    assert count(InboxRow) == 0


def test_a_forged_signature_never_reaches_the_cipher(platform, monkeypatch) -> None:
    """Signature before decrypt: nobody is told anything by how long the cipher takes."""
    reached: list[str] = []
    monkeypatch.setattr(bots.wechat.envelopes.Envelopes, "_decrypt", lambda *_: reached.append("cipher"))
    query, body = forgeries(platform)["another signature"]
    assert platform.app.test_client().post("/wechat", query_string=query, data=body).status_code == 403
    assert reached == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml",
        b"<xml>",
        b"<xml></xml>",
        b"\xff\xfe\x00",
        b'<!DOCTYPE a [<!ENTITY b "c">]><xml><Encrypt>&b;</Encrypt></xml>',
        b"<a>" * 5000,
    ],
)
def test_what_is_no_callback_at_all_is_a_bad_request(platform, body) -> None:
    query = platform.query("x")
    assert platform.app.test_client().post("/wechat", query_string=query, data=body).status_code == 400


@pytest.mark.parametrize("content", [b"no xml", b"<xml></xml>", b"<xml><MsgType>text</MsgType></xml>"])
def test_a_true_envelope_around_nonsense_is_a_bad_request(platform, content) -> None:
    assert platform.post(content).status_code == 400
    assert count(InboxRow) == 0


def test_a_body_over_64_kib_is_not_even_parsed(platform) -> None:
    assert platform.post(platform.content(Content="长" * 40_000)).status_code == 413


def test_a_nonce_is_taken_once(platform) -> None:
    stamped = {"nonce": "n-1", "timestamp": str(int(clock.now().timestamp()))}
    first = platform.post(platform.content(Content="菜单"), **stamped)
    second = platform.post(platform.content(Content="举报"), **stamped)
    assert (first.status_code, second.status_code) == (200, 403)
    assert count(InboxRow) == 1


def test_a_repeat_with_its_old_nonce_gets_its_old_answer(platform) -> None:
    content = platform.content(Content="菜单")
    stamped = {"nonce": "n-2", "timestamp": str(int(clock.now().timestamp()))}
    assert platform.reply(platform.post(content, **stamped)) == platform.reply(platform.post(content, **stamped)) != ""


def test_messages_without_a_number_are_told_apart_by_what_they_say(platform) -> None:
    """Promises part 2: never dedupe on MsgId 0."""
    for words in ("举报", "某学校开学前收赞助费"):
        platform.post(re.sub(rb"<MsgId>\d+</MsgId>", b"<MsgId>0</MsgId>", platform.content(Content=words)))
    assert count(Tipoff) == 1


def test_following_and_leaving_are_remembered(platform) -> None:
    account = guardian(phone=None, openid="o-test-1")
    assert "阳光入学" in platform.event("subscribe", EventKey="")
    db.session.expire_all()
    assert follows(account) is True
    assert platform.event("unsubscribe", EventKey="") == ""
    db.session.expire_all()
    assert follows(account) is False
    assert count(Follower) == 1


def test_a_menu_key_and_a_location_are_answered_or_left(platform) -> None:
    assert "学段" in platform.event("CLICK", EventKey="GUIDE")
    assert platform.event("LOCATION", Latitude="39.6", Longitude="109.8", Precision="10") == ""
    assert platform.reply(platform.post(platform.content("voice", MediaId="v", Format="amr"))) != ""


def test_a_slow_database_is_not_waited_for_and_the_answer_comes_later(app, monkeypatch) -> None:
    """Answered within a second whatever the database does; then by a customer-service message."""
    real = bots.webhook.take_callback

    def slow(*told: Any, **more: Any) -> str:
        time.sleep(1.2)
        return real(*told, **more)

    monkeypatch.setattr(bots.webhook, "take_callback", slow)
    platform = platform_of(app, answer_within=ANSWER_WITHIN)
    answer = platform.post(platform.content(Content="菜单"))
    assert answer.data == b"success"
    assert platform.webhook is not None
    assert settle(60, platform.webhook.reception)
    line = db.session.execute(select(Notice)).scalar_one()
    assert (line.code, line.account_id) == ("chat-line", None)
    assert db.session.execute(select(Task.kind)).scalar_one() == "deliver-notice"


def test_a_slow_commit_is_not_waited_for_either_and_its_answer_is_said_later_once(app, monkeypatch) -> None:
    """The answer was to be passive when the commit began; whoever called has gone by its end."""
    real = bots.webhook.take_callback

    def slow(*told: Any, **more: Any) -> str:
        is_late = told[4]
        assert more["is_again"] or not is_late()
        text = real(*told, **more)
        time.sleep(0 if more["is_again"] else 2.0)
        return text

    monkeypatch.setattr(bots.webhook, "take_callback", slow)
    platform = platform_of(app, answer_within=ANSWER_WITHIN)
    content = platform.content(Content="菜单")
    assert platform.post(content).data == b"success"
    assert platform.webhook is not None
    assert settle(60, platform.webhook.reception)
    assert db.session.execute(select(Notice)).scalar_one().code == "chat-line"
    platform.post(content)
    assert settle(60, platform.webhook.reception)
    assert (count(InboxRow), count(Notice)) == (1, 1)


def test_a_fault_is_told_and_its_message_may_come_again(platform, monkeypatch) -> None:
    def broken(*_told: object, **_more: object) -> Never:
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(bots.webhook, "take_callback", broken)
        assert "故障" in platform.says("菜单")
    assert count(InboxRow) == 0
    assert "请回复数字" in platform.says("菜单")


def test_the_end_of_cdata_in_a_reply_does_not_end_the_reply(platform) -> None:
    platform.says("举报", "某学校开学前收赞助费]]>")
    assert "回执号" in platform.says("举报", "]]><xml>某学校开学前收赞助费")


def test_the_bots_serve_nothing_of_the_services_pages(platform) -> None:
    client = platform.app.test_client()
    assert client.get("/alive").status_code == 200
    assert client.get("/api/banners").status_code == client.get("/desk/").status_code == 404
