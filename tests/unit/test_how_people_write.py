"""What grandmothers, fathers and village clerks really write is understood: wishes, names, dates, numbers (A28, D25)."""

from datetime import date

import pytest

from backend.families.rules.id_number import IdNumber
from bots.dialogue.flows.speech import read_language
from bots.dialogue.reading.dates import is_lunar, read_date
from bots.dialogue.reading.intents import command, intent
from bots.dialogue.reading.people import read_id, read_name, read_nation, read_relation, read_sex
from bots.dialogue.reading.places import address_in, search_words

TODAY = date(2026, 6, 10)
MEANT = {
    "enrol": ("我要给孙子报个名", "给娃报名", "我想给孩子报上名", "给我家老二也报一个", "登记一下孩子", "上幼儿园报名"),
    "guide": (
        "我孙子该上一年级了", "去哪上学", "在哪儿念书", "几号开始报名", "需要带啥材料", "要准备什么", "户口不在这能上吗",
        "差两天六岁能上吗", "我们小区归哪个学校", "东胜区有什么小学",
    ),
    "papers": ("材料传哪里", "补交户口本", "我再发一遍"),
    "diary": ("到哪一步了", "审到哪儿了", "办得怎么样了", "咋还没消息", "现在啥情况", "通过了吗"),
    "result": ("分到哪个学校了", "录上了没", "给我分哪了", "上的哪个学校"),
    "why": ("为什么不是一小", "凭啥分到二小", "怎么不给我分一小"),
    "confirm": ("我确认入学", "同意去", "就去这个学校", "接受"),
    "decline": ("不去这个学校", "我不去了", "不想去", "不要这个学位"),
    "objection": ("对结果有意见", "分错了", "结果不对", "我不服"),
    "dispute": ("公安说的不对", "核对错了"),
    "score": ("孩子考了多少分", "看分数", "考了多少"),
    "exam_choose": ("我要报志愿", "高中志愿怎么填", "改志愿"),
    "rank": ("我现在排第几", "我排多少名", "能不能进一中"),
    "standing_order": ("帮我自动改志愿", "睡觉的时候帮我换志愿"),
    "admission": ("考上哪个高中了", "录取到哪个高中"),
    "helper": ("让村长帮我办", "请老师帮我报", "找人代办"),
    "withdraw": ("不报了", "取消报名"),
    "line": ("候补排第几",),
    "deferral": ("明年再上",),
    "phone": ("换了号码",),
    "tipoff": ("有人收钱",),
}  # fmt: skip
COMMANDS = {
    "human": ("我要找人", "有没有真人", "转接人工", "我要跟人说话", "电话多少"),
    "help": ("怎么弄", "不会弄", "看不明白", "咋办", "我不会用手机"),
    "restart": ("从头再来", "重新来过", "再来一遍"),
    "back": ("填错了", "刚才写错了", "退回去", "改上一个"),
}
NO_COMMANDS = (
    "王小明",
    "找人代办",
    "打电话的人要我交钱",
    "我家住在人民路",
    "不知道",
    "考上哪个高中了",
    "幸福小区退回去那栋",
)


@pytest.mark.parametrize(("said", "matter"), [(said, matter) for matter, lines in MEANT.items() for said in lines])
def test_a_wish_is_found_in_a_sentence_that_does_not_name_it(said: str, matter: str) -> None:
    assert command(said) is None
    assert intent(said) == matter


@pytest.mark.parametrize(("said", "meant"), [(said, meant) for meant, lines in COMMANDS.items() for said in lines])
def test_a_command_is_understood_in_other_words(said: str, meant: str) -> None:
    assert command(said) == meant


@pytest.mark.parametrize("said", NO_COMMANDS)
def test_what_only_holds_such_a_word_is_no_command(said: str) -> None:
    assert command(said) is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我孙子叫王小明", "王小明"),
        ("我家娃叫阿拉腾·乌拉", "阿拉腾·乌拉"),
        ("孩子名字是王小明", "王小明"),
        ("大名叫王小明", "王小明"),
        ("王小明（小名明明）", "王小明"),
        ("王小明,男", "王小明"),
        ("是王小明呀", "王小明"),
        ("王 小 明", "王小明"),
        ("孙子涵涵", "孙子涵涵"),
        ("王亚男", "王亚男"),
        ("其其格", "其其格"),
        ("Нарасу", "Нарасу"),
        ("不知道怎么写", None),
        ("叫我奶奶填吗", None),
        ("啥意思", None),
    ],
)
def test_a_name_is_taken_out_of_what_is_said_around_it_and_nothing_else_is_one(said: str, name: str | None) -> None:
    assert read_name(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "2020年3月5日", "2020年3月5", "2020.3.5", "2020。3。5", "20200305", "２０２０年３月５日", "2020 3 5", "2020/03/05",
        "20年3月5号", "2020年三月五日", "二〇二〇年三月五号", "生于2020年3月5日", "2020年3月5号出生的", "2020年 3月 5日上午",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(said: str) -> None:
    assert read_date(said, TODAY) == date(2020, 3, 5)


@pytest.mark.parametrize(
    "said", ["3月5日", "2020年3月", "200305", "2020年2月30日", "2030年1月1日", "2020-03-05 2021-03-05", "今年6岁"]
)
def test_half_a_date_an_impossible_one_and_two_of_them_are_none(said: str) -> None:
    assert read_date(said, TODAY) is None


@pytest.mark.parametrize("said", ["农历三月初五", "2020年阴历3月5日", "2020年腊月二十三"])
def test_a_lunar_date_is_known_as_one(said: str) -> None:
    assert is_lunar(said)


@pytest.mark.parametrize(
    "said",
    [
        "150603 20200305 4216",
        "身份证号是150603202003054216",
        "１５０６０３２０２００３０５４２１６",
        "150603202003054216 这是娃的",
    ],
)
def test_an_id_number_is_found_among_words_and_spaces(said: str) -> None:
    found = read_id(said, TODAY)
    assert isinstance(found, IdNumber)
    assert found.number == "150603202003054216"


def test_relations_sexes_and_nations_are_read_as_they_are_said() -> None:
    assert [read_relation(said) for said in ("我是他奶奶", "他爷", "亲妈", "二姨", "我是孩子爸")] == [
        "grandparent", "grandparent", "mother", "other", "father",
    ]  # fmt: skip
    assert [read_sex(said) for said in ("男的", "是个女孩", "小男孩", "闺女", "男女都有")] == [
        "male", "female", "male", "female", None,
    ]  # fmt: skip
    assert [read_nation(said) for said in ("我们是蒙古族", "是满族", "汉", "不知道")] == ["蒙古", "满", "汉", None]


def test_a_language_is_named_with_the_wish_to_speak_it() -> None:
    assert {read_language(said) for said in ("说蒙语", "用蒙古语", "换成蒙文吧", "ᠮᠣᠩᠭᠣᠯ", "能不能说蒙语")} == {
        "mn-Mong"
    }
    assert {read_language(said) for said in ("换成汉语", "中文", "说汉语可以吗")} == {"zh-CN"}
    assert read_language("我是蒙古族") is None


def test_an_address_is_looked_up_by_its_name_without_the_words_around_it() -> None:
    assert "神华" in search_words("在康巴什神华那边住")
    assert address_in("我家住神华小区孩子上哪个小学") == "我家住神华小区"
    assert "神华" in search_words(address_in("我家住神华小区孩子上哪个小学"))
    assert address_in("我不知道") == ""
