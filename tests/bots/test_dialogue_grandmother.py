"""Whole talks as a grandmother leads them: half sentences, other words, a second child, a change of mind (A28, C01, D25)."""

from dataclasses import replace

from tests.chat_builders import City, Talk, placed


def test_a_sentence_that_tells_stage_and_place_is_not_asked_for_them_again() -> None:
    talk = Talk()
    heard = talk.say("我家住神华小区，孙子该上一年级了去哪个小学")
    assert talk.conversation.frame is not None
    assert talk.conversation.frame.slots["stage"] == "primary"
    assert talk.conversation.frame.slots["unit"]["name"] == "神华社区"
    assert "户口在哪里" in heard


def test_more_words_after_a_human_was_called_go_to_the_human() -> None:
    """Nobody who waits for a person is told that a machine did not understand."""
    talk = Talk()
    talk.say("我要找人", "房子是贷款的行不行")
    heard = talk.say("房本还没下来")
    assert "转给工作人员" in heard
    assert [wish.args["text"] for wish in talk.city.wishes] == ["房子是贷款的行不行", "房本还没下来"]
    assert "学段" in talk.say("查学校")


def test_a_given_name_names_the_child_and_elder_and_younger_are_known_by_age() -> None:
    younger = replace(placed("王小红", 2), born_on="2021-03-05")
    talk = Talk(City([placed("王小明", 1), younger]))
    assert "王小红：" in talk.say("小红分到哪了")
    talk.say("确认")
    assert "王小红到第一小学" in talk.say("小的")
    assert "王小明在第一小学的学位" in talk.say("我们不去了")


def test_twins_have_no_elder_one() -> None:
    talk = Talk(City([placed("王小明", 1), placed("王小红", 2)]))
    talk.say("确认")
    assert "哪个孩子" in talk.say("老大")
    assert not talk.city.wishes


def test_the_very_word_of_the_question_is_a_yes_to_it_and_to_no_other() -> None:
    talk = Talk(City([placed()]))
    talk.say("放弃")
    assert "已经放弃" in talk.say("放弃")
    asked = Talk()
    asked.say("报名")
    asked.say("报到")
    assert "consent-enrolment" not in asked.conversation.frames[0].slots


def test_a_standing_order_may_be_given_in_the_numbers_that_are_shown() -> None:
    talk = Talk(City(is_candidate=True))
    assert "1 第一中学" in talk.say("晚上帮我自动改志愿")
    assert "1 第二中学" in talk.say("2 1")
    talk.say("托管")
    assert talk.city.wishes[-1].args["units"] == ["B1", "A1"]


def test_helpless_words_in_the_middle_of_a_form_bring_help_and_the_same_question() -> None:
    talk = Talk()
    talk.say("报名", "1", "1", "2")
    heard = talk.say("我不会弄")
    assert "上一步" in heard
    assert "孩子叫什么名字" in heard
    assert talk.conversation.frame is not None
    assert "child_name" not in talk.conversation.frame.slots


def test_a_matter_named_while_a_human_is_offered_is_begun() -> None:
    talk = Talk(City([placed()]))
    talk.say("查学校", "呃", "呃", "呃")
    assert "王小明" in talk.say("查结果")
