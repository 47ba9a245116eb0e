"""What the record holds after a trial with messages: who is registered, what is undone, which letters lie on disk."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from bots.mailbox import undone

SETTLES_WITHIN = 600.0

MISSING_TASKS = (
    """SELECT count(*) FROM task WHERE done_at IS NULL AND gave_up_at IS NULL AND due_at <= clock_timestamp()"""
)
GIVEN_UP = "SELECT kind || ': ' || coalesce(last_fault, '') FROM task WHERE gave_up_at IS NOT NULL"
UNFINISHED = "SELECT count(*) FROM notice WHERE state IN ('ready', 'sending', 'unknown') AND code <> 'login-code'"
INBOX = "SELECT encode(dedupe_key, 'hex') FROM wx_inbox"
CHILDREN = "SELECT count(*) FROM child"
APPLICATIONS = "SELECT receipt FROM application WHERE state <> 'draft'"


class ChatRecord:
    """The database at this address and the letters kept in `letters`."""

    def __init__(self, database: str, letters: Path) -> None:
        self._database, self._letters = database, letters

    def settle(self) -> None:
        """Wait until nothing is due and no letter lies on disk, at most ten minutes."""
        until = time.monotonic() + SETTLES_WITHIN
        with self._connected() as connection:
            while time.monotonic() < until:
                if not _one(connection, MISSING_TASKS) + _one(connection, UNFINISHED) + letters_in(self._letters):
                    return
                time.sleep(1)

    def read(self) -> dict[str, Any]:
        """Counts by name; the keys of all messages taken, the tasks given up and the receipts of all applications, whole."""
        with self._connected() as connection:
            rows = {
                "children": CHILDREN,
                "undone tasks": MISSING_TASKS,
                "unfinished notices": UNFINISHED,
            }
            counted: dict[str, Any] = {name: _one(connection, question) for name, question in rows.items()}
            counted["inbox"] = {row[0] for row in connection.execute(INBOX.encode())}
            counted["given up"] = [row[0] for row in connection.execute(GIVEN_UP.encode())]
            counted["receipts"] = [row[0] for row in connection.execute(APPLICATIONS.encode())]
        return {**counted, "letters on disk": letters_in(self._letters)}

    @contextmanager
    def _connected(self) -> Iterator["psycopg.Connection[Any]"]:
        with psycopg.connect(self._database, autocommit=True) as connection:
            yield connection


def _one(connection: "psycopg.Connection[Any]", question: str) -> int:
    return int(connection.execute(question.encode()).fetchall()[0][0])


def letters_in(folder: Path) -> int:
    """How many letters in `folder`, in whosever file, still wait for their effect."""
    waiting = 0
    for path in folder.glob("*.letters"):
        with suppress(FileNotFoundError):
            waiting += len(undone(path.read_bytes()))
    return waiting
