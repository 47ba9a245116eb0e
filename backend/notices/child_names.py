"""Whose notice it is: the child's name, asked of a later room through a protocol that wiring hands in."""

import uuid
from typing import Protocol

from flask import current_app


class ChildNamer(Protocol):
    """Tells the name of a child that a notice is about."""

    def __call__(self, child_id: uuid.UUID) -> str:
        """The name as the family wrote it."""


def child_name(child_id: uuid.UUID) -> str:
    """The child's name, by the namer the app was assembled with."""
    namer: ChildNamer = current_app.extensions["child_namer"]
    return namer(child_id)
