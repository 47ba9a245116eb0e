"""The disclosure page as it stands: published for the very book, schools, plan and zones that now hold, or not."""

from sqlalchemy import func, select

from backend.foundation.database import db
from backend.policy.places import plan_lines_of, schools_of, zone_lines_of
from backend.policy.rows import DisclosurePublication, SheetImport
from backend.policy.rules.book import Book
from backend.policy.rules.disclosure import DisclosurePage, disclosure

PLACE_KINDS = ("units", "schools", "seats", "zones", "overflow")
"""The kinds of sheets that change what the page says."""


def page_now(book: Book) -> DisclosurePage:
    """The page as the data of this moment make it, with what is missing."""
    return disclosure(
        book,
        schools_of(book.banner),
        zone_lines_of(book.banner, book.year),
        plan_lines_of(book.banner, book.year),
    )


def last_places_import(banner: str) -> int:
    """The number of the last sheet import that changed the banner's places; 0 where there is none."""
    return db.session.execute(
        select(func.coalesce(func.max(SheetImport.id), 0)).where(
            SheetImport.banner == banner, SheetImport.kind.in_(PLACE_KINDS)
        )
    ).scalar_one()


def latest_page(book: Book) -> DisclosurePublication | None:
    """The page published last for the book's banner and year, stale or not."""
    return db.session.execute(
        select(DisclosurePublication)
        .where(DisclosurePublication.banner == book.banner, DisclosurePublication.year == book.year)
        .order_by(DisclosurePublication.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def standing_page(book: Book) -> DisclosurePublication | None:
    """The page that stands: published for this very book and for the places of this moment; else None (D12a-D12f)."""
    page = latest_page(book)
    if page is None or page.book_sha256 != book.sha256:
        return None
    return page if page.places_import == last_places_import(book.banner) else None
