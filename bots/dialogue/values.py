"""What goes into and comes out of a turn of the conversation. Every state is a JSON value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

VERSION = 1
"""Of the stored form; a conversation stored by another version starts afresh."""
MOST_FRAMES = 3
MOST_PICTURES = 9

Slots = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """Words a person sent."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph a person sent, by the id under which the door can fetch it."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person did without words: `subscribe`, `click` (menu key), `scan` (what the code says), `location`
    (the address that the phone gives the place).
    """

    kind: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of the wish `wish`. A refused one (`ok` false) has the refusal's code and its facts in `data`."""

    wish: str
    ok: bool
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


Message = Text | Picture | Event | Answer


@dataclass(frozen=True, slots=True)
class Reply:
    """One sentence to say, by its code and facts; `choices` are answers that a tap could send, `card` names the page of
    the mini-program that shows this better than words.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    card: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Something the door must do; its outcome comes back as an `Answer` of the same name."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """One matter being talked about: its flow, what is known so far, and the way back.

    `trail` holds, for each answered question, its name and the slots known before it; `misses` counts answers in a row
    that were not understood; `at` is the step that was asked or is waited for.
    """

    flow: str
    at: str = ""
    slots: Slots = field(default_factory=dict)
    trail: tuple[tuple[str, tuple[str, ...]], ...] = ()
    misses: int = 0
    offers_human: bool = False

    def with_slots(self, more: Slots) -> Frame:
        """This frame knowing `more` as well."""
        return replace(self, slots={**self.slots, **more})

    def without(self, names: Sequence[str]) -> Frame:
        """This frame with the slots `names` forgotten."""
        return replace(self, slots={key: value for key, value in self.slots.items() if key not in names})


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that is remembered between two messages of one person. The last frame is the matter in hand; `banner` is that of
    the place spoken of last.
    """

    frames: tuple[Frame, ...] = ()
    awaiting: str = ""
    misses: int = 0
    lang: str = "zh-CN"
    banner: str = ""

    @property
    def frame(self) -> Frame | None:
        """The matter in hand, None between matters."""
        return self.frames[-1] if self.frames else None

    def with_frame(self, frame: Frame) -> Conversation:
        """This conversation with the matter in hand replaced."""
        return replace(self, frames=(*self.frames[:-1], frame), misses=0)

    def push(self, frame: Frame) -> Conversation:
        """This conversation with a new matter in hand; the oldest one is dropped where there are too many."""
        return replace(self, frames=(*self.frames, frame)[-MOST_FRAMES:], awaiting="", misses=0)

    def pop(self) -> Conversation:
        """This conversation with the matter in hand closed."""
        return replace(self, frames=self.frames[:-1], awaiting="", misses=0)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message led to."""

    conversation: Conversation
    replies: tuple[Reply, ...] = ()
    wishes: tuple[Wish, ...] = ()


def to_json(conversation: Conversation) -> dict[str, Any]:
    """The conversation as a JSON value, with its version."""
    return {
        "version": VERSION,
        "frames": [
            {
                "flow": frame.flow,
                "at": frame.at,
                "slots": dict(frame.slots),
                "trail": [[name, list(known)] for name, known in frame.trail],
                "misses": frame.misses,
                "offers_human": frame.offers_human,
            }
            for frame in conversation.frames
        ],
        "awaiting": conversation.awaiting,
        "misses": conversation.misses,
        "lang": conversation.lang,
        "banner": conversation.banner,
    }


def from_json(stored: Any) -> Conversation:
    """The conversation that was stored; a fresh one where the value is of another version or none at all."""
    if not isinstance(stored, dict) or stored.get("version") != VERSION:
        return Conversation()
    try:
        return Conversation(
            frames=tuple(_frame(one) for one in stored["frames"])[-MOST_FRAMES:],
            awaiting=str(stored["awaiting"]),
            misses=int(stored["misses"]),
            lang=str(stored["lang"]),
            banner=str(stored.get("banner", "")),
        )
    except (KeyError, TypeError, ValueError):
        return Conversation()


def _frame(stored: dict[str, Any]) -> Frame:
    return Frame(
        flow=str(stored["flow"]),
        at=str(stored["at"]),
        slots=dict(stored["slots"]),
        trail=tuple((str(name), tuple(map(str, known))) for name, known in stored["trail"]),
        misses=int(stored["misses"]),
        offers_human=bool(stored["offers_human"]),
    )
