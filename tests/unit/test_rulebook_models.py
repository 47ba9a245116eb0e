"""The four published models: sound as they stand, hashed by what is written, movable to another banner and date."""

import datetime as dt
import json

import pytest

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.policy.book_for import book_for
from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.book import Book
from backend.policy.rules.parse_book import BookFaulty, book_of, parse_book
from backend.policy.rules.seat_types import zone_order
from backend.policy.rules.times import BEIJING

MODELS = ["capital-2023", "dalate-2022", "kangbashi-2020", "weifang-2019"]
OPENS_AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)


@pytest.fixture(params=MODELS)
def book(request: pytest.FixtureRequest) -> Book:
    return read_book(BOOKS / request.param)


def test_each_model_is_a_sound_book_of_its_own_name(book: Book) -> None:
    """A04, D03: each banner and year has a written rule-book."""
    assert book.model in MODELS
    assert (BOOKS / book.model).is_dir()


def test_exactly_the_four_models_are_delivered() -> None:
    assert sorted(folder.name for folder in BOOKS.iterdir()) == MODELS


def test_the_hash_is_that_of_the_canonical_content(book: Book) -> None:
    assert book.sha256 == sha256_hex(canonical_json(book.content))


def test_a_stored_content_gives_the_same_book_and_hash_again(book: Book) -> None:
    stored = json.loads(json.dumps(book.content, ensure_ascii=False))
    again = book_of(stored)
    assert again.sha256 == book.sha256
    assert again == book


def test_layout_and_comments_do_not_change_the_hash_but_a_word_does() -> None:
    text = (BOOKS / "dalate-2022" / "book.toml").read_text(encoding="utf-8")
    book = parse_book(text)
    assert parse_book("\ufeff# another comment\n\n" + text).sha256 == book.sha256
    assert parse_book(text.replace("version = 1", "version = 2")).sha256 != book.sha256


def test_kangbashi_has_two_types_and_dalate_five_with_a_penalty_class() -> None:
    """Domain 2.1: 康巴什 2020 two types; 达拉特旗 five, the fifth served last by lot."""
    kangbashi = read_book(BOOKS / "kangbashi-2020")
    dalate = read_book(BOOKS / "dalate-2022")
    assert [kind.code for kind in kangbashi.seat_types] == ["1", "2"]
    assert [kind.code for kind in dalate.seat_types] == ["1", "2", "3", "4", "5"]
    penalty = dalate.penalty_type("primary")
    assert penalty is not None
    assert penalty.code == "5"


def test_the_order_of_dalate_is_an_order_of_the_zone_mechanism() -> None:
    """Contracts 2: 商品房 before 公寓, 已入住 before 未入住, then the lot; the penalty class last."""
    assert zone_order(read_book(BOOKS / "dalate-2022"), "primary") == {
        "classes": ["1", "2", "3", "4", "T"],
        "last_class": "5",
        "order": [{"key": "home-use", "values": ["住宅", "公寓"]}, {"key": "lived-in", "values": ["是", "否"]}],
    }


def test_silence_means_what_each_banner_published() -> None:
    """Domain 2.10, D28: 达拉特 next year the penalty class; the capital fixes the record at the assigned school."""
    silences = {model: read_book(BOOKS / model).confirmation.silence for model in MODELS}
    assert silences["dalate-2022"] == "penalty-class-next-year"
    assert silences["capital-2023"] == "record-fixed"
    assert silences["weifang-2019"] == silences["kangbashi-2020"] == "forfeit"


def test_a_lapsed_correction_never_leaves_an_application_in_limbo(book: Book) -> None:
    """T-2.6: penalty class or giving up or coordination, by the book."""
    assert book.returns.lapse in {"penalty-class", "forfeit", "coordination"}
    assert book.term("return").days >= 1


def test_kangbashi_locks_a_home_for_three_years_except_for_siblings_and_others_do_not() -> None:
    """Domain 2.3; the lock is off where the book does not turn it on."""
    lock = read_book(BOOKS / "kangbashi-2020").lock("primary")
    assert lock is not None
    assert (lock.years, lock.sibling_exception) == (3, True)
    assert read_book(BOOKS / "dalate-2022").lock("primary") is None


def test_the_ways_of_the_models_differ_as_published() -> None:
    """C04: check first, then the application to a school; D26-D27: papers at the school, which confirms online."""
    ways = {model: read_book(BOOKS / model) for model in MODELS}
    assert ways["weifang-2019"].flow == "check-first"
    assert ways["weifang-2019"].term("choice").days >= 1
    assert ways["capital-2023"].flow == "papers-at-school"
    assert ways["capital-2023"].confirmation.by == "school"
    assert ways["capital-2023"].school_visit is not None


@pytest.mark.parametrize("model", MODELS)
def test_a_model_moves_to_any_banner_year_and_date(model: str) -> None:
    template = read_book(BOOKS / model)
    book = book_for(model, "150626", "乌审旗", 2026, OPENS_AT)
    assert (book.banner, book.banner_name, book.year, book.model) == ("150626", "乌审旗", 2026, model)
    assert min(window.opens_at for window in book.windows) == OPENS_AT
    assert book.area.towns == ()
    lengths = [window.closes_at - window.opens_at for window in book.windows]
    assert lengths == [window.closes_at - window.opens_at for window in template.windows]
    assert book.sha256 != template.sha256


def test_a_model_keeps_its_towns_and_estates_on_its_own_banner() -> None:
    moved = book_for("dalate-2022", "150621", "达拉特旗", 2026, OPENS_AT)
    assert moved.area.towns == ("150621100",)
    assert book_for("kangbashi-2020", "150603", "康巴什区", 2026, OPENS_AT).estates


def test_a_given_close_holds_for_every_stage_and_supplements_keep_their_distance() -> None:
    closes_at = OPENS_AT + dt.timedelta(hours=3)
    template = read_book(BOOKS / "weifang-2019")
    book = book_for("weifang-2019", "150627", "伊金霍洛旗", 2026, OPENS_AT, closes_at)
    registrations = [window for window in book.windows if window.kind == "registration"]
    assert {(window.opens_at, window.closes_at) for window in registrations} == {(OPENS_AT, closes_at)}
    distances = []
    for one in (template, book):
        closed = next(w.closes_at for w in one.windows if w.stage == "primary" and w.kind == "registration")
        distances.append(
            next(w.opens_at for w in one.windows if w.stage == "primary" and w.kind == "supplement") - closed
        )
    assert distances[0] == distances[1]


def test_a_model_that_is_not_there_is_an_error_and_a_wrong_year_a_fault() -> None:
    with pytest.raises(FileNotFoundError):
        book_for("nowhere-2020", "150626", "乌审旗", 2026, OPENS_AT)
    with pytest.raises(BookFaulty) as faulty:
        book_for("dalate-2022", "150621", "达拉特旗", 2030, OPENS_AT)
    assert all("2030年招生" in fault.what for fault in faulty.value.faults)
