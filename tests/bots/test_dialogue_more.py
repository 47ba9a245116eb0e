"""A first word before the deadline, an objection, a language, a place from the map, a poster, cards, the whole form."""

import pytest

from bots.dialogue.values import Event
from bots.wechat.inbound import Inbound
from tests.chat_builders import City, Talk, placed


def test_one_line_before_the_deadline_is_an_intent_with_a_receipt() -> None:
    """Wishes 8: accept first, process later."""
    talk = Talk()
    heard = talk.say("先登记 王小明 小学 神华社区")
    assert "60326-0000-0000" in heard
    filed = talk.city.wishes[-1]
    assert (filed.name, filed.args["stage"], filed.args["banner"]) == ("file_intent", "primary", "150603")
    assert "王小明" in filed.args["words"]
    assert talk.conversation.frame is None


def test_an_intent_that_leaves_something_out_is_asked_for_just_that() -> None:
    talk = Talk()
    assert "学段" in talk.say("来不及了，先登记")
    assert "住在哪里" in talk.say("小学") or "家住哪里" in talk.say("小学")
    assert "回执号" in talk.say("神华社区")


def test_a_closed_window_refuses_an_intent_with_its_reason() -> None:
    talk = Talk(City(refusals={"file_intent": ("window-closed", {})}))
    assert "截止" in talk.say("先登记 小学 神华社区")


def test_an_objection_to_a_result_is_filed_after_one_more_question() -> None:
    talk = Talk(City([placed()]))
    assert "什么意见" in talk.say("我有异议")
    talk.say("我家住在对面那所学校旁边")
    assert "收到了王小明的异议" in talk.say("1")
    assert talk.city.wishes[-1].name == "object"


def test_before_a_result_an_objection_is_a_dispute_of_an_answer() -> None:
    talk = Talk(City([placed(state="checking")]))
    talk.say("异议")
    assert [wish.name for wish in talk.city.wishes] == ["show_diary"]


def test_the_language_is_changed_by_its_name_and_stays() -> None:
    """Wishes 20."""
    talk = Talk(City([placed()]))
    heard = talk.say("ᠮᠣᠩᠭᠣᠯ")
    assert talk.conversation.lang == "mn-Mong"
    assert "ᠮ" in heard
    talk.say("汉语")
    assert talk.conversation.lang == "zh-CN"
    talk.say("8")
    talk.say("2")
    assert talk.conversation.lang == "mn-Mong"


@pytest.mark.parametrize("word", ["ᠲᠤᠰᠠᠯᠠᠮᠵᠢ", "тусламж", "ᠴᠡᠰ"])
def test_commands_are_understood_in_mongolian(word) -> None:
    talk = Talk()
    assert talk.say(word)
    assert "chat.not_understood" not in talk.codes


def test_a_yes_and_a_no_are_understood_in_mongolian() -> None:
    talk = Talk(City([placed()]))
    talk.say("放弃")
    assert "没有改动" in talk.say("ᠦᠭᠡᠢ")
    talk.say("放弃")
    assert "已经放弃" in talk.say("ᠲᠡᠢᠮᠦ")


def test_a_place_from_the_map_answers_the_question_or_begins_the_guide() -> None:
    talk = Talk()
    talk.event("location", "内蒙古自治区鄂尔多斯市康巴什区神华社区12号")
    talk.say("小学")
    assert talk.conversation.frame is not None
    assert talk.conversation.frame.slots["unit"]["name"] == "神华社区"
    assert "没有地名" in talk.event("location", "")


def test_a_location_message_of_the_platform_is_read() -> None:
    inbound = Inbound("o", "gh", "location", 1, {"Location_X": "39.6", "Location_Y": "109.8", "Label": "神华社区"})
    assert inbound.message() == Event("location", "神华社区")


def test_the_review_shows_every_field_that_was_told() -> None:
    """What goes to the departments is read once more by the family, whole."""
    talk = Talk(City([placed(state="draft", form={})]))
    talk.say(
        "报名",
        "王小明",
        "小学",
        "神华社区",
        "幸福小区3号楼501",
        "1",
        "150603000001",
        "2020.3.10",
        "1",
        "1",
        "1",
        "京N123号",
    )
    heard = talk.say("没有")
    for told in ("幸福小区3号楼501", "150603000001", "2020年3月10日", "住宅", "孩子的父母", "京N123号"):
        assert told in heard
    assert "社保" not in heard


def test_what_is_better_seen_names_its_page() -> None:
    talk = Talk(City([placed()]))
    talk.say("结果")
    assert [reply.card for reply in talk.replies if reply.card] == ["result"]
