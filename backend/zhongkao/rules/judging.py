"""Whether a wish that arrives now is taken, and if not, why: the same words in the replay and in the live service."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.zhongkao.rules.session import Action, Band, Forbidden, Lock


class Refusal(StrEnum):
    """Why a wish is refused, in the order in which the reasons are tested (contracts 4)."""

    UNKNOWN_CANDIDATE = "unknown-candidate"
    UNKNOWN_UNIT = "unknown-unit"
    OUTSIDE_BAND_WINDOW = "outside-band-window"
    LOCKED = "locked"
    NOTHING_TO_CLEAR = "nothing-to-clear"


@dataclass(frozen=True, slots=True)
class Window:
    """What holds for one band: [open_at, close_at) and from when clearing and first choices are locked (None = never)."""

    open_at: int
    close_at: int
    no_clear_from: int | None
    no_first_from: int | None

    def judge(self, at: int, action: Action, *, holds_a_unit: bool) -> Refusal | None:
        """The refusal of a known candidate's wish for a known unit, or None where it is taken.

        `at` is the arrival in milliseconds. A lock holds from its own instant on (A55).
        """
        if not self.open_at <= at < self.close_at:
            return Refusal.OUTSIDE_BAND_WINDOW
        if action == "clear":
            if self.no_clear_from is not None and at >= self.no_clear_from:
                return Refusal.LOCKED
            return None if holds_a_unit else Refusal.NOTHING_TO_CLEAR
        if not holds_a_unit and self.no_first_from is not None and at >= self.no_first_from:
            return Refusal.LOCKED
        return None


def windows_of(bands: Sequence[Band], locks: Sequence[Lock]) -> list[Window]:
    """The window of each band with all the locks that name it or name none: locks add up and never end."""
    return [
        Window(
            band.open_at,
            band.close_at,
            _earliest(locks, index, "clear"),
            _earliest(locks, index, "first"),
        )
        for index, band in enumerate(bands)
    ]


def band_of(total: int, bands: Sequence[Band]) -> int | None:
    """The index of the band that holds this total (hundredths), or None where no band does."""
    return next((index for index, band in enumerate(bands) if band.holds(total)), None)


def _earliest(locks: Sequence[Lock], band: int, action: Forbidden) -> int | None:
    return min((lock.at for lock in locks if action in lock.forbid and lock.band in (None, band)), default=None)
