"""The same conversation by plain SMS: answers go back as SMS, `1` confirms a place, `2` declines it (wishes 19)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.doors import Application as Service
from backend.notices.call_human import ANSWERED_WITHIN, asked_text
from backend.notices.rows import HelpRequest, Notice
from backend.notices.sentences import say
from backend.notices.stop_texts import has_stopped
from bots.sms import inbound
from bots.webhook import Webhook, serve
from jobs.run_tasks import drain
from tests.chat_builders import City, Talk, placed
from tests.enrolment_builders import open_banner, submitted
from tests.families_builders import actor_of
from tests.notices_builders import HostileChat, HostileSms, guardian

PHONE = "13800000055"


@pytest.fixture
def sms(app: Service) -> HostileSms:
    gateway = HostileSms()
    app.extensions["sms_gateway"], app.extensions["chat_gateway"] = gateway, HostileChat()
    return gateway


@pytest.fixture
def send(app: Service, sms: HostileSms) -> Callable[..., str]:
    client = serve(app, Webhook(app, answer_within=60.0)).test_client()

    def sends(text: str, number: str = "", phone: str = PHONE) -> str:
        path = app.config["GATEWAYS"].sms_receipt_path
        told = [{"id": number or f"{phone}-{text}", "phone": phone, "text": text}]
        assert client.post(f"/sms/{path}", json=told).status_code == 200
        before = set(sms.sent)
        drain("notices")
        new = [sms.sent[one] for one in sms.sent if one not in before]
        assert all(to == phone for to, _ in new)
        return "\n".join(said for _, said in new)

    return sends


def test_a_phone_is_answered_by_sms(send) -> None:
    assert "请回复数字" in send("菜单")


def test_the_same_sms_delivered_again_is_not_answered_again(send) -> None:
    assert send("菜单", "n-1")
    assert send("菜单", "n-1") == ""


def test_a_family_asks_how_far_it_is_by_sms(send) -> None:
    open_banner()
    _, application = submitted(actor_of(guardian(PHONE)))
    assert application.receipt in send("进度")


def test_a_human_is_asked_for_by_sms(send) -> None:
    send("人工")
    send("不会填表")
    assert db.session.execute(select(HelpRequest)).scalar_one()


def test_who_is_unknown_is_placed_by_the_banner_he_says_or_waits_with_all(send) -> None:
    open_banner()
    open_banner("150621")
    send("人工")
    assert "哪个旗区" in send("不会填表")
    waiting = db.session.execute(select(HelpRequest)).scalar_one()
    assert (waiting.banner, waiting.due_at - waiting.asked_at) == (None, ANSWERED_WITHIN)
    assert "您那里的工作人员" in send("2")
    assert waiting.banner == "150621"
    assert "已经把您的情况转给工作人员" in send("还有一句要说给工作人员听")
    assert asked_text(waiting) == "不会填表\n还有一句要说给工作人员听"


def test_where_one_banner_alone_has_a_desk_nobody_is_asked(send) -> None:
    open_banner()
    assert "哪个旗区" not in send("人工") + send("不会填表")
    assert db.session.execute(select(HelpRequest.banner)).scalar_one() == "150603"


def test_one_and_two_answer_a_place_by_sms_but_not_in_the_chat() -> None:
    by_sms = Talk(City([placed()], by_sms=True))
    assert "已经确认好了" in by_sms.say("1")
    again = Talk(City([placed()], by_sms=True))
    assert "真的放弃吗" in again.say("2")
    in_chat = Talk(City([placed()]))
    in_chat.say("1")
    assert in_chat.city.wishes == []


def test_beyond_the_days_texts_a_decision_is_still_taken_and_the_rest_is_refused_once(send, monkeypatch) -> None:
    monkeypatch.setattr(inbound, "READ_A_DAY", 2)
    assert send("菜单", "n-1")
    assert send("菜单", "n-2")
    assert send("菜单", "n-3") == say("chat.texts_enough")
    assert send("帮助", "n-4") == ""
    assert send("1", "n-5")
    assert send("T", "n-6") == say("chat.texts_stopped")
    assert send("菜单", "other", phone="13800000056")


def test_a_decision_has_its_effect_even_when_it_is_not_answered_any_more(send, monkeypatch) -> None:
    monkeypatch.setattr(inbound, "READ_A_DAY", 1)
    monkeypatch.setattr(inbound, "ANSWERS_A_DAY", 2)
    send("菜单", "n-1")
    send("菜单", "n-2")
    assert send("T", "n-3") == ""
    assert has_stopped(PHONE)


@pytest.mark.parametrize(
    "text", ["1", "２", " 2。", "回复1", "t", "退订", "确认", "放弃学位", "是的", "不", "先登记", "撤回"]
)
def test_what_decides_something_is_known_as_people_write_it(text: str) -> None:
    assert inbound.decides(text)


@pytest.mark.parametrize("text", ["菜单", "帮助", "", "人工", "幸福小区1号楼101", "为什么", "13800000055"])
def test_other_words_decide_nothing(text: str) -> None:
    assert not inbound.decides(text)


def test_posts_to_a_guessed_path_or_with_nonsense_change_nothing(app, sms) -> None:
    client = serve(app).test_client()
    told = [{"id": "1", "phone": PHONE, "text": "菜单"}]
    assert client.post("/sms/guess", json=told).status_code == 404
    path = app.config["GATEWAYS"].sms_receipt_path
    for body in ([None], {}, [{"phone": PHONE}], [{"id": "1", "phone": "x", "text": "菜单"}], "x", 7):
        assert client.post(f"/sms/{path}", json=body).status_code == 200
    assert db.session.execute(select(Notice)).first() is None
