"""Sheets become the banner's places; what families type becomes an address unit; rosters are kept sealed."""

import datetime as dt

import pytest
from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.policy.import_sheet import SheetKindUnknown, import_sheet
from backend.policy.places import (
    feeders_of,
    overflow_of,
    plan_of,
    roster_school_of,
    school_named,
    units_found,
    zones_of,
)
from backend.policy.publish_rulebook import (
    publish_rulebook,
)
from backend.policy.rows import RosterChild
from backend.policy.take_sheet import SheetNotRead
from tests.families_builders import id_number
from tests.policy_builders import BANNER, PLAN, SCHOOLS, UNITS, ZONES, kangbashi, made_ready, official_of, take


def test_sheets_make_the_banners_places(app: Application) -> None:
    made_ready(official_of(), disclosed=False)
    assert plan_of(BANNER, "primary") == {"150603-P01": 90, "150603-P02": 45}
    assert zones_of(BANNER, "primary") == {"150603001001": ["150603-P01"], "150603001002": ["150603-P02"]}
    assert overflow_of(BANNER, "primary") == {"150603-P01": ["150603-P02"], "150603-P02": ["150603-P01"]}
    school = school_named("150603-P01")
    assert school is not None
    assert (school.name, school.stage, school.address) == ("康巴什一小", "primary", "新北路2号")
    assert school_named("150603-P99") is None


def test_a_dry_run_and_a_faulty_sheet_change_nothing(app: Application) -> None:
    by = official_of()
    publish_rulebook(by, BANNER, kangbashi().content, "x")
    take(by, "units", UNITS)
    tried = take(by, "schools", SCHOOLS, dry_run=True)
    assert (tried.rows, tried.applied, tried.faults) == (4, False, [])
    assert school_named("150603-P01") is None
    wrong = take(by, "schools", [*SCHOOLS, ["150603-P03", "", "大学", "路", ""]])
    assert not wrong.applied
    assert [(fault.row, fault.column) for fault in wrong.faults] == [(6, "学校名称"), (6, "学段")]
    assert school_named("150603-P01") is None


def test_a_second_sheet_replaces_the_first(app: Application) -> None:
    by = official_of()
    made_ready(by, disclosed=False)
    assert take(by, "seats", [PLAN[0], *([row[0], "50"] for row in PLAN[1:])]).applied
    assert plan_of(BANNER, "primary") == {"150603-P01": 50, "150603-P02": 50}
    swapped = [[row[0].replace("P01", "P0X").replace("P02", "P01").replace("P0X", "P02"), row[1]] for row in ZONES]
    assert take(by, "zones", swapped).applied
    assert zones_of(BANNER, "primary")["150603001001"] == ["150603-P02"]


def test_files_and_kinds_that_cannot_be_read_are_refused_in_words(app: Application) -> None:
    by = official_of()
    publish_rulebook(by, BANNER, kangbashi().content, "x")
    with pytest.raises(SheetNotRead) as refusal:
        import_sheet(by, BANNER, "units", "units.xls", b"x", dry_run=False)
    assert ".xlsx" in refusal.value.facts["why"]
    with pytest.raises(SheetKindUnknown):
        take(by, "pupils", UNITS)


def test_feeders_come_with_the_zones(app: Application) -> None:
    """D07: 毕业小学对口直升初中."""
    by = official_of()
    book = made_ready(by, disclosed=False)
    head = [*ZONES[0], "对口小学代码"]
    fed = [head, *([*row, ""] for row in ZONES[1:]), ["150603-J01", "", "150603-P01"]]
    assert take(by, "zones", fed).applied
    assert feeders_of("150603-J01", book.year) == ["150603-P01"]


def test_a_roster_is_found_by_id_number_and_stored_sealed(app: Application) -> None:
    """D13; promises D10: no name and no number in clear."""
    by = official_of()
    book = made_ready(by, disclosed=False)
    head = ["姓名", "身份证号", "毕业学校代码", "监护人姓名", "监护人电话"]
    child = ["苏日娜", "15060320141001999X", "150603-P01", "巴图", "17000000001"]
    wrong = take(by, "roster", [head, child])
    assert [fault.column for fault in wrong.faults] == ["身份证号"]
    number = id_number(dt.date(2014, 10, 1))
    assert take(by, "roster", [head, [child[0], number, *child[2:]]]).applied
    assert take(by, "roster", [head, [child[0], number, *child[2:]]]).applied
    assert roster_school_of(number, book.year) == "150603-P01"
    assert roster_school_of(number, book.year + 1) is None
    row = db.session.execute(select(RosterChild)).scalar_one()
    stored = row.name_sealed + row.guardian_sealed + row.id_index
    for word in (child[0], number, "17000000001"):
        assert word.encode() not in stored


def test_addresses_are_found_by_community_by_town_by_code_and_by_estate(app: Application) -> None:
    """Address or 小区 → zone."""
    by = official_of()
    book = made_ready(by, disclosed=False)
    shown = lambda words: [name for _, name in units_found(words, [book])]  # noqa: E731  # a word for the test
    assert shown("达尔罕") == ["模拟小区·达尔罕壕（达尔罕社区）"]
    assert shown("哈巴格希街道") == ["新北社区", "达尔罕社区"]
    assert [unit.code for unit, _ in units_found("150603001001", [])] == ["150603001001"]
    assert shown("达尔罕小区") == shown("达尔罕")
    assert shown("没有的小区") == []
    assert shown("%") == []
    assert shown(" ") == []
    assert units_found("新北", [book], "150621") == []
