"""Locks of the years before the service, from a banner's list (domain 2.3): ordinary locks that say where they come from."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import delete, func, insert, select

from backend.enrolment.rows import Application
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.policy.gateways import id_number_fault
from backend.policy.rules.book import Book
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import WHOLE_SHEET, Rows
from backend.seats.address_locks import home_index
from backend.seats.rows import AddressLock, Seat
from backend.seats.rules.home_sheet import UsedHome, read_used_homes

LINE = (AddressLock.home_index, AddressLock.stage, AddressLock.year)
"""What makes two lines of two lists the same."""


def read_homes(book: Book, rows: Rows) -> tuple[Callable[[], None], list[RowFault]]:
    """What takes the list's locks over in place of those the banner listed before for the same stages, and the faults.

    A line holds for the years of the book in force; one that holds no more is told and not kept.
    """
    years: dict[str, int] = {lock.stage: lock.years for lock in book.locks}
    homes, faults = read_used_homes(rows, years, id_number_fault(), book.year)
    locks = [_lock(book.banner, home, home.year + years[home.stage]) for home in homes]
    held = [lock for lock in locks if lock["free_in"] > book.year]
    stages = {home.stage for home in homes}
    listed = (AddressLock.listed_by == book.banner) & AddressLock.stage.in_(stages)
    kept = {tuple(lock[column.key] for column in LINE) for lock in held}
    lost = {tuple(row) for row in db.session.execute(select(*LINE).where(listed))} - kept
    for count, told in (
        (len(locks) - len(held), "有{}行的锁定年限已满，这些房的学位可以再用，不保存。"),
        (len(lost), "以前导入的同学段名单里有{}条在这张表里没有，导入后这些锁定取消。"),
        (_settled(book, stages), "已有{}名孩子确定了学位类型，这次导入不改变他们的学位类型。"),
    ):
        if count:
            faults.append(RowFault(WHOLE_SHEET, "", told.format(count), grave=False))

    def take_over() -> None:
        db.session.execute(delete(AddressLock).where(listed))
        if held:
            db.session.execute(insert(AddressLock), held)

    return take_over, faults


def _settled(book: Book, stages: Collection[str]) -> int:
    """How many children have a settled seat type at these stages this year."""
    here = (Application.banner == book.banner, Application.year == book.year, Application.stage.in_(stages))
    seats = select(func.count()).select_from(Seat).join(Application, Application.id == Seat.application_id)
    return db.session.execute(seats.where(*here)).scalar_one()


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
