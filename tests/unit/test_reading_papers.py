"""What stands on a page is told by where it stands; what cannot be so is not proposed (A23, wishes 9)."""

import io
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.documents.gateways.reader import is_installed, reader
from backend.documents.rules.boxes import Box, straightened
from backend.documents.rules.read_papers import PAGES, is_other_page, read_page
from backend.documents.rules.read_values import READERS, certificate, day, ethnicity, id_number, last_day
from rehearsal.chance import Chance
from rehearsal.damage import DAMAGES
from rehearsal.identity_numbers import NumberOffice
from rehearsal.papers_drawn import DRAWN

NUMBER = NumberOffice().number("150603", date(2020, 5, 23), "female")


def box(text: str, left: float, top: float, sure: int = 99, height: float = 40) -> Box:
    return Box(text, sure, left, top, left + height * max(1, len(text)), top + height)


CARD = [
    box("姓名 沈梦诗", 100, 100),
    box("性别女", 100, 180),
    box("民族漢", 400, 180),
    box("出生2020年5月23日", 100, 260),
    box("住址", 100, 340),
    box("鄂尔多斯市康巴什区滨河街", 220, 338),
    box("道兴旺社区2号楼", 222, 394),
    box("公民身份号码", 100, 600),
    box(NUMBER, 420, 602),
]


def values(boxes: list[Box]) -> dict[str, str]:
    return {name: read.value for name, read in read_page(boxes).fields.items()}


def test_an_id_card_is_read_whatever_the_order_of_its_boxes() -> None:
    wanted = {
        "name": "沈梦诗",
        "sex": "female",
        "ethnicity": "汉",
        "born_on": "2020-05-23",
        "address": "鄂尔多斯市康巴什区滨河街道兴旺社区2号楼",
        "id_number": NUMBER,
    }
    assert values(CARD) == values(CARD[::-1]) == wanted
    assert read_page(CARD).page == "id-card"


@settings(max_examples=15, deadline=None)
@given(st.permutations(CARD), st.floats(-0.08, 0.08))
def test_a_slant_of_some_degrees_changes_nothing(boxes: list[Box], slant: float) -> None:
    """The page is straightened by the slant of its lines, so rows stay rows."""

    def slanted(each: Box) -> Box:
        cosine, sine = np.cos(slant), np.sin(slant)
        x, y = (each.left + each.right) / 2, each.middle
        across, down = x * cosine - y * sine, x * sine + y * cosine
        half = (each.right - each.left) / 2
        tall = each.height / 2 + abs(sine) * half
        return Box(each.text, each.sure, across - half, down - tall, across + half, down + tall, slant)

    read = values([slanted(each) for each in boxes])
    assert read["id_number"] == NUMBER
    assert read["name"] == "沈梦诗"
    assert len(straightened(boxes)) == len(boxes)


def test_a_number_with_a_wrong_digit_is_not_proposed_at_all() -> None:
    wrong = NUMBER[:-2] + str((int(NUMBER[-2]) + 1) % 10) + NUMBER[-1]
    assert "id_number" not in values([*CARD[:-1], box(wrong, 420, 602)])


def test_a_birthday_that_the_number_denies_is_said_by_neither_for_sure() -> None:
    boxes = [*CARD[:3], box("出生2020年5月28日", 100, 260), *CARD[4:]]
    fields = read_page(boxes).fields
    assert not fields["born_on"].is_confident
    assert not fields["id_number"].is_confident


def test_what_the_reader_is_not_sure_of_is_said_so_or_left_out() -> None:
    assert not read_page([box("姓名 沈梦诗", 100, 100, 75), *CARD[1:]]).fields["name"].is_confident
    assert "name" not in read_page([box("姓名 沈梦诗", 100, 100, 40), *CARD[1:]]).fields


def test_a_page_of_another_kind_is_known_and_an_unknown_one_is_none() -> None:
    certificate_page = [
        box("不动产权证书", 300, 50),
        box("权利人", 50, 200),
        box("坐落", 50, 320),
        box("乌云", 300, 200),
    ]
    assert read_page(certificate_page).page == "property"
    assert is_other_page("household", "property")
    assert not is_other_page("household", "household-head")
    assert not is_other_page("other", "property")
    assert not is_other_page("household", "")
    assert read_page([box("今日菜单", 10, 10), box("羊肉面 18元", 10, 80)]).page == ""
    assert read_page([]).page == ""


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.integers(0, 1500), st.integers(0, 1500), st.integers(0, 100)), max_size=20
    )
)
def test_whatever_is_read_a_proposal_is_one_of_the_pages_fields_and_possible(
    told: list[tuple[str, int, int, int]],
) -> None:
    """Total over any boxes: no text off a page raises, and values are of their kind."""
    reading = read_page([box(text, left, top, sure) for text, left, top, sure in told])
    assert reading.page in {"", *PAGES}
    for name, read in reading.fields.items():
        assert READERS[name](read.value) is not None or name in {"sex", "born_on"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("2019年10月2日", "2019-10-02"), ("2019.10.02", "2019-10-02"), ("20191002", "2019-10-02"), ("2019年13月2日", None),
     ("2O19年1O月2日", "2019-10-02"), ("", None)],
)  # fmt: skip
def test_dates_are_read_as_papers_write_them(text: str, wanted: str | None) -> None:
    assert day(text) == wanted


def test_values_that_papers_write_in_their_own_ways() -> None:
    assert certificate("蒙（2019）康巴什区不动产权第0000001号") == "蒙(2019)康巴什区不动产权第0000001号"
    assert certificate("蒙2019不动产") is None
    assert last_day("2022.03.01-2025.03.01") == "2025-03-01"
    assert last_day("2022.03.01") is None
    assert ethnicity("蒙古族") == "蒙古"
    assert ethnicity("火星族") is None
    assert id_number(f"号码{NUMBER}") == NUMBER


def test_sixteen_damages_leave_pictures_of_the_pages_own_kind() -> None:
    assert len(DAMAGES) == 16
    picture, truth = DRAWN["id-card"](Chance("damage"), NumberOffice())
    for damage in DAMAGES.values():
        spoilt = damage(picture, np.random.default_rng(1))
        assert spoilt.mode == "RGB"
        assert min(spoilt.size) > 400
    assert set(truth) == set(PAGES["id-card"].labels)


@pytest.mark.skipif(not is_installed(), reason="the extra ocr is not installed: everything is typed by hand")
def test_with_the_extra_a_drawn_page_is_read_whole() -> None:
    engine = reader()
    assert engine is not None
    picture, truth = DRAWN["id-card"](Chance("one page"), NumberOffice())
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    fields = read_page(engine.read(out.getvalue())).fields
    assert {name: read.value for name, read in fields.items()} == dict(truth)
