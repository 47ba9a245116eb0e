"""The desk's pages of notices: a request is answered once, by an office it belongs to; deliveries show no person."""

import re
import uuid

import pytest
from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor, NotAllowed
from backend.identity.rules.roles import CITY, Scope
from backend.notices.answer_help import AnswerEmpty, HelpAnswered, answer_help
from backend.notices.call_human import ANSWERED_WITHIN, asked_text, call_human, place_help
from backend.notices.queries import help_requests_for
from backend.notices.rows import Broadcast, HelpRequest, Notice
from backend.notices.send_notice import send_notice
from backend.notices.take_help import HelpTaken, take_help
from jobs.run_tasks import drain
from tests.enrolment_builders import open_banner, submitted
from tests.families_builders import actor_of, desk_client, official
from tests.notices_builders import guardian, some_key

BANNER, OTHER = "150603", "150621"


def asked(banner: str | None = BANNER, text: str = "户号怎么填") -> HelpRequest:
    with unit_of_work():
        return call_human(
            guardian(f"138{uuid.uuid4().int % 10**8:08d}").id, "apply/household_number", text, None, banner
        )


def of(banner: str) -> Actor:
    return official("banner-admissions", Scope("banner", banner))


def test_who_asks_twice_stands_in_line_once(app) -> None:
    account = guardian()
    first = call_human(account.id, "apply", "户号怎么填")
    second = call_human(account.id, "papers", "照片总是不清楚")
    assert first.id == second.id
    assert asked_text(second) == "户号怎么填\n照片总是不清楚"


def test_an_answer_reaches_the_person_and_is_given_once(app, sms) -> None:
    row = asked()
    with unit_of_work():
        answer_help(of(BANNER), row.id, "户口簿首页右上角的数字就是户号。")
    drain("notices")
    assert "首页右上角" in next(iter(sms.sent.values()))[1]
    with pytest.raises(HelpAnswered):
        answer_help(of(BANNER), row.id, "再答一次")


def test_only_the_banners_office_and_the_city_answer(app) -> None:
    row = asked()
    with pytest.raises(NotAllowed):
        answer_help(of(OTHER), row.id, "不该由我答复")
    assert help_requests_for(of(OTHER)) == []
    for one in (of(BANNER), official("city-admissions", Scope("city", CITY))):
        assert [found.id for found, _ in help_requests_for(one)] == [row.id]


def test_a_request_without_a_banner_waits_with_every_banner_and_is_answered_by_the_first(app, sms) -> None:
    row = asked(None)
    near, far = of(BANNER), of(OTHER)
    page = desk_client(app, near).get("/desk/help").get_data(as_text=True)
    assert "未定旗区" in page
    assert "还有 30 分钟" in page or "还有 29 分钟" in page
    assert [found.id for found, _ in help_requests_for(far)] == [row.id]
    with unit_of_work():
        take_help(far, row.id)
    with pytest.raises(HelpTaken), unit_of_work():
        take_help(near, row.id)
    with unit_of_work():
        answer_help(far, row.id, "您把住的小区写给我就行。")
    with pytest.raises(HelpAnswered), unit_of_work():
        answer_help(near, row.id, "第二个答复")
    assert help_requests_for(near) == help_requests_for(far) == []


def test_a_banner_said_afterwards_narrows_the_inbox_unless_somebody_has_begun(app) -> None:
    waiting, begun = asked(None), asked(None)
    with unit_of_work():
        take_help(of(OTHER), begun.id)
    with unit_of_work():
        place_help(waiting.account_id, BANNER)
        place_help(begun.account_id, BANNER)
    assert [one.id for one, _ in help_requests_for(of(OTHER))] == [begun.id]
    with unit_of_work():
        assert answer_help(of(OTHER), begun.id, "我已经在办您的事。").answered_at is not None


def test_a_request_that_an_official_left_lying_is_taken_over(app, monkeypatch) -> None:
    row = asked()
    with unit_of_work():
        take_help(of(BANNER), row.id)
    other = official("banner-admissions", Scope("banner", BANNER), "another")
    later = clock.now() + ANSWERED_WITHIN
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "接过来办" in desk_client(app, other).get("/desk/help").get_data(as_text=True)
    with unit_of_work():
        assert take_help(other, row.id).taken_by == other.account_id


def test_an_answer_says_something(app) -> None:
    row = asked()
    with pytest.raises(AnswerEmpty):
        answer_help(of(BANNER), row.id, "  ")


