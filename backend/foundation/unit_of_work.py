"""One request, one message, one task = one transaction. This is the only file that commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from backend.foundation.database import db
from backend.foundation.one_message import Statement

AFTER_COMMIT = "after_commit"
LOOK_IS_KEPT = "look_is_kept"
RETRIED_STATES = {"40001", "40P01"}
TRIES = 3

Answer = TypeVar("Answer")


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Everything inside becomes true together at the end, or nothing does; then what waits for the commit runs."""
    db.session.info[AFTER_COMMIT] = []
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    for wake in db.session.info.pop(AFTER_COMMIT, []):
        wake()


BEGIN: Statement = ("BEGIN", {})
COMMIT: Statement = ("COMMIT", {})


@contextmanager
def unit_of_work_on(connection: Connection) -> Iterator[tuple[Statement, Statement]]:
    """One unit of work on a connection that a thread keeps in autocommit: what begins its first message, what ends its last.

    Where it fails nothing is left open: the connection is closed, whatever state it was in.
    """
    try:
        yield BEGIN, COMMIT
    except BaseException:
        connection.invalidate()
        connection.close()
        raise


@contextmanager
def reading() -> Iterator[None]:
    """A look changes nothing and is rolled back; only the line that staff looked at a minor's record stays (P13)."""
    db.session.info[LOOK_IS_KEPT] = False
    try:
        yield
        if db.session.info.pop(LOOK_IS_KEPT, False):
            db.session.commit()
    finally:
        db.session.rollback()


def keep_look() -> None:
    """Let the present look be committed at its end: it has written down who looked."""
    db.session.info[LOOK_IS_KEPT] = True


def after_commit(wake: Callable[[], None]) -> None:
    """Run `wake` once the present transaction is committed (ring a bell, never a duty: it may be lost)."""
    db.session.info.setdefault(AFTER_COMMIT, []).append(wake)


def retrying(attempt: Callable[[], Answer]) -> Answer:
    """The result of `attempt`, tried anew where PostgreSQL gave up on it for another transaction's sake."""
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in RETRIED_STATES:
                raise
    return attempt()
