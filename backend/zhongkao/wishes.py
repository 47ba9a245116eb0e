"""What a candidate asks of a session, and what became of it (A55)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from backend.zhongkao.rules.session import Action

Source = Literal["candidate", "standing-order"]


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish of one candidate in the session. `arrived_at` is the stamp of the first process of ours that saw it."""

    candidate_id: int
    action: Action
    unit_id: int | None
    arrived_at: datetime
    device: bytes | None = None
    login_id: int | None = None
    request_key: str | None = None
    source: Source = "candidate"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a wish. `refused` is None where it was accepted; `unit_id` is what is held after it.

    `version` counts the candidate's accepted changes in the session. `change_id` is None where nothing was written.
    `repeated` says that the request key was answered before; the answer is the same.
    """

    refused: str | None
    unit_id: int | None
    before_unit_id: int | None
    version: int
    arrived_at: datetime
    change_id: int | None = None
    repeated: bool = False

    @property
    def receipt(self) -> str | None:
        """The number that proves an accepted change; it names the row in the record."""
        return receipt_of(self.change_id) if self.refused is None and self.change_id is not None else None


Told = tuple[Kept, dict[str, Any] | None]
"""What became of a wish, and the standing right after it (None: not told)."""


def receipt_of(change_id: int) -> str:
    """The receipt of the accepted change that stands in the record under this number."""
    return f"ZK{change_id:010d}"
