"""Points tables (domain 2.7): lines that count what is proved, rounded once, capped, and taken all by a veto."""

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.book import Book
from backend.policy.rules.parse_book import BookFaulty, book_of
from backend.policy.rules.points import point_sheet, rounded, sheet_lines
from backend.policy.rules.seat_types import order_keys_for

SIMING = {
    "stages": ["primary"],
    "at_most": 12_000,
    "items": [
        {
            "code": "insurance",
            "name": "社会保险",
            "per": "work.insured_months",
            "points": 400,
            "unit": 12,
            "at_most": 4800,
            "evidence": "insurance",
        },
        {
            "code": "residence",
            "name": "居住",
            "since": "residence.issued_on",
            "points": 200,
            "unit": 365,
            "at_most": 2400,
            "evidence": "residence",
        },
        {
            "code": "home",
            "name": "自有住房并居住",
            "when": {"all": [{"fact": "home.share", "at_least": 51}, {"fact": "home.lived_in", "is": True}]},
            "points": 2400,
            "evidence": "property",
        },
    ],
    "vetoes": [{"text": "经查实提供虚假材料，按规定不计积分。", "when": {"fact": "conduct.false_papers", "is": True}}],
}
"""The table of 思明 2022 as far as the domain tells it: 4 a year of insurance, 2 a year of residence, 24 for the home."""
PROVED = {"work.insured_months": 61, "residence.issued_on": "2019-08-31", "home.share": 100, "home.lived_in": True}


def book_with(table: dict[str, Any], **more: Any) -> Book:
    content = copy.deepcopy(read_book(BOOKS / "dalate-2022").content)
    return book_of(content | {"points": [table]} | more)


def points(facts: dict[str, Any], **changes: Any) -> dict[str, int]:
    sheet = point_sheet(book_with(SIMING | changes), "primary", facts)
    assert sheet is not None
    return {line.code: line.points for line in sheet.lines} | {"total": sheet.total}


def test_the_lines_count_what_is_proved() -> None:
    """61 months x 4 / 12 = 20.33 points; the residence and the home are whole."""
    year = read_book(BOOKS / "dalate-2022").year
    told = points(PROVED)
    days = (date(year, 8, 31) - date(2019, 8, 31)).days
    assert told["insurance"] == 2033
    assert told["residence"] == rounded(days * 200, 365, "half-up", 1)
    assert told["home"] == 2400
    assert told["total"] == sum(told[code] for code in ("insurance", "residence", "home"))


def test_what_nobody_has_established_counts_nothing() -> None:
    assert points({}) == {"insurance": 0, "residence": 0, "home": 0, "total": 0}


def test_every_line_and_the_sum_are_capped() -> None:
    assert points({"work.insured_months": 999})["insurance"] == 4800
    assert points(PROVED, at_most=3000)["total"] == 3000


def test_a_minimum_that_is_asked_of_everybody_gives_no_points() -> None:
    """厦门 2016: only what lies beyond the minimum counts."""
    table = copy.deepcopy(SIMING)
    table["items"][0] |= {"beyond": 12}
    assert point_sheet(book_with(table), "primary", {"work.insured_months": 12}).total == 0
    assert point_sheet(book_with(table), "primary", {"work.insured_months": 24}).total == 400


def test_a_veto_takes_everything_and_says_why() -> None:
    sheet = point_sheet(book_with(SIMING), "primary", PROVED | {"conduct.false_papers": True})
    assert (sheet.total, sheet_lines(sheet)[-1]) == (0, "积分清零：经查实提供虚假材料，按规定不计积分。")
    assert sheet_lines(point_sheet(book_with(SIMING), "primary", PROVED))[0] == (
        "积分 20.33：社会保险（社会保险累计月数（补缴不计） 61）。"
    )


def test_a_stage_without_a_table_has_no_sheet() -> None:
    assert point_sheet(book_with(SIMING), "junior", PROVED) is None


def test_the_sum_is_an_order_key_of_a_seat_type() -> None:
    content = read_book(BOOKS / "dalate-2022").content
    order = [{"key": "points", "fact": "points.total", "direction": "descending", "seat_types": ["4"]}]
    book = book_with(SIMING, order=[*content.get("order", []), *order])
    assert order_keys_for(book, "4", {"points.total": 2033})["points"] == 2033


@pytest.mark.parametrize(
    ("rounding", "to", "expected"),
    [("down", 1, 33), ("half-up", 1, 33), ("up", 1, 34), ("up", 100, 100), ("down", 100, 0)],
)
def test_lines_are_rounded_as_the_table_says(rounding: str, to: int, expected: int) -> None:
    assert rounded(100, 3, rounding, to) == expected


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 400),
    st.sampled_from(["down", "half-up", "up"]),
    st.sampled_from([1, 10, 100]),
)
def test_rounding_never_moves_more_than_a_step_and_more_never_counts_less(
    numerator: int, denominator: int, rounding: str, to: int
) -> None:
    told = rounded(numerator, denominator, rounding, to)
    assert told % to == 0
    assert abs(told * denominator - numerator) <= to * denominator
    assert told <= rounded(numerator + 1, denominator, rounding, to)


@pytest.mark.parametrize(
    "change",
    [
        {"items": [SIMING["items"][0], SIMING["items"][0]]},
        {"items": [SIMING["items"][0] | {"when": {"fact": "home.none", "is": True}}]},
        {"items": [SIMING["items"][0] | {"per": "home.use"}]},
        {"items": [SIMING["items"][1] | {"since": "points.total"}]},
        {"items": [SIMING["items"][2] | {"when": {"fact": "points.total", "at_least": 1}}]},
        {"items": [SIMING["items"][0] | {"name": "奥数竞赛获奖"}]},
        {"vetoes": [{"text": "没有房", "when": {"fact": "home.none", "is": True}}]},
    ],
)
def test_a_table_that_counts_what_it_must_not_is_refused(change: dict[str, Any]) -> None:
    """D05b among them: nothing won in a contest gives points."""
    with pytest.raises(BookFaulty):
        book_with(SIMING | change)
