"""Names of people: every way households write them, and how lists hide them (domain 4.3, promises 4.4)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.families.rules.claims import same_name
from backend.families.rules.ethnicities import CODES, read_ethnicity
from backend.families.rules.names import LONGEST, MIDDLE_DOT, NameFault, masked_name, read_name

LETTERS = st.text(st.sampled_from("苏日娜巴特尔其木格张欧阳锋ABCDyzᠮᠣᠩ"), min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" 苏日娜 ", "苏日娜"),
        ("苏 日 娜", "苏日娜"),
        ("乌云·其木格", "乌云·其木格"),
        ("乌云•其木格", "乌云·其木格"),
        ("乌云.其木格", "乌云·其木格"),
        ("乌云 ． 其木格", "乌云·其木格"),
        ("Anna  Maria", "Anna Maria"),
        ("O'Neil-Smith", "O'Neil-Smith"),
        ("ᠮᠣᠩᠭᠣᠯ", "ᠮᠣᠩᠭᠣᠯ"),
        ("娜", "娜"),
    ],
)
def test_a_name_is_read_however_it_is_written(written: str, read: str) -> None:
    assert read_name(written) == read


@pytest.mark.parametrize("text", ["", "   ", "···", "苏日娜1", "<b>", "苏日娜;", "-张", "x" * 51, "=HYPERLINK()"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(NameFault):
        read_name(text)


@given(st.lists(LETTERS, min_size=1, max_size=4))
@settings(max_examples=100)
def test_reading_a_name_twice_changes_nothing(parts: list[str]) -> None:
    name = read_name(MIDDLE_DOT.join(parts))
    assert read_name(name) == name
    assert 1 <= len(name) <= LONGEST
    assert same_name(name, name.replace(MIDDLE_DOT, " "))


@given(LETTERS)
@settings(max_examples=100)
def test_a_masked_name_shows_at_most_its_first_and_last_letter(name: str) -> None:
    masked = masked_name(name)
    assert "*" in masked
    assert len(masked.replace("*", "")) <= 2
    assert len(masked) <= 3


def test_a_name_without_a_family_name_and_of_fifty_letters_is_a_name() -> None:
    assert read_name("格" * LONGEST) == "格" * LONGEST


def test_ethnic_groups_have_the_codes_of_the_register() -> None:
    """GB/T 3304: 01 汉, 02 蒙古, 11 满, 30 土, 56 基诺; 57 and 58 as many systems have them."""
    assert [CODES[name] for name in ("汉", "蒙古", "满", "土", "基诺", "外国血统")] == [
        "01",
        "02",
        "11",
        "30",
        "56",
        "58",
    ]
    assert len(CODES) == 58
    assert read_ethnicity("蒙古族") == "蒙古"
    assert read_ethnicity(" 汉 ") == "汉"
    assert read_ethnicity("满族") == "满"
    assert read_ethnicity("地球") is None
