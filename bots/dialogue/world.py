"""What the door knows when a message comes in: read-only facts, handed to the dialogue as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Window:
    """When a stage of a banner takes applications: the half-open interval [opens_at, closes_at)."""

    stage: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a banner's published calendar, such as 公布结果."""

    what: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Banner:
    """A banner (旗区), whether its disclosure stands (D12a-f), its windows and its calendar."""

    code: str
    name: str
    disclosed: bool = True
    windows: tuple[Window, ...] = ()
    dates: tuple[Date, ...] = ()

    def window(self, stage: str) -> Window | None:
        """The window of `stage`, None where the banner has none."""
        return next((window for window in self.windows if window.stage == stage), None)


@dataclass(frozen=True, slots=True)
class Consent:
    """A purpose that a guardian may agree to or refuse, with the very text that is shown."""

    purpose: str
    title: str
    text: str
    sha256: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Application:
    """A child's application as far as a conversation needs it. `form` has the field names of the HTTP interface.

    `photos` is the newest photograph of each kind of paper with its verdict: waiting, good, retake or human.
    """

    id: str
    state: str
    banner: str
    stage: str
    receipt: str = ""
    missing: tuple[str, ...] = ()
    retakes: tuple[str, ...] = ()
    photos: tuple[tuple[str, str], ...] = ()
    form: Mapping[str, Any] = field(default_factory=dict)
    return_by: datetime | None = None
    letter_opens_at: datetime | None = None
    return_reason: str = ""
    confirm_by: datetime | None = None
    school: str = ""
    options: tuple[tuple[str, str], ...] = ()
    options_at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A child that this person may act for, as guardian or as a helper."""

    id: str
    name: str
    born_on: str
    helped: bool = False
    application: Application | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Everything the dialogue may look at besides the message."""

    banners: tuple[Banner, ...] = ()
    children: tuple[Child, ...] = ()
    consents: tuple[Consent, ...] = ()
    has_phone: bool = False
    guardian_is_named: bool = False
    by_sms: bool = False
    is_candidate: bool = False
    help_is_open: bool = False

    def child(self, child_id: str) -> Child | None:
        """The child with this id, None where this person may not act for it."""
        return next((child for child in self.children if child.id == child_id), None)

    def banner(self, code: str) -> Banner | None:
        """The banner with this code."""
        return next((banner for banner in self.banners if banner.code == code), None)
