"""What families ask of later rooms, as protocols; wiring.py hands the real ones in."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask import current_app


class RegistrationOf(Protocol):
    """Tells the application that a child's card shows."""

    def __call__(self, child_id: uuid.UUID) -> Mapping[str, Any] | None:
        """{id, state} of the live application, else of the last one, else None."""


class HeldData(Protocol):
    """Tells what a later room holds about an account and its children, for the family's own export."""

    def __call__(self, account_id: uuid.UUID, child_ids: Sequence[uuid.UUID]) -> Any:
        """JSON of everything held, in clear: the family's own."""


def registration_of(child_id: uuid.UUID) -> Mapping[str, Any] | None:
    """The child's application as the app was assembled to tell it; None where no room takes applications."""
    tell: RegistrationOf | None = current_app.extensions.get("registration_of")
    return tell(child_id) if tell else None


def held_by_later_rooms() -> Mapping[str, HeldData]:
    """Section of the export → the room's teller."""
    tellers: Mapping[str, HeldData] = current_app.extensions.get("held_data", {})
    return tellers
