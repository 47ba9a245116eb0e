"""A family's whole way in the chat, through the real webhook and the real rooms: from the first question to the receipt."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.documents.rows import Paper
from backend.enrolment.rows import Application
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.crypto import SealBroken, unseal
from backend.foundation.database import db
from backend.foundation.doors import Application as Service
from backend.foundation.tasks import Task
from backend.identity.accounts import account_by_wechat
from backend.identity.rows import Account, OneUseCode
from backend.notices.call_human import asked_text
from backend.notices.gateways import PictureGone
from backend.notices.rows import ConversationRow, HelpRequest, Notice
from jobs.run_tasks import drain
from tests.callback_builders import Platform, platform_of
from tests.enrolment_builders import open_banner, submitted
from tests.families_builders import actor_of, born_for_primary, id_number
from tests.notices_builders import HostileChat, HostileSms, fails_with, guardian

GUARDIAN_NUMBER = "150602199001011238"


@pytest.fixture
def gateways(app: Service) -> tuple[HostileChat, HostileSms]:
    chat, sms = HostileChat(), HostileSms()
    app.extensions["chat_gateway"], app.extensions["sms_gateway"] = chat, sms
    return chat, sms


@pytest.fixture
def platform(app: Service, gateways) -> Platform:
    open_banner()
    return platform_of(app)


def register(platform: Platform, number: str | None = None, name: str = "王小明") -> str:
    number = number or id_number(born_for_primary())
    platform.says("报名", "同意", "同意", "同意", name, number, "汉族", "妈妈", "李秀英", GUARDIAN_NUMBER)
    return platform.says("1")


def fill_form(platform: Platform) -> str:
    platform.says("小学", "社区1", "幸福小区3号楼501", "1", "150603000001", "2020.3.10", "1", "1", "1", "跳过", "没有")
    return platform.says("1")


def the(table: type) -> Any:
    db.session.expire_all()
    return db.session.execute(select(table)).scalar_one()


def test_which_school_is_answered_to_a_stranger_of_whom_nothing_is_kept(platform) -> None:
    heard = platform.says("上哪个学校", "小学", "社区1", "1", "1", "2020年3月5日")
    assert "演练primary1" in heard
    assert "户口簿" in heard
    assert db.session.execute(select(Account).where(Account.kind == "guardian")).first() is None


def test_a_family_goes_from_registration_to_the_receipt_by_chat_alone(platform, gateways) -> None:
    """C01, A18, A23: consent, child, form, two photographs, receipt; the state in between is sealed."""
    chat, _ = gateways
    assert "登记好了" in register(platform)
    heard = fill_form(platform)
    assert "户口簿" in heard
    chat.pictures = {"m1": b"first picture", "m2": b"second picture"}
    for media, kind in (("m1", "户口簿"), ("m2", "房产证")):
        assert "什么材料" in platform.reply(platform.post(platform.content("image", MediaId=media, PicUrl="x")))
        assert "收到了王小明的" in platform.says(kind)
    assert "还在接收" in platform.says("交")
    drain("pictures", most=2)
    heard = platform.says("交")
    application = the(Application)
    assert application.state == "submitted"
    assert application.receipt in heard
    assert {paper.kind for paper in db.session.execute(select(Paper)).scalars()} == {"household", "property"}
    assert "回执号" in platform.says("进度")


def test_what_is_remembered_is_sealed(platform) -> None:
    register(platform)
    row = the(ConversationRow)
    assert "王小明".encode() not in row.state_sealed
    with pytest.raises(SealBroken):
        unseal(row.subject, "conversation.state.00", row.state_sealed)


def test_a_child_of_another_family_is_claimed_not_taken(platform, app) -> None:
    number = id_number(born_for_primary())
    register(platform, number)
    other = platform_of(app, "o-test-2")
    assert "另一位监护人" in register(other, number)
    assert "核实" in other.says("1")
    assert len(list(db.session.execute(select(Child)).scalars())) == 1


def test_one_person_does_not_see_another_persons_child(platform, app) -> None:
    register(platform)
    other = platform_of(app, "o-test-2")
    assert "还没有登记孩子" in other.says("进度")
    assert "王小明" not in other.says("结果")


def test_a_picture_that_is_gone_is_asked_for_again(platform, gateways) -> None:
    chat, _ = gateways
    register(platform)
    fill_form(platform)
    platform.post(platform.content("image", MediaId="m9", PicUrl="x"))
    platform.says("户口簿")
    chat.outcomes = [fails_with(PictureGone("40007"))]
    drain("pictures", most=1)
    assert db.session.execute(select(Notice.code)).scalars().all()[-1] == "picture-gone"
    assert db.session.execute(select(Paper)).first() is None


def test_a_closed_window_is_said_with_its_reason(platform) -> None:

    now = clock.now()
    open_banner("150621", opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=9))
    register(platform)
    platform.says("小学")
    heard = platform.says("社区1")
    assert "请回复数字" in heard
    heard = platform.says("2")
    assert "还没有开始" in heard
    assert "开始报名" in heard


def test_the_phones_own_account_is_found_again_in_the_chat(platform, gateways) -> None:
    """A parent who registered by phone number on the page binds it in the chat and finds the child there."""
    _, sms = gateways
    actor, _ = submitted(actor_of(guardian("13800000077")))
    platform.says("绑定手机", "13800000077")
    drain("notices")
    sent = next(text for _, text in sms.sent.values() if "验证码" in text)
    assert "绑定好了" in platform.says(sent.split(",", maxsplit=1)[0])
    assert "回执号" in platform.says("进度")
    account = account_by_wechat("o-test-1")
    assert account is not None
    assert account.id == actor.account_id


def test_a_wrong_code_counts_although_it_is_refused(platform, gateways) -> None:
    """D14: five tries a code."""
    platform.says("绑定手机", "13800000078")
    for _ in range(2):
        assert "验证码不对" in platform.says("000000")
    assert the(OneUseCode).tries == 2


def test_asking_for_a_human_waits_on_the_desk_with_the_matter(platform) -> None:
    register(platform)
    assert "工作人员" in platform.says("人工", "不知道怎么填户号")
    request = the(HelpRequest)
    assert asked_text(request) == "不知道怎么填户号"
    assert request.matter.startswith("apply")
    assert request.child_id == the(Child).id


def test_a_refused_submission_says_what_is_missing_and_goes_on(platform, gateways) -> None:
    register(platform)
    fill_form(platform)
    assert "没交齐" in platform.says("交")
    assert the(Application).state == "draft"
    assert db.session.execute(select(Task).where(Task.kind == "open-checks")).first() is None
