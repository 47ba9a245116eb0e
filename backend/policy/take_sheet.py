"""The one way in which an official's sheet is taken: read whole, every row's faults at once, taken over only when sound."""

from collections.abc import Callable
from dataclasses import dataclass

from backend.foundation.problems import Refusal
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Rows
from backend.policy.sheet_rows import SheetUnreadable, sheet_rows

TakeOver = Callable[[], None]
Reader = Callable[[Rows], tuple[TakeOver, list[RowFault]]]
"""Reads the rows (the header first): what takes them over, and their faults."""


class SheetNotRead(Refusal):
    """The file is no sheet that can be read; `why` says what to do."""

    code = "sheet-unreadable"
    status = 422


@dataclass(frozen=True)
class Imported:
    """What became of a sheet: its rows without the header, the faults, and whether it was taken over."""

    rows: int
    faults: list[RowFault]
    applied: bool


def take_sheet(filename: str, data: bytes, read: Reader, *, dry_run: bool) -> Imported:
    """The faults in the order of the rows (those of the whole sheet last); taken over where none is grave and this is
    no dry run. Raises SheetNotRead.
    """
    try:
        rows = sheet_rows(data, filename)
    except SheetUnreadable as fault:
        raise SheetNotRead(why=str(fault)) from fault
    take_over, faults = read(rows)
    applied = not dry_run and not any(fault.grave for fault in faults)
    if applied:
        take_over()
    in_order = sorted(faults, key=lambda fault: (fault.row == 0, fault.row, fault.column))
    return Imported(max(0, len(rows) - 1), in_order, applied)
