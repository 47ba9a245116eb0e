"""Whole matters talked through: what a parent types, what the bot asks, what the door is asked to do."""

from datetime import timedelta

from tests.chat_builders import CHILD_ID, GUARDIAN_ID, NOW, City, Talk

REGISTRATION = ("报名", "同意", "1", "不同意", "王小明", CHILD_ID, "2", "爸爸", "王大力", GUARDIAN_ID)
FORM = ("小学", "神华社区", "幸福小区3号楼501", "本旗区", "123456789", "2020.3.10", "1", "住宅", "父母", "跳过", "没有")


def names(city: City) -> list[str]:
    return [wish.name for wish in city.wishes]


def test_a_parent_asks_which_school_without_being_known() -> None:
    """D25, A08: address to zone, seat type, papers, dates; nothing is registered for it."""
    talk = Talk()
    talk.say("我家孩子上哪个学校", "小学", "我家住在康巴什区神华小区", "2")
    heard = talk.say("1", "跳过")
    assert "第一小学" in heard
    assert "户口簿：证明孩子是谁" in heard
    assert "2026年6月1日到2026年6月20日" in heard
    assert names(talk.city) == ["search_units", "ask_guide"]
    assert talk.city.wishes[1].args["unit_code"] == "150603001001"
    assert talk.conversation.frame is None


def test_an_address_alone_begins_the_question_which_school() -> None:
    talk = Talk()
    assert "学段" in talk.say("康城社区")
    assert "树林召镇" in talk.say("小学")
    talk.say("2", "3", "租房", "都没有", "2020年3月5日")
    assert talk.city.wishes[-1].args["banner"] == "150621"


def test_a_parent_registers_a_child_fills_the_form_and_gets_a_receipt() -> None:
    """C01, A18, A23: from 报名 to the receipt number by chat alone."""
    talk = Talk()
    assert "同意" in talk.say("报名")
    talk.say(*REGISTRATION[1:])
    assert "王小明" in talk.heard[-1]
    assert "学段" in talk.say("1")
    talk.say(*FORM)
    assert "户口簿" in talk.say("1")
    assert "什么材料" in talk.picture("a")
    assert "收到了王小明的户口簿" in talk.say("户口本")
    assert "收到了王小明的不动产权证" in talk.picture("b") + talk.say("1")
    assert "R-1" in talk.say("交")
    register = next(wish for wish in talk.city.wishes if wish.name == "register_child")
    assert [one["purpose"] for one in register.args["consents"]] == ["enrolment", "check"]
    assert register.args["id_number"] == CHILD_ID
    assert register.args["born_on"] == "2020-03-05"
    form = next(wish for wish in talk.city.wishes if wish.name == "save_form").args["form"]
    assert form["home"] == {"kind": "owned", "use": "住宅", "owner_relation": "parents"}
    assert form["registered_on"] == "2020-03-10"


def test_refusing_a_needed_consent_ends_politely_and_keeps_nothing() -> None:
    """个保法 29, 31: the refusal stands beside the consent, and no word of the child was asked for."""
    talk = Talk()
    heard = talk.say("报名", "不同意")
    assert "不会保存" in heard
    assert talk.city.wishes == []
    assert talk.conversation.frame is None


def test_one_wrong_fact_is_said_anew_and_the_others_stay() -> None:
    talk = Talk()
    talk.say(*REGISTRATION)
    assert "哪一项不对" in talk.say("不对")
    assert "叫什么名字" in talk.say("1")
    heard = talk.say("乌兰·巴特尔")
    assert "乌兰·巴特尔" in heard
    assert CHILD_ID in heard


def test_a_returned_form_is_shown_with_its_old_answers_and_only_the_wrong_one_is_asked() -> None:
    """T-2.6: a returned application is mended before its deadline."""
    talk = Talk()
    talk.say(*REGISTRATION, "1", *FORM, "1")
    talk.city.change("application-1", state="returned", return_by=NOW + timedelta(days=3), return_reason="户口簿缺页。")
    talk = Talk(talk.city)
    heard = talk.say("补正", "1")
    assert "请看一遍" in heard
    talk.say("2")
    heard = talk.say("3")
    assert "住房" in heard
    talk.say("租房", "1", "三年")
    talk.say("1")
    form = talk.city.wishes[-1].args["form"]
    assert form["home"] == {"kind": "rented"}
    assert form["work"] == {"kind": "insured", "months": 36}
    assert form["address"] == "幸福小区3号楼501"


def test_a_second_guardian_is_led_to_a_claim() -> None:
    city = City(refusals={"register_child": ("child-has-guardian", {})})
    talk = Talk(city)
    talk.say(*REGISTRATION)
    assert "另一位监护人" in talk.say("1")
    talk.say("1")
    assert city.wishes[-1].name == "claim_child"
    assert city.wishes[-1].args == {"id_number": CHILD_ID, "name": "王小明", "relation": "father"}


def test_a_closed_window_says_the_reason_and_the_next_date() -> None:
    talk = Talk()
    talk.say(*REGISTRATION, "1", "小学", "康城社区")
    heard = talk.say("2")
    assert "达拉特旗小学报名还没有开始" in heard
    assert "开始报名，2026年6月11日09:00" in heard


def test_the_window_is_open_up_to_its_last_instant_and_not_at_its_end() -> None:
    """Half-open windows: [opens_at, closes_at)."""
    talk = Talk(City(now=NOW + timedelta(days=10) - timedelta(milliseconds=1)))
    world = talk.city.world()
    talk.say(*REGISTRATION, "1", "小学", "神华社区")
    assert "open_application" in names(talk.city)
    late = Talk(City(now=world.banners[0].windows[0].closes_at))
    late.say(*REGISTRATION, "1", "小学")
    assert "已经在2026年6月20日09:00截止" in late.say("神华社区")
    assert "open_application" not in names(late.city)


def test_a_poster_opens_its_zone() -> None:
    talk = Talk()
    heard = talk.event("scan", "150603-P01")
    assert "神华社区" in heard
    assert "学段" in heard
