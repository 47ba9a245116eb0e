"""What a family does after filing, talked through: diary, result, why, confirm, decline, withdraw, choose, helper, human."""

from dataclasses import replace

from tests.chat_builders import NOW, City, Talk, placed


def names(city: City) -> list[str]:
    return [wish.name for wish in city.wishes]


def test_a_place_is_confirmed_with_one_word() -> None:
    talk = Talk(City([placed()]))
    assert "已经确认好了" in talk.say("确认")
    assert talk.city.wishes[-1].args == {"application": "application-1"}


def test_declining_is_asked_once_more() -> None:
    talk = Talk(City([placed()]))
    assert "真的放弃吗" in talk.say("我不去了,放弃")
    assert talk.city.wishes == []
    assert "照旧" in talk.say("2")
    talk.say("放弃", "1")
    assert names(talk.city) == ["decline"]


def test_confirming_too_early_or_too_late_says_why() -> None:
    early = Talk(City([placed(state="checking", school="")]))
    heard = early.say("确认")
    assert "正在和各部门核对" in heard
    assert "公布结果，2026年7月20日" in heard or "报名截止" in heard
    late = Talk(City([placed(confirm_by=NOW)]))
    assert "已经过了" in late.say("确认")
    assert early.city.wishes == late.city.wishes == []


def test_two_children_are_never_mixed_up() -> None:
    """Where two children are placed every matter asks which one, each time."""
    talk = Talk(City([placed("王小明", 1), placed("王小红", 2)]))
    assert "哪个孩子" in talk.say("确认")
    talk.say("王小红")
    assert talk.city.wishes[-1].args == {"application": "application-2"}
    assert "王小红" in talk.heard[0]
    talk.city.change("application-2", state="placed")
    assert "哪个孩子" in talk.say("结果")


def test_a_message_that_names_the_child_need_not_be_asked() -> None:
    talk = Talk(City([placed("王小明", 1), placed("王小红", 2)]))
    assert "王小红" in talk.say("看一下王小红的结果")
    assert talk.city.wishes[-1].args["child"] == "child-2"


def test_pictures_for_two_children_are_asked_for_the_child_and_the_paper() -> None:
    papers = {"state": "draft", "missing": ("household",), "school": "", "confirm_by": None}
    talk = Talk(City([placed("王小明", 1, **papers), placed("王小红", 2, **papers)]))
    assert "哪个孩子" in talk.picture("a")
    assert "一共 2 张" in talk.picture("b")
    assert "王小红的什么材料" in talk.say("2")
    assert "王小红的什么材料" in talk.say("户口簿")
    talk.say("9")
    assert [(wish.args["child"], wish.args["media_id"]) for wish in talk.city.wishes] == [
        ("child-2", "a"),
        ("child-2", "b"),
    ]


def test_a_picture_before_registration_is_answered_with_what_to_do_first() -> None:
    talk = Talk()
    assert "回复“报名”" in talk.picture()
    assert talk.conversation.frame is None


def test_the_diary_offers_a_dispute_and_carries_it() -> None:
    """Wish 11: per field who answered, and one word to contest it."""
    row = {
        "what": "户籍地址",
        "who": "公安",
        "at": "2026-06-10T09:00:00+08:00",
        "text": "公安的户籍地址不一致",
        "check_id": "c-1",
        "disputable": True,
    }
    talk = Talk(City([placed(state="in_review")], diary=[row]))
    heard = talk.say("进度")
    assert "06-10 公安的户籍地址不一致" in heard
    assert "申诉" in heard
    talk.say("申诉", "我们去年就把户口迁过来了")
    assert talk.city.wishes[-1].args == {"check_id": "c-1", "text": "我们去年就把户口迁过来了"}


def test_why_tells_the_reasons_of_the_run() -> None:
    talk = Talk(City([placed()]))
    assert "住在本校片区" in talk.say("为什么是这个学校")


def test_withdrawing_asks_the_reason_and_once_more() -> None:
    """D28: withdrawal until the allocation is frozen."""
    talk = Talk(City([placed(state="verified")]))
    talk.say("撤回", "要搬家了")
    assert "真的撤回吗" in talk.heard[-1]
    talk.say("1")
    assert talk.city.wishes[-1].args == {"application": "application-1", "reason": "要搬家了"}
    frozen = Talk(City([placed(state="frozen")]))
    assert "不能撤回" in frozen.say("撤回")


def test_schools_are_chosen_in_order_after_the_check() -> None:
    """C04: the choice comes after the departments' check."""
    options = (("A", "甲校"), ("B", "乙校"), ("C", "丙校"))
    talk = Talk(City([placed(state="choosing", options=options)]))
    talk.say("选学校", "3、1")
    talk.say("对")
    assert talk.city.wishes[-1].args["schools"] == ["C", "A"]


def test_a_helper_is_named_with_phone_and_days() -> None:
    """Wish 19: the guardian's consent names who, for whom and how long."""
    talk = Talk(City([placed()]))
    talk.say("代办", "138 0000-1234", "一个月", "同意")
    assert talk.city.wishes[-1].args == {"child": "child-1", "phone": "13800001234", "days": 30, "sha256": "d" * 64}
    helped = Talk(City([replace(placed(), helped=True)]))
    assert "监护人自己办" in helped.say("代办")


def test_a_wrong_code_is_asked_for_again() -> None:
    city = City(refusals={"set_phone": ("code-wrong", {})})
    talk = Talk(city)
    assert "验证码" in talk.say("绑定手机", "13800001234")
    assert "验证码不对" in talk.say("123456")
    city.refusals.clear()
    assert "绑定好了" in talk.say("验证码是654321")


def test_a_tip_off_gets_a_receipt_without_a_name() -> None:
    talk = Talk()
    assert "T-1" in talk.say("举报", "某学校收赞助费")
    assert talk.city.wishes[-1].args == {"text": "某学校收赞助费"}


def test_a_human_is_called_with_the_matter_in_hand() -> None:
    talk = Talk()
    talk.say("报名", "同意")
    assert "工作人员" in talk.say("转人工")
    talk.say("证件号总是不对")
    assert talk.city.wishes[-1].args["text"] == "证件号总是不对"
    assert talk.city.wishes[-1].args["matter"] == "register"
    assert "部门核对" in talk.say("康巴什")
