"""How people write: what is understood with its slips, and what is not guessed at."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.families.rules.id_number import IdNumber, IdNumberFault
from bots.dialogue.reading.answers import choice, number, numbers, yes_or_no
from bots.dialogue.reading.dates import read_date
from bots.dialogue.reading.intents import command, intent
from bots.dialogue.reading.papers import read_paper
from bots.dialogue.reading.people import read_code, read_id, read_name, read_nation, read_phone, read_relation
from bots.dialogue.reading.places import read_banner, read_stage, search_words
from bots.dialogue.reading.plain import bare, plain
from tests.chat_builders import CHILD_ID, banners

TODAY = date(2026, 6, 10)
MARCH = date(2019, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2019年3月5日",
        "2019.3.5",
        "20190305",
        "2019-03-05",
        "2019/3/5",
        "2019年03月05号",
        "19年3月5日",
        "2019 3 5",
        "2019 年 3 月 5 日。",
        "\uff12\uff10\uff11\uff19年\uff13月\uff15日",
        "二〇一九年三月五日",
        "二零一九年三月五号",
        "2019.3.5生",
    ],
)
def test_one_day_is_understood_however_it_is_written(text: str) -> None:
    assert read_date(text, TODAY) == MARCH


@pytest.mark.parametrize(
    "text", ["2019年2月30日", "2019.13.1", "2026.6.11", "201935", "三月五日", "1899.1.1", "", "abc", "20190230"]
)
def test_an_impossible_future_or_unclear_day_is_no_day(text: str) -> None:
    assert read_date(text, TODAY) is None


@settings(max_examples=100)
@given(st.dates(date(1930, 1, 1), TODAY))
def test_every_day_is_read_back_from_its_usual_forms(day: date) -> None:
    for text in (
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
    ):
        assert read_date(text, TODAY) == day


FULL_WIDTH = CHILD_ID.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})


@pytest.mark.parametrize("text", [CHILD_ID, " 150603 20200305 4216 ", FULL_WIDTH, "身份证号:150603202003054216。"])
def test_an_id_number_is_read_with_spaces_and_full_width_digits(text: str) -> None:
    """T-4.2, GB 11643."""
    found = read_id(text, TODAY)
    assert isinstance(found, IdNumber)
    assert (found.number, found.born_on, found.sex) == (CHILD_ID, date(2020, 3, 5), "male")


@pytest.mark.parametrize("last", ["x", "X", "×", "叉", "\uff58", "✕"])
def test_the_last_x_may_be_written_in_any_way(last: str) -> None:
    found = read_id("11010519491231002" + last, TODAY)
    assert isinstance(found, IdNumber)
    assert found.number == "11010519491231002X"


def test_letters_for_digits_are_mended_only_where_the_check_digit_agrees() -> None:
    assert isinstance(read_id("I5O6O32O2OO3O54216", TODAY), IdNumber)
    fault = read_id("I5O6O32O2OO3O54217", TODAY)
    assert isinstance(fault, IdNumberFault)


@pytest.mark.parametrize(
    "text", ["150603202003054217", "15060320200305421", "130503670401001", "150603201802304216", "没有"]
)
def test_a_wrong_id_number_stays_wrong(text: str) -> None:
    assert isinstance(read_id(text, TODAY), IdNumberFault)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2", 2),
        ("\uff12", 2),
        ("②", 2),
        ("第二个", 2),
        ("选2", 2),
        ("2.", 2),
        ("二", 2),
        ("两", 2),
        ("十二", 12),
        ("2号楼", None),
        ("", None),
    ],
)
def test_a_number_is_understood_in_digits_and_words(text: str, said: int | None) -> None:
    assert number(text) == said


def test_an_order_of_numbers_is_read_with_any_marks_between() -> None:
    assert numbers("2 1 3") == numbers("2、1、3") == numbers("213") == numbers("2,1,3") == [2, 1, 3]
    assert numbers("2 甲 3") is None
    assert numbers("") is None


@pytest.mark.parametrize(
    ("text", "said"), [("好的", True), ("不同意", False), ("1", True), ("2", False), ("随便", None), ("OK", True)]
)
def test_yes_and_no(text: str, said: object) -> None:
    assert yes_or_no(text) is said


def test_words_choose_only_where_one_answer_holds_them() -> None:
    assert choice("小红", ["王小明", "王小红"]) == 1
    assert choice("王小", ["王小明", "王小红"]) is None
    assert choice("王明", ["王明", "王明"]) is None
    assert choice("3", ["甲", "乙"]) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明", "王小明"),
        ("孩子叫 王 小明。", "王小明"),
        ("乌兰•巴特尔", "乌兰·巴特尔"),
        ("阿拉坦敖其尔.巴雅尔", "阿拉坦敖其尔·巴雅尔"),
        ("苏日娜其其格额尔德尼巴特尔孟克吉雅敖登", "苏日娜其其格额尔德尼巴特尔孟克吉雅敖登"),
        ("Anna Maria", "Anna Maria"),
        ("王", None),
        ("13800001234", None),
        ("?", None),
    ],
)
def test_names_may_be_long_and_have_a_dot_and_no_family_name(text: str, name: str | None) -> None:
    """T-4.2: the middle dot of Mongolian names; wish 20: 17 and more characters."""
    assert read_name(text) == name


def test_phones_codes_relations_and_nations() -> None:
    assert read_phone("+86 138-0000 1234") == "13800001234"
    assert read_phone("我的号是13800001234") == "13800001234"
    assert read_phone("12345") is None
    assert read_code("验证码 123 456") == "123456"
    assert read_code("12345") is None
    assert read_relation("我是孩子他妈") == "mother"
    assert read_relation("额吉") == "grandparent"
    assert read_nation("蒙族") == read_nation("蒙古族") == "蒙古"
    assert read_nation("外星") is None


def test_stages_banners_and_papers_by_their_everyday_names() -> None:
    assert read_stage("幼升小") == "primary"
    assert read_stage("小升初") == "junior"
    assert read_stage("小学还是初中") is None
    assert [read_banner(text, banners()).name for text in ("康巴什", "达旗", "东胜区")] == [
        "康巴什区",
        "达拉特旗",
        "东胜区",
    ]  # type: ignore[union-attr]
    assert read_banner("区", banners()) is None
    assert read_paper("房本照片") == "property"
    assert read_paper("户口本和房产证") is None


def test_an_address_is_searched_from_its_fullest_to_its_barest_words() -> None:
    assert search_words("我家住在康巴什区神华康城小区3号楼2单元")[-2:] == ["神华康城小区", "神华康城"]
    assert search_words("鄂尔多斯市东胜区天骄街道安达社区")[-2:] == ["安达社区", "安达"]
    assert search_words("") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("重来!", "restart"),
        (" 上 一 步 ", "back"),
        ("?", "help"),
        ("转人工", "human"),
        ("主菜单", "menu"),
        ("重来吧孩子", None),
    ],
)
def test_commands_work_with_marks_and_spaces_but_only_alone(text: str, said: str | None) -> None:
    assert command(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我想给孩子报名", "enrol"),
        ("需要准备哪些材料", "guide"),
        ("审核到哪一步啦", "diary"),
        ("为什么没分到一小", "why"),
        ("结果出来了吗", "result"),
        ("今天天气真好", None),
    ],
)
def test_a_wish_is_heard_in_a_sentence(text: str, said: str | None) -> None:
    assert intent(text) == said


@settings(max_examples=100)
@given(st.text(max_size=80))
def test_no_text_breaks_a_reader(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert " " not in bare(text)
    for read in (
        number,
        numbers,
        yes_or_no,
        read_name,
        read_phone,
        read_code,
        read_relation,
        read_nation,
        read_paper,
        search_words,
        intent,
        command,
        read_stage,
    ):
        read(text)  # type: ignore[operator]
    read_date(text, TODAY)
    read_id(text, TODAY)
