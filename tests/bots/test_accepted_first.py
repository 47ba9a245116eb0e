"""Accept first, process later: a message that was answered is never lost, whatever dies or fails afterwards (P1, P17)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

import bots.webhook
from backend.foundation.database import db
from backend.notices.rows import Follower, InboxRow, Notice
from backend.notices.sentences import say
from backend.results.rows import Tipoff
from bots.letters import callback_letter, opened, sealed, sms_letter
from bots.mailbox import Mailbox
from bots.promises import Promise
from bots.webhook import LETTERS, Webhook, serve
from bots.wechat.inbound import Inbound
from tests.callback_builders import Platform, platform_of, settle
from tests.database_of_its_own import own_app

STORY = "某学校开学前收赞助费"


def down(*_told: Any, **_more: Any) -> str:
    raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))


def count(table: type) -> int:
    db.session.expire_all()
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def in_hand(platform: Platform) -> Webhook:
    assert platform.webhook is not None
    return platform.webhook


@pytest.fixture
def own(services, request, tmp_path) -> Iterator[Any]:
    with own_app(services, request.node.name[:55]) as (service, _):
        service.config["UPLOADS"] = tmp_path / "uploads"
        yield service


def test_a_message_during_an_outage_is_accepted_and_takes_effect_afterwards(own, monkeypatch) -> None:
    """The answer comes as a customer-service message, and the next message of the same person waits behind it."""
    platform = platform_of(own)
    platform.says("举报")
    with monkeypatch.context() as patched:
        patched.setattr(bots.webhook, "take_callback", down)
        assert platform.post(platform.content(Content=STORY)).data == b"success"
        assert platform.post(platform.content(Content="菜单")).data == b"success"
    assert settle(120, in_hand(platform).reception)
    in_hand(platform).reception.stop()
    with own.app_context():
        assert count(Tipoff) == 1
        assert count(InboxRow) == 3
        assert count(Notice) == 2


def test_who_follows_is_welcomed_at_once_and_once_whatever_the_database_does(own, monkeypatch) -> None:
    """The welcome waits for nothing: it is the answer to the event itself, and nothing of it comes again later."""
    platform = platform_of(own)
    content = platform.content("event", Event="subscribe", EventKey="")
    with monkeypatch.context() as patched:
        patched.setattr(bots.webhook, "take_callback", down)
        first = platform.reply(platform.post(content))
    assert say("chat.welcome") in first
    assert say("chat.menu") in first
    assert settle(120, in_hand(platform).reception)
    assert platform.reply(platform.post(content)) == first
    with own.app_context():
        assert (count(Follower), count(InboxRow), count(Notice)) == (1, 1, 0)
    in_hand(platform).reception.stop()


def test_a_slow_database_does_not_make_a_follower_wait(own) -> None:
    platform = platform_of(own, answer_within=0.0)
    assert say("chat.welcome") in platform.event("subscribe", EventKey="")
    assert settle(120, in_hand(platform).reception)
    with own.app_context():
        assert (count(Follower), count(Notice)) == (1, 0)
    in_hand(platform).reception.stop()


def test_who_scans_a_poster_to_follow_is_answered_about_the_poster(own, monkeypatch) -> None:
    platform = platform_of(own)
    with monkeypatch.context() as patched:
        patched.setattr(bots.webhook, "take_callback", down)
        told = platform.content("event", Event="subscribe", EventKey="qrscene_school:150603-P01")
        assert platform.post(told).data == b"success"
    assert settle(120, in_hand(platform).reception)
    in_hand(platform).reception.stop()
    with own.app_context():
        assert count(Notice) == 1


def test_what_a_dead_process_had_accepted_takes_effect_with_the_time_of_its_arrival(own, tmp_path, monkeypatch) -> None:
    """A line written before the deadline counts, although the process died before it reached the database."""
    platform = platform_of(own)
    platform.says("举报")
    inbound = Inbound("o-test-1", "gh", "text", 1, {"MsgId": "77", "Content": STORY})
    with own.app_context():
        long_ago = bots.webhook.clock.now() - timedelta(hours=1)
        dead = Mailbox(tmp_path / LETTERS)
        dead.keep(sealed(callback_letter(inbound, "n", 7, long_ago)))
        dead.keep(sealed(sms_letter({"id": "9", "phone": "13800000001", "text": "菜单"}, long_ago)))
        dead.close()
    arrived = []
    real = bots.webhook.take_callback

    def seen(*told: Any, **more: Any) -> str:
        arrived.append(told[3])
        return real(*told, **more)

    monkeypatch.setattr(bots.webhook, "take_callback", seen)
    second = Webhook(own)
    second.reception._adopt()
    assert settle(120, second.reception)
    second.reception.stop()
    assert arrived == [long_ago]
    with own.app_context():
        assert count(Tipoff) == 1
        assert count(Notice) == 2
    in_hand(platform).reception.stop()
    assert list((tmp_path / LETTERS).iterdir()) == []


def test_a_repeat_of_the_platform_and_the_kept_letter_are_one_message(own, tmp_path) -> None:
    platform = platform_of(own)
    platform.says("举报")
    content = platform.content(Content=STORY)
    platform.post(content)
    with own.app_context():
        inbound = platform.opened(content)
        again = Mailbox(tmp_path / LETTERS)
        again.keep(sealed(callback_letter(inbound, "n", 7, bots.webhook.clock.now())))
        again.close()
    second = Webhook(own)
    second.reception._adopt()
    assert settle(120, second.reception)
    second.reception.stop()
    with own.app_context():
        assert (count(Tipoff), count(Notice)) == (1, 0)


def test_without_disk_and_database_nothing_is_acknowledged(app, tmp_path, monkeypatch) -> None:
    """Negative control: an answer that says accepted stands on one of the two."""
    (tmp_path / LETTERS).write_text("in the way")
    app.config["UPLOADS"] = tmp_path / "uploads"
    platform = platform_of(app)
    assert "请回复数字" in platform.says("菜单")
    monkeypatch.setattr(bots.webhook, "take_callback", down)
    assert platform.post(platform.content(Content="菜单")).status_code == 503
    monkeypatch.setattr(bots.webhook, "take_sms", down)
    path = app.config["GATEWAYS"].sms_receipt_path
    told = [{"id": "1", "phone": "13800000001", "text": "菜单"}]
    assert platform.app.test_client().post(f"/sms/{path}", json=told).status_code == 503


def test_a_kept_letter_cannot_be_read_on_the_disk(app, tmp_path, monkeypatch) -> None:
    """P11: neither the words nor the sender of a message lie there in clear."""
    app.config["UPLOADS"] = tmp_path / "uploads"
    platform = platform_of(app)
    platform.says(STORY)
    kept = b"".join(path.read_bytes() for path in (tmp_path / LETTERS).iterdir())
    assert kept
    assert STORY.encode() not in kept
    assert b"o-test-1" not in kept
    letter = sms_letter({"id": "1", "phone": "13800000001", "text": STORY}, bots.webhook.clock.now())
    assert opened(sealed(letter)) == letter


def test_who_answers_is_decided_once() -> None:
    promise = Promise()
    assert promise.choose("late")
    assert not promise.choose("passive")
    assert promise.choose("late")


def test_the_bots_process_starts_with_what_was_left(services, tmp_path, monkeypatch) -> None:
    with own_app(services, "letters_of_a_start") as (service, _):
        service.config["UPLOADS"] = tmp_path / "uploads"
        webhook = Webhook(service)
        webhook.reception.start()
        assert serve(service, webhook).test_client().get("/alive").data == b"alive"
        webhook.reception.stop()
