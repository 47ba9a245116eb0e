"""What policy needs from a later room, as a protocol; wiring.py hands the real one in."""

from typing import Protocol

from flask import current_app


class IdNumberFaultTeller(Protocol):
    """Says what is wrong with an ID number (GB 11643)."""

    def __call__(self, number: str) -> str | None:
        """A Chinese sentence, or None where nothing is wrong."""


def id_number_fault() -> IdNumberFaultTeller:
    """The teller the app was assembled with (`app.extensions["id_number_fault"]`)."""
    teller: IdNumberFaultTeller = current_app.extensions["id_number_fault"]
    return teller
