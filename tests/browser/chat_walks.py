"""Two long conversations of a family with the official account, line by line: what one says, and what must come back."""

import re
from typing import Any

from tests.browser.chat_page import ChatPage
from tests.browser.phone_page import community_of

RECEIPT = re.compile(r"\d{5}-\d{4}-\d{4}")


def ask_which_school(talk: ChatPage, family: dict[str, Any]) -> str:
    """The three first questions of a parent (which school, which papers, does my child qualify); the answer."""
    talk.press("办入学", "查学校、问材料", expects="哪个学段")
    talk.say("小学", expects="家住哪里")
    talk.say(community_of(family["form"]["address"]), expects="户口在哪里")
    talk.say("1", expects="住房")
    talk.say("1", expects="哪天出生")
    return talk.say(family["children"][0]["born_on"], expects="对应的学校")


def register_child(talk: ChatPage, child: dict[str, Any]) -> str:
    """Consent and the child's particulars; the first consent as it was asked."""
    consent = talk.press("办入学", "入学登记", expects="登记孩子的信息")
    talk.say("1", expects="请有关部门核对")
    talk.say("同意", expects="建立学籍")
    talk.say("1", expects="孩子叫什么名字")
    talk.say(child["name"], expects="身份证号")
    talk.say(child["id_number"], expects="什么民族")
    talk.say(child["ethnicity"], expects="您是")
    talk.say("爸爸" if child["relation"] == "father" else "妈妈", expects="您叫什么名字")
    talk.say(child["guardian_name"], expects="您的身份证号")
    talk.say(child["guardian_id_number"], expects="请看一遍")
    talk.say("都对", expects="哪个学段")
    return consent


def fill_form(talk: ChatPage, form: dict[str, Any]) -> None:
    """The form of a family that lives in its own home, from the stage to the list of papers."""
    talk.say("小学", expects="家住哪里")
    talk.say(community_of(form["address"]), expects="详细地址")
    talk.say(form["address"], expects="户口在哪里")
    talk.say("1", expects="户号")
    talk.say(form["household_number"], expects="落到")
    talk.say(form["registered_on"], expects="住房")
    talk.say("1", expects="房子是哪一种")
    talk.say(form["home"]["use"], expects="谁的名下")
    talk.say("1", expects="不动产权证号")
    talk.say(form["home"]["certificate"], expects="亲姐姐")
    talk.say("没有", expects="请看一遍")
    talk.say("1", expects="还要交")


def send_papers(talk: ChatPage) -> str:
    """Two papers, the first one blurred at the first try; what the account says of each photograph."""
    talk.send_sample("拍糊了的户口簿", expects="什么材料")
    talk.say("户口簿", expects="不动产权证")
    talk.has_heard("照片模糊")
    talk.send_sample("户口簿", expects="什么材料")
    talk.say("户口簿", expects="不动产权证")
    talk.send_sample("不动产权证", expects="什么材料")
    talk.say("不动产权证", expects="没有缺的材料")
    return talk.say_until("进度", "不动产权证（房产证）的照片：清楚，可以用")


def submit(talk: ChatPage) -> str:
    """Hand in; the receipt number."""
    found = RECEIPT.search(talk.say("1", expects="回执号"))
    assert found is not None
    return found[0]
