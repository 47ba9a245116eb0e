"""Locks of the years before the service, from a banner's list (domain 2.3): ordinary locks that say where they come from."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, insert, select

from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.policy.gateways import id_number_fault
from backend.policy.rules.book import Book
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import WHOLE_SHEET, Rows
from backend.seats.address_locks import home_index
from backend.seats.rows import AddressLock
from backend.seats.rules.home_sheet import UsedHome, read_used_homes


def read_homes(book: Book, rows: Rows) -> tuple[Callable[[], None], list[RowFault]]:
    """What takes the list's locks over in place of those the banner listed before for the same stages, and the faults.

    A line holds for the years of the book in force; one that holds no more is told and not kept.
    """
    years: dict[str, int] = {lock.stage: lock.years for lock in book.locks}
    homes, faults = read_used_homes(rows, years, id_number_fault(), book.year)
    locks = [_lock(book.banner, home, home.year + years[home.stage]) for home in homes]
    held = [lock for lock in locks if lock["free_in"] > book.year]
    listed = (AddressLock.listed_by == book.banner) & AddressLock.stage.in_({home.stage for home in homes})
    if len(held) < len(locks):
        told = f"有{len(locks) - len(held)}行的锁定年限已满，这些房的学位可以再用，不保存。"
        faults.append(RowFault(WHOLE_SHEET, "", told, grave=False))
    columns = (AddressLock.home_index, AddressLock.stage, AddressLock.year)
    kept = {(lock["home_index"], lock["stage"], lock["year"]) for lock in held}
    lost = {tuple(row) for row in db.session.execute(select(*columns).where(listed))} - kept
    if lost:
        told = f"以前导入的同学段名单里有{len(lost)}条在这张表里没有，导入后这些锁定取消。"
        faults.append(RowFault(WHOLE_SHEET, "", told, grave=False))

    def take_over() -> None:
        db.session.execute(delete(AddressLock).where(listed))
        if held:
            db.session.execute(insert(AddressLock), held)

    return take_over, faults


def _lock(banner: str, home: UsedHome, free_in: int) -> dict[str, Any]:
    known = blind_index("child.known", f"resident:{home.id_number}") if home.id_number else None
    return {
        "home_index": home_index(home.property_unit),
        "stage": home.stage,
        "school": home.school,
        "listed_by": banner,
        "holder_index": known,
        "year": home.year,
        "free_in": free_in,
    }
