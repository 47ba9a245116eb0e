"""Filing, transfers and no-shows as sections of the book: defaults, words for families, faults in sentences (D15, D30, E28)."""

import datetime as dt
from typing import Any

import pytest

from backend.policy.book_for import book_for
from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.after_words import after_words
from backend.policy.rules.parse_book import BookFaulty, book_of
from backend.policy.rules.times import BEIJING

MODELS = ("capital-2023", "dalate-2022", "kangbashi-2020", "weifang-2019")


def content_with(model: str = "dalate-2022", **sections: dict[str, Any]) -> dict[str, Any]:
    return read_book(BOOKS / model).content | sections


def faults_with(model: str = "dalate-2022", **sections: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(BookFaulty) as refused:
        book_of(content_with(model, **sections))
    return {fault.pointer: fault.what for fault in refused.value.faults}


@pytest.mark.parametrize("model", MODELS)
def test_a_book_that_says_nothing_has_the_documented_defaults_and_its_old_hash(model: str) -> None:
    written = read_book(BOOKS / model)
    silent = {key: part for key, part in written.content.items() if key not in {"filing", "transfers", "no_show"}}
    book = book_of(silent)
    assert "filing" not in book.content
    assert (book.filing.admits, book.transfers.offered, book.transfers.to) == ("publication", True, "any-with-room")
    assert (book.transfers.order, book.transfers.waiting_list_first) == ("asked", True)
    assert (book.no_show.kept_days, book.no_show.next_year, book.no_show.reports_from) == (0, True, None)
    fixed = book.confirmation.silence == "record-fixed"
    assert book.seat_of_absent == ("stays" if fixed else "waiting-list")


def test_the_capitals_book_sends_a_transfer_to_the_nearest_school_with_room() -> None:
    """D15: 依据各学校学位状况就近安排."""
    assert read_book(BOOKS / "capital-2023").transfers.to == "nearest-with-room"


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ({"filing": {"admits": "filing"}}, "预录取"),
        ({"transfers": {"offered": False}}, "不办转学"),
        ({"transfers": {"from_on": "2027-08-04", "to_on": "2027-08-08"}}, "2027年8月4日起到2027年8月8日为止办理"),
        ({"transfers": {"to": "nearest-with-room"}}, "最近的一所"),
        ({"transfers": {"order": "seat-type"}}, "按学位类型的先后"),
        ({"transfers": {"waiting_list_first": True}}, "先给候补"),
        ({"no_show": {"reports_from": "2027-09-01"}}, "2027年9月1日起"),
        ({"no_show": {"kept_days": 5}}, "再保留 5 个工作日"),
        ({"no_show": {"kept_days": 7, "unit": "calendar"}}, "再保留 7 天"),
        ({"no_show": {"seat": "further-round"}}, "留给下一轮派位"),
        ({"no_show": {"seat": "stays"}}, "一直给孩子保留"),
    ],
)
def test_each_setting_is_said_to_families_on_the_disclosure_page(section: dict[str, Any], says: str) -> None:
    assert says in "".join(after_words(book_of(content_with(**section))))


def test_next_years_penalty_is_said_only_where_it_follows() -> None:
    assert "归入末位类型" in "".join(after_words(book_of(content_with())))
    assert "归入末位类型" not in "".join(after_words(book_of(content_with(no_show={"next_year": False}))))
    assert "归入末位类型" not in "".join(after_words(read_book(BOOKS / "kangbashi-2020")))


@pytest.mark.parametrize(
    ("section", "pointer", "says"),
    [
        ({"filing": {"admits": "never"}}, "/filing/admits", "不在可选范围"),
        ({"transfers": {"to": "the-best"}}, "/transfers/to", "不在可选范围"),
        ({"transfers": {"from_on": "2027-02-30"}}, "/transfers/from_on", "不是日历上的日子"),
        ({"transfers": {"from_on": "2027-01-04"}}, "/transfers/from_on", "登记结束以前"),
        ({"transfers": {"from_on": "2027-08-08", "to_on": "2027-08-04"}}, "/transfers/to_on", "不早于开始"),
        ({"transfers": {"offered": False, "to_on": "2027-08-04"}}, "/transfers/offered", "不要写转学的日期"),
        ({"transfers": {"fast_lane": True}}, "/transfers/fast_lane", "不认识"),
        ({"no_show": {"kept_days": 61}}, "/no_show/kept_days", "不能大于60"),
        ({"no_show": {"kept_days": -1}}, "/no_show/kept_days", "不能小于0"),
        ({"no_show": {"reports_from": "2027-01-01"}}, "/no_show/reports_from", "登记还没有结束"),
        ({"no_show": {"seat": "stays", "kept_days": 3}}, "/no_show/kept_days", "不要写保留几天"),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_that_says_what_is_wrong(
    section: dict[str, Any], pointer: str, says: str
) -> None:
    assert says in faults_with(**section)[pointer]


def test_a_fixed_record_cannot_give_its_seat_on_and_a_penalty_needs_a_class_that_asks() -> None:
    """D28, D30; domain 2.10."""
    assert "D28" in faults_with("capital-2023", no_show={"seat": "waiting-list"})["/no_show/seat"]
    assert "保留几天" in faults_with("capital-2023", no_show={"kept_days": 3})["/no_show/kept_days"]
    assert "末位类型" in faults_with("kangbashi-2020", no_show={"next_year": True})["/no_show/next_year"]


def test_a_models_days_move_with_its_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    dated = book_of(content_with(transfers={"from_on": "2027-08-04"}, no_show={"reports_from": "2027-09-01"}))
    monkeypatch.setattr("backend.policy.book_for.read_book", lambda _folder: dated)
    first = min(window.opens_at for window in dated.windows)
    moved = book_for("dalate-2022", "150621", "达拉特旗", 2028, first.astimezone(BEIJING) + dt.timedelta(days=366))
    assert (moved.transfers.from_on, moved.no_show.reports_from) == ("2028-08-04", "2028-09-01")
