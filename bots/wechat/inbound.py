"""A callback's message as a plain value, whatever WeChat calls its fields."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.dialogue.values import Event, Message, Picture, Text

ORDINARY_EVENTS = {"subscribe": "subscribe", "click": "click", "scan": "scan", "unsubscribe": "unsubscribe"}
POSTER = "qrscene_"
"""What the key of a follow begins with that came from scanning a poster."""


@dataclass(frozen=True)
class Inbound:
    """One message or event: from whom, to which account, when, and its remaining fields as texts."""

    openid: str
    account: str
    kind: str
    created: int
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def event(self) -> str:
        """The event's name in lower case, empty for a message."""
        return self.fields.get("Event", "").lower() if self.kind == "event" else ""

    @property
    def is_plain_follow(self) -> bool:
        """Whether somebody follows the account without having scanned a poster: who does is welcomed."""
        return self.event == "subscribe" and not self.fields.get("EventKey", "").startswith(POSTER)

    @property
    def dedupe_key(self) -> bytes:
        """What a repeat has in common: MsgId, or person, second and event (promises part 2). MsgId 0 is none."""
        number = self.fields.get("MsgId", "").strip()
        if self.kind != "event" and number not in {"", "0"}:
            known_by = f"message {number}"
        else:
            parts = (self.openid, str(self.created), self.kind, *(self.fields.get(name, "") for name in _TOLD))
            known_by = "event " + "\x1f".join(parts)
        return hashlib.sha256(known_by.encode()).digest()

    def message(self) -> Message | None:
        """What the dialogue is told; None for what is no word to us (a report, a menu link, a voice message)."""
        if self.kind == "text":
            return Text(self.fields.get("Content", ""))
        if self.kind == "image" and self.fields.get("MediaId"):
            return Picture(self.fields["MediaId"])
        if self.kind == "location":
            return Event("location", self.fields.get("Label", "")[:200])
        if self.event in ORDINARY_EVENTS:
            key = self.fields.get("EventKey", "")
            if self.event == "subscribe" and not self.is_plain_follow:
                return Event("scan", key.removeprefix(POSTER))
            return Event(ORDINARY_EVENTS[self.event], key)
        return None if self.kind == "event" else Text("")


_TOLD = ("Event", "EventKey", "MsgID", "Content", "MediaId")
