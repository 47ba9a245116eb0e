"""Publish a banner's disclosure page (D12a-D12f): zones, plan, dates, conditions, enquiry and complaint lines."""

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.policy.books_in_force import book_in_force, hold_banner
from backend.policy.disclosures import last_places_import, page_now
from backend.policy.rows import DisclosurePublication
from backend.policy.rules.book import Book
from backend.policy.rules.disclosure import DisclosurePage


class DisclosureIncomplete(Refusal):
    """The page lacks something that must be public; `errors` names each with its duty (D12a-D12f)."""

    code = "disclosure-incomplete"
    status = 422


def publish_disclosure(actor: Actor, banner: str) -> DisclosurePublication:
    """The page as it now stands in public. Raises NotAllowed, NoBookInForce, DisclosureIncomplete."""
    authorize_office(actor, "disclosure.publish", banner_scopes(banner))
    hold_banner(banner)
    return put_up_page(actor, book_in_force(banner))


def complete_page(book: Book) -> DisclosurePage:
    """The page of a book as the data of this moment make it. Raises DisclosureIncomplete."""
    page = page_now(book)
    if page.missing:
        raise DisclosureIncomplete(
            [{"pointer": "/", "code": missing.duty, "detail": missing.what} for missing in page.missing]
        )
    return page


def put_up_page(actor: Actor, book: Book) -> DisclosurePublication:
    """Publish the page of a book in the present transaction. Raises DisclosureIncomplete."""
    page = complete_page(book)
    published = DisclosurePublication(
        banner=book.banner,
        year=book.year,
        book_sha256=book.sha256,
        places_import=last_places_import(book.banner),
        value=page.value,
        value_sha256=sha256_hex(canonical_json(page.value)),
        published_at=clock.now(),
        published_by=actor.account_id,
    )
    db.session.add(published)
    db.session.flush()
    put_task("schedule-closings", str(published.id), {"banner": book.banner})
    record(
        "disclosure.published",
        "banner",
        book.banner,
        year=book.year,
        book_sha256=book.sha256,
        value_sha256=published.value_sha256,
    )
    return published