def test_the_page_shows_the_request_and_takes_the_answer(app, sms) -> None:
    row = asked(text="怎么补交房产证")
    mine = of(BANNER)
    client = desk_client(app, mine)
    assert "怎么补交房产证" in client.get("/desk/help").get_data(as_text=True)
    assert client.post(f"/desk/help/{row.id}/take", data={"request_key": uuid.uuid4().hex}).status_code == 302
    assert "接着办" in client.get("/desk/help").get_data(as_text=True)
    page = client.get(f"/desk/help/{row.id}").get_data(as_text=True)
    assert "怎么补交房产证" in page
    assert "现成的答复" in page
    form = {"answer": "直接在聊天里拍照发来就可以。", "request_key": uuid.uuid4().hex}
    assert client.post(f"/desk/help/{row.id}/answer", data=form).status_code == 302
    assert "现在没有人在等" in client.get("/desk/help").get_data(as_text=True)


def test_two_officials_do_not_work_on_one_request(app) -> None:
    row = asked()
    with unit_of_work():
        take_help(of(BANNER), row.id)
    other = official("banner-admissions", Scope("banner", BANNER), "another")
    with pytest.raises(HelpTaken), unit_of_work():
        take_help(other, row.id)


def test_the_look_at_a_childs_matter_from_the_inbox_is_written_down(app, sms) -> None:
    """P13: no look of staff at a minor's data without its line."""
    open_banner()
    actor, application = submitted(actor_of(guardian("13800000061")))
    with unit_of_work():
        row = call_human(actor.account_id, "diary", "办到哪了", application.child_id, BANNER)
    page = desk_client(app, of(BANNER)).get(f"/desk/help/{row.id}").get_data(as_text=True)
    assert application.receipt in page
    looks = db.session.execute(select(AccessRow.object_id, AccessRow.purpose)).all()
    assert (str(application.child_id), f"help/{row.id}") in [tuple(look) for look in looks]


def test_a_ready_answer_is_as_good_as_an_own_one(app, sms) -> None:
    row = asked()
    form = {"answer": "", "ready": "ready.household_number", "request_key": uuid.uuid4().hex}
    assert desk_client(app, of(BANNER)).post(f"/desk/help/{row.id}/answer", data=form).status_code == 302
    drain("notices")
    assert "首页右上角" in next(iter(sms.sent.values()))[1]


def test_officials_read_the_plan_of_notices(app) -> None:
    page = desk_client(app, of(BANNER)).get("/desk/notices/plan").get_data(as_text=True)
    assert "微信和短信都发" in page
    assert "限期入学通知" in page
    assert "一条也不会先发" in page
    assert "【孩子姓名】的【材料名称】照片要重拍" in page
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "{" not in table
    assert not re.search(r"<td>[a-z-]+</td>", table), "a code stands where a title belongs"


@pytest.mark.parametrize("starts_at", ["", "2020-01-01T08:00", "tomorrow"])
def test_a_broadcast_is_written_and_released_on_the_desk(app, sms, starts_at: str) -> None:
    """Without a moment, or with one that is over or cannot be read, it starts at once."""
    client = desk_client(app, of(BANNER))
    form = {"banner": BANNER, "title": "政策解读", "text": "今年怎么划片，一看就懂。", "request_key": uuid.uuid4().hex}
    form["starts_at"] = starts_at
    assert client.post("/desk/broadcasts", data=form).status_code == 302
    assert "等另一位发布" in client.get("/desk/broadcasts").get_data(as_text=True)
    row = db.session.execute(select(Broadcast)).scalar_one()
    second = desk_client(app, official("banner-admissions", Scope("banner", BANNER), "second"))
    release = second.post(f"/desk/broadcasts/{row.id}/release", data={"request_key": uuid.uuid4().hex})
    assert release.status_code == 302
    drain("notices")
    assert "发完了" in client.get("/desk/broadcasts").get_data(as_text=True)


def test_the_page_of_deliveries_counts_and_names_nobody(app, sms) -> None:
    account = guardian("13800000044")
    placed = {"child": "苏日娜", "school": "第一小学", "confirm_by": "6月20日", "receipt": "R-1"}
    with unit_of_work():
        send_notice(account.id, "unplaced", {"child": "苏日娜"}, some_key())
        send_notice(account.id, "placed", placed, some_key())
    drain("notices")
    page = desk_client(app, of(BANNER)).get("/desk/deliveries").get_data(as_text=True)
    assert page.count("<strong>入学结果公布了</strong>") == len(("unplaced", "placed")), "two kinds have this title"
    assert "苏日娜" not in page
    assert "13800000044" not in page
    assert set(db.session.execute(select(Notice.state)).scalars()) == {"sent"}
