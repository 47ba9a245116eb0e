"""The closing of a window is an event, not a time (promises D5, P3).

Whoever submits holds a shared lock on the window and finds no closing written; the closer takes the same lock alone,
counts, and writes the closing. So every receipt that was given is in the closed set, and after the closing none is given.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, text

from backend.enrolment.rows import Application, FiledIntent, WindowClosing
from backend.fairness.merkle import merkle_root
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.policy.books_in_force import book_in_force
from backend.policy.require_open_window import WindowClosed

GRACE = timedelta(seconds=60)
"""How long after the close a submission that arrived in time may still be on its way to its commit."""


def _window_key(banner: str, stage: str, closes_at: datetime) -> str:
    return f"window/{banner}/{stage}/{int(closes_at.timestamp())}"


def schedule_closing(banner: str, stage: str, closes_at: datetime) -> None:
    """Put the closing of this window, once, for when its grace has passed."""
    payload = {"banner": banner, "stage": stage, "closes_at": closes_at.isoformat()}
    put_task("close-window", _window_key(banner, stage, closes_at), payload, due_at=closes_at + GRACE)


def schedule_closings(banner: str) -> None:
    """Put the closing of every registration window of the book in force: one that nobody drafted in closes as well."""
    for window in book_in_force(banner).windows:
        if window.kind == "registration":
            schedule_closing(banner, window.stage, window.closes_at)


def hold_open(banner: str, stage: str, closes_at: datetime) -> None:
    """Keep the window from closing until the present transaction ends. Raises WindowClosed where the closing is written."""
    _lock("pg_advisory_xact_lock_shared", banner, stage, closes_at)
    if closing_of(banner, stage, closes_at) is not None:
        raise WindowClosed(banner=banner, stage=stage, closes_at=closes_at.isoformat())


def close_window(banner: str, stage: str, closes_at: str) -> None:
    """Write the closing with the number of receipts and their Merkle root (RFC 6962, receipts in ascending order).

    Waits for every submission that is on its way. Does nothing before the grace has passed, or a second time.
    """
    instant = datetime.fromisoformat(closes_at)
    if clock.now() < instant + GRACE:
        return
    _lock("pg_advisory_xact_lock", banner, stage, instant)
    if closing_of(banner, stage, instant) is not None:
        return
    receipts = receipts_of(banner, stage, instant)
    closing = WindowClosing(
        banner=banner,
        stage=stage,
        closes_at=instant,
        closed_at=clock.now(),
        receipts=len(receipts),
        merkle_root=merkle_root([receipt.encode() for receipt in receipts]).hex(),
    )
    db.session.add(closing)
    db.session.flush()
    record("window.closed", "banner", banner, stage=stage, receipts=len(receipts), merkle_root=closing.merkle_root)


def closing_of(banner: str, stage: str, closes_at: datetime) -> WindowClosing | None:
    """The closing of this window, or None while it stands open."""
    return db.session.execute(
        select(WindowClosing).where(
            WindowClosing.banner == banner, WindowClosing.stage == stage, WindowClosing.closes_at == closes_at
        )
    ).scalar_one_or_none()


def receipts_of(banner: str, stage: str, closes_at: datetime) -> list[str]:
    """Every receipt given in this window, withdrawn ones and those of filed intents included, in ascending order."""
    found = db.session.execute(
        select(Application.receipt).where(
            Application.banner == banner,
            Application.stage == stage,
            Application.window_closes_at == closes_at,
            Application.receipt.is_not(None),
        )
    )
    intents = db.session.execute(
        select(FiledIntent.receipt).where(
            FiledIntent.banner == banner, FiledIntent.stage == stage, FiledIntent.window_closes_at == closes_at
        )
    )
    return sorted({receipt for receipt in (*found.scalars(), *intents.scalars()) if receipt is not None})


def _lock(function: str, banner: str, stage: str, closes_at: datetime) -> None:
    key = _window_key(banner, stage, closes_at)
    db.session.execute(text(f"SELECT {function}(hashtextextended(:key, 0))"), {"key": key})
