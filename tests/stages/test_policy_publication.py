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
from backend.policy.import_sheet import PlacesFixed, import_sheet
from backend.policy.publish_disclosure import DisclosureIncomplete, publish_disclosure
from backend.policy.publish_rulebook import (
    RulebookFaulty,
    RulebookOfOtherBanner,
    RulebookOfPastYear,
    VersionNotNext,
    publish_rulebook,
)
from backend.policy.require_open_window import WindowClosed, WindowNotDisclosed, WindowNotOpen, require_open_window
from tests.policy_builders import BANNER, PLAN, SCHOOLS, SHEETS, UNITS, kangbashi, made_ready, official_of, take


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
