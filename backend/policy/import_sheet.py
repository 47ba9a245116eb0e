"""Import an official's sheet: read it whole, tell every row's faults at once, take it over only where none is grave."""

from dataclasses import dataclass

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
from backend.policy.rules.places import RowFault
from backend.policy.rules.times import window_state
from backend.policy.sheet_kinds import SHEET_KINDS
from backend.policy.sheet_rows import SheetUnreadable, sheet_rows


class SheetKindUnknown(Refusal):
    """There is no such kind of sheet."""

    code = "sheet-kind-unknown"
    status = 404


class SheetNotRead(Refusal):
    """The file is no sheet that can be read; `why` says what to do."""

    code = "sheet-unreadable"
    status = 422


class PlacesFixed(Refusal):
    """A window of the banner is open: schools, plan and zones stay as they were disclosed."""

    code = "places-fixed"


@dataclass(frozen=True)
class Imported:
    """What became of a sheet: its rows without the header, the faults, and whether it was taken over."""

    rows: int
    faults: list[RowFault]
    applied: bool


def import_sheet(actor: Actor, banner: str, kind: str, filename: str, data: bytes, *, dry_run: bool) -> Imported:
    """The faults of a sheet and, where none is grave and this is no dry run, its rows taken over.

    `kind`: units, schools, seats, zones, overflow, roster, lines. A sheet replaces what the banner had of its kind for the
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
    try:
        rows = sheet_rows(data, filename)
    except SheetUnreadable as fault:
        raise SheetNotRead(why=str(fault)) from fault
    take_over, faults = SHEET_KINDS[kind](book, rows)
    faults = sorted(faults, key=lambda fault: (fault.row == 0, fault.row, fault.column))
    count = max(0, len(rows) - 1)
    if dry_run or any(fault.grave for fault in faults):
        return Imported(count, faults, applied=False)
    taken = SheetImport(
        banner=banner,
        year=book.year,
        kind=kind,
        filename=filename[-200:],
        sha256=sha256_hex(data),
        rows=count,
        applied_at=clock.now(),
        applied_by=actor.account_id,
    )
    take_over()
    db.session.add(taken)
    db.session.flush()
    record("sheet.imported", "banner", banner, kind=kind, year=book.year, rows=count, sha256=taken.sha256)
    return Imported(count, faults, applied=True)


def _refuse_while_open(book: Book) -> None:
    if standing_page(book) is None:
        return
    now = clock.now()
    if any(window_state(book, stage, now, disclosed=True).state == "open" for stage in book.stages):
        raise PlacesFixed(banner=book.banner_name)
