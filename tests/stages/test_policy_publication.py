"""Books, sheets and the disclosure page: nothing opens without the page, and the page falls with what it says."""

import copy
import datetime as dt

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backend.foundation import clock
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.identity.actors import NotAllowed
from backend.policy.books_in_force import NoBookInForce, book_in_force, book_of_hash, books_in_force
from backend.policy.disclosures import standing_page
from backend.policy.import_sheet import PlacesFixed, SheetKindUnknown, SheetNotRead, import_sheet
from backend.policy.places import (
    feeders_of,
    overflow_of,
    plan_of,
    roster_school_of,
    school_named,
    units_found,
    zones_of,
)
from backend.policy.publish_disclosure import DisclosureIncomplete, publish_disclosure
from backend.policy.publish_rulebook import (
    RulebookFaulty,
    RulebookOfOtherBanner,
    RulebookOfPastYear,
    VersionNotNext,
    publish_rulebook,
)
from backend.policy.require_open_window import WindowClosed, WindowNotDisclosed, WindowNotOpen, require_open_window
from backend.policy.rows import RosterChild
from tests.families_builders import id_number
from tests.policy_builders import BANNER, PLAN, SCHOOLS, SHEETS, UNITS, ZONES, kangbashi, made_ready, official_of, take


def test_a_published_book_is_in_force_with_its_hash(app: Application) -> None:
    """A04, D03; the hash is the one that runs and pages name."""
    by = official_of()
    with pytest.raises(NoBookInForce):
        book_in_force(BANNER)
    book = kangbashi()
    published = publish_rulebook(by, BANNER, book.content, "新年度")
    assert published.sha256 == book.sha256
    assert book_in_force(BANNER) == book
    assert book_of_hash(book.sha256) == book
    assert [one.banner for one in books_in_force()] == [BANNER]
    audit = db.session.execute(select(AuditRow).where(AuditRow.action == "rulebook.published")).scalar_one()
    assert audit.facts["sha256"] == book.sha256


def test_versions_count_up_and_the_newest_is_in_force(app: Application) -> None:
    by = official_of()
    book = kangbashi()
    publish_rulebook(by, BANNER, book.content, "第一版")
    with pytest.raises(VersionNotNext) as refusal:
        publish_rulebook(by, BANNER, book.content | {"version": 3}, "跳号")
    assert refusal.value.facts["expected"] == 2
    publish_rulebook(by, BANNER, book.content | {"version": 2, "terms_end_at": "17:00"}, "改截止钟点")
    assert book_in_force(BANNER).terms_end_at == "17:00"
    assert book_of_hash(book.sha256).terms_end_at == "18:00"


def test_books_of_others_of_the_past_and_with_faults_are_refused_whole(app: Application) -> None:
    by = official_of()
    book = kangbashi()
    faulty = copy.deepcopy(book.content)
    faulty["seat_types"][0]["when"] = {"fact": "contest.won", "is": True}
    del faulty["confirmation"]
    with pytest.raises(RulebookFaulty) as refusal:
        publish_rulebook(by, BANNER, faulty, "x")
    assert {error["pointer"] for error in refusal.value.errors} == {"/confirmation", "/seat_types/0/when/fact"}
    with pytest.raises(RulebookFaulty):
        publish_rulebook(by, BANNER, "format = ", "x")
    with pytest.raises(RulebookOfOtherBanner):
        publish_rulebook(official_of("150621"), "150621", book.content, "x")
    publish_rulebook(by, BANNER, book.content, "x")
    past = copy.deepcopy(book.content) | {"year": book.year - 1}
    past["windows"] = [
        window | {name: str(book.year - 1) + window[name][4:] for name in ("opens_at", "closes_at")}
        for window in past["windows"]
    ]
    with pytest.raises(RulebookOfPastYear):
        publish_rulebook(by, BANNER, past, "x")


