"""What the ledger needs from higher rooms: the rules behind a hash, whichever room published them."""

from collections.abc import Mapping
from typing import Any, Protocol

from flask import current_app

from backend.policy.books_in_force import book_of_hash


class LedgerBook(Protocol):
    """Published rules as the ledger enters them: whose, of which year, which version, and their whole content."""

    @property
    def banner(self) -> str:
        """The code of the banner or the city."""

    @property
    def year(self) -> int:
        """The year of the season."""

    @property
    def version(self) -> int:
        """The version within the year, from 1."""

    @property
    def sha256(self) -> str:
        """The hash of the content's canonical JSON."""

    @property
    def content(self) -> Mapping[str, Any]:
        """What was written."""


class BookFinder(Protocol):
    """A higher room's own rules, such as those of an exam year."""

    def __call__(self, sha256: str) -> LedgerBook | None:
        """The rules with this hash, or None where they are not this room's."""


def book_behind(sha256: str) -> LedgerBook:
    """The published rules with this hash. Raises NoBookInForce, BookAltered."""
    finder: BookFinder | None = current_app.extensions.get("exam_book")
    return (finder(sha256) if finder else None) or book_of_hash(sha256)
