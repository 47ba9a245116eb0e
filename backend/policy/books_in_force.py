"""The rule-books in force: the newest published version of each banner, read once a process and hash."""

from collections import OrderedDict

from sqlalchemy import func, select

from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.policy.rows import RuleBook
from backend.policy.rules.book import Book
from backend.policy.rules.parse_book import book_of

MOST_KEPT = 64
BANNER_LOCKS = 1506
"""The first key of the advisory locks that this room takes."""


class NoBookInForce(Refusal):
    """The banner has published no rule-book."""

    code = "no-book-in-force"
    status = 404


class BookAltered(Exception):
    """The stored content does not give the hash it was published with: somebody changed the database."""


_read: OrderedDict[str, Book] = OrderedDict()
"""Books by their hash. A content never changes, so what was read once stays true; the oldest is forgotten first."""


def book_in_force(banner: str) -> Book:
    """The book that the banner published last. Raises NoBookInForce."""
    sha256 = db.session.execute(
        select(RuleBook.sha256).where(RuleBook.banner == banner).order_by(RuleBook.id.desc()).limit(1)
    ).scalar_one_or_none()
    if sha256 is None:
        raise NoBookInForce(banner=banner)
    return book_of_hash(sha256)


def book_of_hash(sha256: str) -> Book:
    """The published book with this hash: the one a run or a seat was decided by. Raises NoBookInForce, BookAltered."""
    if sha256 in _read:
        return _read[sha256]
    content = db.session.execute(select(RuleBook.content).where(RuleBook.sha256 == sha256)).scalar_one_or_none()
    if content is None:
        raise NoBookInForce(banner="")
    book = book_of(content)
    if book.sha256 != sha256:
        raise BookAltered(sha256)
    _read[sha256] = book
    while len(_read) > MOST_KEPT:
        _read.popitem(last=False)
    return book


def hold_banner(banner: str) -> None:
    """Let no other official change the same banner's book, page or places until this transaction ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(BANNER_LOCKS, int(banner))))


def books_in_force() -> list[Book]:
    """The books of all banners, by banner code."""
    newest = select(func.max(RuleBook.id)).group_by(RuleBook.banner)
    found = db.session.execute(
        select(RuleBook.sha256).where(RuleBook.id.in_(newest)).order_by(RuleBook.banner)
    ).scalars()
    return [book_of_hash(sha256) for sha256 in list(found)]


def latest_version(banner: str, year: int) -> int:
    """The newest published version of the banner's book of a year; 0 where there is none."""
    return db.session.execute(
        select(func.coalesce(func.max(RuleBook.version), 0)).where(RuleBook.banner == banner, RuleBook.year == year)
    ).scalar_one()
