"""Import an official's sheet: read it whole, tell every row's faults at once, take it over only where none is grave."""

from backend.fairness.canonical import sha256_hex
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.policy.books_in_force import book_in_force, hold_banner
from backend.policy.disclosures import PLACE_KINDS, standing_page
from backend.policy.rows import SheetImport
from backend.policy.rules.book import Book
from backend.policy.rules.times import window_state
from backend.policy.sheet_kinds import SHEET_KINDS
from backend.policy.take_sheet import Imported, take_sheet


class SheetKindUnknown(Refusal):
    """There is no such kind of sheet."""

    code = "sheet-kind-unknown"
    status = 404


class PlacesFixed(Refusal):
    """A window of the banner is open: schools, plan and zones stay as they were disclosed."""

    code = "places-fixed"


def import_sheet(actor: Actor, banner: str, kind: str, filename: str, data: bytes, *, dry_run: bool) -> Imported:
    """The faults of a sheet and, where none is grave and this is no dry run, its rows taken over.

    `kind`: units, schools, seats, zones, overflow, roster, lines, homes. A sheet replaces what the banner had of its kind for the
    year of the book in force (schools, units and former lines are added or changed, never taken away). A sheet of places makes
    the disclosure page stale until it is published again. Raises NotAllowed, NoBookInForce, SheetKindUnknown,
    SheetNotRead, PlacesFixed.
    """
    authorize_office(actor, "sheet.import", banner_scopes(banner))
    if kind not in SHEET_KINDS:
        raise SheetKindUnknown
    hold_banner(banner)
    book = book_in_force(banner)
    if kind in PLACE_KINDS and not dry_run:
        _refuse_while_open(book)
    imported = take_sheet(filename, data, lambda rows: SHEET_KINDS[kind](book, rows), dry_run=dry_run)
    if not imported.applied:
        return imported
    taken = SheetImport(
        banner=banner,
        year=book.year,
        kind=kind,
        filename=filename[-200:],
        sha256=sha256_hex(data),
        rows=imported.rows,
        applied_at=clock.now(),
        applied_by=actor.account_id,
    )
    db.session.add(taken)
    db.session.flush()
    record("sheet.imported", "banner", banner, kind=kind, year=book.year, rows=imported.rows, sha256=taken.sha256)
    return imported


def _refuse_while_open(book: Book) -> None:
    if standing_page(book) is None:
        return
    now = clock.now()
    if any(window_state(book, stage, now, disclosed=True).state == "open" for stage in book.stages):
        raise PlacesFixed(banner=book.banner_name)
