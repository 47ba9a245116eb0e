"""What a matter is made of: questions to the person, errands of the door, gates of the rules; and what each may lead to.

A matter (`Flow`) is a list of steps. The step in hand is always the first one whose slot is not yet known, so every
state of a conversation has a next sentence, whatever was said before or has changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bots.dialogue.values import Answer, Conversation, Frame, Reply, Wish
from bots.dialogue.world import Child, World


@dataclass(frozen=True, slots=True)
class Scene:
    """The conversation with its matter in hand, the facts, and the time it is."""

    conversation: Conversation
    frame: Frame
    world: World
    now: datetime

    def slot(self, name: str) -> Any:
        """What is known under `name` in the matter in hand, None where nothing is."""
        return self.frame.slots.get(name)

    def child(self) -> Child | None:
        """The child of the matter in hand."""
        return self.world.child(str(self.slot("child")))


@dataclass(frozen=True, slots=True)
class Fill:
    """The step is done: its slot and perhaps others are known now."""

    values: Mapping[str, Any]
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """Something is known now, and the same step goes on."""

    values: Mapping[str, Any]
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """The answer was not understood, for this reason; the question comes again."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Ask:
    """The door must find out something before the question is settled."""

    wish: Wish
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Back:
    """These slots are forgotten and asked for again; what an earlier form said of `changing` no longer answers."""

    names: tuple[str, ...]
    replies: tuple[Reply, ...] = ()
    changing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leave:
    """The matter is closed with these words; `follow` begins the next one, `lang` is spoken from now on."""

    replies: tuple[Reply, ...] = ()
    follow: Frame | None = None
    lang: str = ""


Reading = Fill | Keep | Miss | Ask | Back | Leave


def always(_scene: Scene) -> bool:
    """For a step that every family meets."""
    return True


def nothing(_scene: Scene) -> Any:
    """For a question whose answer never follows from what is known."""
    return None


def refusal(answer: Answer) -> tuple[Reply, ...]:
    """The refusal's own sentence, and what it says about single fields."""
    told = Reply(f"problem.{answer.code}", dict(answer.data))
    details = [str(one) for one in answer.data.get("details", ())]
    return (told, Reply("chat.details", {"details": details})) if details else (told,)


def refused(_scene: Scene, answer: Answer) -> Reading:
    """The matter ends with what the refusal says."""
    return Leave(refusal(answer))


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the person knows. `given` answers it where the facts leave one answer; an `is_open` one takes free words.

    One that `need_not_be_answered` is asked once, as the last of its matter: a message that is no answer to it is taken
    as though the matter had ended.
    """

    name: str
    ask: Callable[[Scene], Reply]
    read: Callable[[Scene, str], Reading]
    hear: Callable[[Scene, Answer], Reading] = refused
    applies: Callable[[Scene], bool] = always
    given: Callable[[Scene], Any] = nothing
    is_open: bool = False
    need_not_be_answered: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """Something the door does without asking the person."""

    name: str
    wish: Callable[[Scene], Wish]
    hear: Callable[[Scene, Answer], Reading]
    applies: Callable[[Scene], bool] = always


@dataclass(frozen=True, slots=True)
class Gate:
    """A rule that may close the matter here; `refuse` says why and what is next, or None to let through."""

    name: str
    refuse: Callable[[Scene], Reply | None]
    applies: Callable[[Scene], bool] = always


Step = Question | Errand | Gate


@dataclass(frozen=True, slots=True)
class Flow:
    """One matter a family may settle in the conversation. `end` is what is said when nothing is left to ask; after an
    aside, the matter before goes on without a word about it.
    """

    name: str
    steps: Callable[[Scene], Sequence[Step]]
    end: Callable[[Scene], Leave]
    is_aside: bool = False
