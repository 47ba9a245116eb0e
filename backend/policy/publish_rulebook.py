"""Publish a version of a banner's rule-book: checked whole, hashed, never changed afterwards (A04, D03)."""

from collections.abc import Mapping
from typing import Any

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.policy.books_in_force import NoBookInForce, book_in_force, hold_banner, latest_version
from backend.policy.disclosures import standing_page
from backend.policy.publish_disclosure import complete_page, put_up_page
from backend.policy.rows import RuleBook
from backend.policy.rules.book import Book
from backend.policy.rules.parse_book import BookFaulty, book_of, parse_book


class RulebookFaulty(Refusal):
    """The rule-book has faults; `errors` names all of them with their pointers."""

    code = "rulebook-faulty"
    status = 422


class RulebookOfOtherBanner(Refusal):
    """The book is written for another banner than the one it was handed in for."""

    code = "rulebook-of-other-banner"
    status = 422


class VersionNotNext(Refusal):
    """Versions of a year's book count 1, 2, 3 …; `expected` is the one that comes next."""

    code = "version-not-next"


class RulebookOfPastYear(Refusal):
    """The banner's book in force is of a later year."""

    code = "rulebook-of-past-year"


def try_rulebook(
    actor: Actor, banner: str, written: str | Mapping[str, Any], estates_csv: str | None = None
) -> tuple[Book, Book | None]:
    """The book as it would be published, checked like one, and the book in force; nothing is changed.

    Raises NotAllowed, RulebookFaulty, RulebookOfOtherBanner, VersionNotNext, RulebookOfPastYear.
    """
    authorize_office(actor, "book.publish", banner_scopes(banner))
    book = _sound_book(written, estates_csv)
    if book.banner != banner:
        raise RulebookOfOtherBanner(banner=banner, written=book.banner)
    former = _former(banner)
    if former is not None and book.year < former.year:
        raise RulebookOfPastYear(year=former.year)
    expected = latest_version(banner, book.year) + 1
    if book.version != expected:
        raise VersionNotNext(expected=expected, written=book.version)
    return book, former


def publish_rulebook(
    actor: Actor, banner: str, written: str | Mapping[str, Any], reason: str, estates_csv: str | None = None
) -> RuleBook:
    """The published version of a book, handed in as the text of `book.toml` or as its content.

    Where the banner's disclosure page stood, the page of the new book is published with it in the same transaction,
    so that an open window does not blink; where the new page would lack something, nothing is published.
    Raises NotAllowed, RulebookFaulty, RulebookOfOtherBanner, VersionNotNext, RulebookOfPastYear, DisclosureIncomplete.
    """
    hold_banner(banner)
    book, former = try_rulebook(actor, banner, written, estates_csv)
    page_stood = former is not None and former.year == book.year and standing_page(former) is not None
    if page_stood:
        complete_page(book)
    published = RuleBook(
        banner=banner,
        year=book.year,
        version=book.version,
        model=book.model,
        sha256=book.sha256,
        content=book.content,
        reason=reason,
        published_at=clock.now(),
        published_by=actor.account_id,
    )
    db.session.add(published)
    db.session.flush()
    record("rulebook.published", "banner", banner, reason, year=book.year, version=book.version, sha256=book.sha256)
    if page_stood:
        put_up_page(actor, book)
    return published


def _sound_book(written: str | Mapping[str, Any], estates_csv: str | None) -> Book:
    try:
        return parse_book(written, estates_csv) if isinstance(written, str) else book_of(written)
    except BookFaulty as faulty:
        raise RulebookFaulty(
            [{"pointer": fault.pointer, "code": "fault", "detail": fault.what} for fault in faulty.faults]
        ) from faulty


def _former(banner: str) -> Book | None:
    try:
        return book_in_force(banner)
    except NoBookInForce:
        return None
