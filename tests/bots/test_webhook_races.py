"""Deliveries that arrive at the same moment, each up to three times, over real commits: one effect each (P17)."""

import time
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from sqlalchemy import func, select

import bots.conversations
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.notices.rows import ConversationRow, InboxRow, SubscriptionConsent
from backend.results.rows import Tipoff
from bots.conversations import converse
from bots.dialogue.values import Text, Turn
from bots.person import SMS, Person
from tests.callback_builders import platform_of
from tests.database_of_its_own import own_app

PEOPLE = 12
DELIVERIES = 3
TAP = {"List": {"TemplateId": "T1", "SubscribeStatusString": "accept"}}
CONSENT = {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": TAP}


def counted(service: Application, table: type) -> int:
    with service.app_context():
        return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_messages_of_many_people_delivered_three_times_at_once_have_one_effect_each(services) -> None:
    """One conversation a person, one inbox row a message, one tip-off a story, and one answer for all deliveries."""
    with own_app(services, "chat_races") as (service, _):
        platforms = [platform_of(service, f"o-race-{number}") for number in range(PEOPLE)]
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(lambda platform: platform.says("举报"), platforms))
            stories = [(platform, platform.content(Content="某学校开学前收赞助费")) for platform in platforms]
            deliveries = stories * DELIVERIES
            Random("races").shuffle(deliveries)
            replies = list(threads.map(lambda told: (told[0].openid, told[0].reply(told[0].post(told[1]))), deliveries))
        assert counted(service, Tipoff) == PEOPLE
        assert counted(service, ConversationRow) == PEOPLE
        assert counted(service, InboxRow) == 2 * PEOPLE
        said = {openid: {text for who, text in replies if who == openid and text} for openid, _ in replies}
        assert {len(texts) for texts in said.values()} == {1}


def test_consents_tapped_once_and_delivered_three_times_at_once_count_once(services) -> None:
    with own_app(services, "chat_races_of_events") as (service, _):
        platforms = [platform_of(service, f"o-race-{number}") for number in range(PEOPLE)]
        taps = [(platform, platform.content("event", **CONSENT)) for platform in platforms] * DELIVERIES
        Random("taps").shuffle(taps)
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(lambda told: told[0].post(told[1]), taps))
        assert {answer.status_code for answer in answers} == {200}
        assert counted(service, SubscriptionConsent) == PEOPLE


def test_messages_of_one_person_at_once_are_taken_one_after_the_other(services, monkeypatch) -> None:
    """Two answers that were not understood, then a human is offered: no message overlooks what the one before did."""
    real = bots.conversations.step

    def slow(*told: Any) -> Turn:
        time.sleep(0.05)
        return real(*told)

    monkeypatch.setattr(bots.conversations, "step", slow)
    with own_app(services, "chat_races_of_one") as (service, _):

        def hears(words: str) -> str:
            with service.app_context(), unit_of_work():
                return "\n".join(converse(Person(SMS, "13800000001"), Text(words), clock.now()).texts)

        hears("菜单")
        with ThreadPoolExecutor(5) as threads:
            said = list(threads.map(hears, [f"呵呵{number}" for number in range(5)]))
        assert sum("我没有看懂这句话" in text for text in said) == 2
        assert sum("工作人员" in text and "我没有看懂" not in text for text in said) == 3
