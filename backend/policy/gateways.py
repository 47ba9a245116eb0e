"""What policy needs from a later room, as a protocol; wiring.py hands the real one in."""

from collections.abc import Callable
from typing import Protocol

from flask import current_app

from backend.policy.rules.book import Book
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Rows

ReadSheet = Callable[[Book, Rows], tuple[Callable[[], None], list[RowFault]]]


class IdNumberFaultTeller(Protocol):
    """Says what is wrong with an ID number (GB 11643)."""

    def __call__(self, number: str) -> str | None:
        """A Chinese sentence, or None where nothing is wrong."""


def id_number_fault() -> IdNumberFaultTeller:
    """The teller the app was assembled with (`app.extensions["id_number_fault"]`)."""
    teller: IdNumberFaultTeller = current_app.extensions["id_number_fault"]
    return teller


def read_homes() -> ReadSheet:
    """Reads the sheet of homes whose seat was used in former years (`app.extensions["read_homes"]`)."""
    reader: ReadSheet = current_app.extensions["read_homes"]
    return reader