def test_only_the_banners_own_officials_publish_and_import(app: Application) -> None:
    """A04: each banner runs its own admission."""
    stranger = official_of("150621")
    for attempt in (
        lambda: publish_rulebook(stranger, BANNER, kangbashi().content, "x"),
        lambda: publish_disclosure(stranger, BANNER),
        lambda: import_sheet(stranger, BANNER, "schools", "a.csv", b"", dry_run=True),
    ):
        with pytest.raises(NotAllowed):
            attempt()


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


def test_no_window_opens_without_the_disclosure_page(app: Application) -> None:
    """D12a-D12f."""
    by = official_of()
    book = made_ready(by, disclosed=False)
    with pytest.raises(WindowNotDisclosed):
        require_open_window(BANNER, "primary", clock.now())
    publish_disclosure(by, BANNER)
    window = require_open_window(BANNER, "primary", clock.now())
    assert window == next(one for one in book.windows if one.stage == "primary")


def test_an_incomplete_page_names_each_missing_duty_and_is_not_published(app: Application) -> None:
    by = official_of()
    book = kangbashi()
    publish_rulebook(by, BANNER, book.content, "x")
    take(by, "units", UNITS)
    take(by, "schools", SCHOOLS)
    with pytest.raises(DisclosureIncomplete) as refusal:
        publish_disclosure(by, BANNER)
    assert {error["code"] for error in refusal.value.errors} == {"D12a", "D12b"}
    assert standing_page(book) is None


def test_the_arrival_decides_to_the_instant(app: Application) -> None:
    by = official_of()
    book = made_ready(by, kangbashi(dt.timedelta(days=2)))
    window = book.windows[1]
    with pytest.raises(WindowNotOpen) as early:
        require_open_window(BANNER, "primary", window.opens_at - dt.timedelta(milliseconds=1))
    assert early.value.facts["opens_at"] == window.opens_at.isoformat()
    assert require_open_window(BANNER, "primary", window.opens_at)
    assert require_open_window(BANNER, "primary", window.closes_at - dt.timedelta(milliseconds=1))
    with pytest.raises(WindowClosed):
        require_open_window(BANNER, "primary", window.closes_at)


def test_a_sheet_after_publication_makes_the_page_stale_until_it_is_published_again(app: Application) -> None:
    by = official_of()
    book = made_ready(by, kangbashi(dt.timedelta(days=2)))
    assert standing_page(book) is not None
    assert take(by, "seats", PLAN).applied
    assert standing_page(book) is None
    publish_disclosure(by, BANNER)
    assert standing_page(book) is not None


def test_places_do_not_change_while_a_window_is_open(app: Application) -> None:
    """What was disclosed holds while families file."""
    by = official_of()
    made_ready(by)
    for kind, rows in SHEETS.items():
        with pytest.raises(PlacesFixed):
            take(by, kind, rows)
        assert not take(by, kind, rows, dry_run=True).applied


def test_a_new_book_takes_the_standing_page_along_so_that_an_open_window_does_not_blink(app: Application) -> None:
    by = official_of()
    book = made_ready(by)
    later = copy.deepcopy(book.content) | {"version": 2}
    for window in later["windows"]:
        window["closes_at"] = (dt.datetime.fromisoformat(window["closes_at"]) + dt.timedelta(days=1)).isoformat()
    publish_rulebook(by, BANNER, later, "延长一天")
    assert require_open_window(BANNER, "primary", book.windows[1].closes_at)
    page = standing_page(book_in_force(BANNER))
    assert page is not None
    assert page.value["version"] == 2


@pytest.mark.parametrize("table", ["rule_book", "disclosure_publication", "sheet_import"])
def test_what_was_published_is_never_changed(app: Application, table: str) -> None:
    made_ready(official_of())
    with pytest.raises(DBAPIError, match="never changed"), db.session.begin_nested():
        db.session.execute(text(f"UPDATE {table} SET year = 1999"))  # noqa: S608  # names of our own tables


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
