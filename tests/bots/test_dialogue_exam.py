"""The senior-high exam in the conversation: score, live rank, choosing, changing, standing order, admission (A20 to A26)."""

from tests.chat_builders import City, Talk


def known() -> Talk:
    talk = Talk(City())
    talk.say("成绩", "150600123456")
    talk.say("123456")
    return talk


def test_a_candidate_is_known_by_number_and_code_and_sees_the_score() -> None:
    """D13, D14: the code goes to the stored phone, told masked."""
    talk = Talk(City())
    assert "准考证号" in talk.say("成绩")
    assert "138****0001" in talk.say("150600123456")
    heard = talk.say("123456")
    assert "总分 655.50，全市第 812 名" in heard
    assert "语文 110.00" in heard
    assert "截止时间" in heard


def test_a_wrong_code_is_asked_for_again() -> None:
    talk = Talk(City(refusals={"log_in_exam": ("exam-code-wrong", {})}))
    talk.say("成绩", "150600123456", "000000")
    assert talk.codes[-1] == "chat.ask.exam_code"


def test_a_candidate_chooses_sees_the_rank_and_changes() -> None:
    talk = known()
    assert "还没有填志愿" in talk.say("位次")
    heard = talk.say("改志愿")
    assert "第一中学" in heard
    assert "蒙授班" not in heard
    heard = talk.say("第二中学")
    assert "第 12 名" in heard
    assert "要填报第二中学吗" in heard
    assert "ZK0000000001" in talk.say("填报")
    assert "第二中学：现在第 12 名" in talk.say("名次")
    talk.say("改志愿", "1", "1")
    assert talk.city.held == "A1"


def test_what_may_not_be_chosen_is_said_with_its_reason() -> None:
    talk = known()
    talk.say("改志愿")
    heard = talk.say("A1M")
    assert "授课语言" in heard
    assert talk.codes[-1] == "chat.ask.exam_unit"


def test_a_change_on_a_new_device_needs_a_code_of_its_own() -> None:
    """D14: each change made on a new device is proven again."""
    talk = known()
    talk.say("改志愿", "2")
    talk.city.refusals = {"choose_unit": ("change-code-needed", {"phone_masked": "138****0001"})}
    assert "新用的设备" in talk.say("1")
    talk.city.refusals = {"choose_unit": ("exam-code-wrong", {})}
    assert talk.say("000000")
    assert talk.codes[-1] == "chat.ask.change_code"
    talk.city.refusals = {}
    assert "填报好了" in talk.say("123456")
    assert talk.city.wishes[-1].args["code"] == "123456"


def test_a_standing_order_is_written_in_one_line_and_taken_back() -> None:
    """Wishes 5: nobody needs to sit awake."""
    talk = known()
    talk.say("托管志愿")
    assert "没有找到" in talk.say("第三中学")
    heard = talk.say("第二中学、A1")
    assert "1 第二中学\n2 第一中学" in heard
    assert "托管好了" in talk.say("1")
    assert talk.city.wishes[-1].args["units"] == ["B1", "A1"]
    talk.say("托管志愿")
    assert "托管取消了" in talk.say("取消托管")
    assert talk.city.wishes[-1].args["units"] == []


def test_admission_is_told_and_answered_with_report_in() -> None:
    talk = known()
    assert "第一中学录取了您" in talk.say("录取通知书")
    assert "要向录取您的学校报到吗" in talk.say("报到")
    assert "已经向第一中学报到" in talk.say("1")


def test_a_no_changes_nothing() -> None:
    talk = known()
    talk.say("改志愿", "1")
    assert "没有改动" in talk.say("2")
    assert "choose_unit" not in [wish.name for wish in talk.city.wishes]
