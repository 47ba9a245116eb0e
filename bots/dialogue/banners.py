"""Which banner (旗区) a person's matter belongs to: what the conversation tells of it, and the question where nothing does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bots.dialogue.asking import wrong_number
from bots.dialogue.reading.answers import choice, is_skip
from bots.dialogue.reading.places import read_banner
from bots.dialogue.steps import Fill, Question, Reading, Scene, always
from bots.dialogue.values import Conversation, Frame, Reply
from bots.dialogue.world import Banner, World


def banner_spoken_of(frames: Sequence[Frame]) -> str:
    """The banner of the place that matters in hand are about, the latest first; empty where none names one."""
    return next((banner for frame in reversed(frames) if (banner := _banner_in(frame))), "")


def _banner_in(frame: Frame) -> str:
    unit = frame.slots.get("unit")
    if isinstance(unit, dict) and unit.get("banner"):
        return str(unit["banner"])
    found = {str(one.get("banner", "")) for one in frame.slots.get("unit_found") or ()}
    return found.pop() if len(found) == 1 else str(frame.slots.get("poster_banner") or "")


def known_banner(conversation: Conversation, world: World) -> str:
    """The banner whose officials this person's matter concerns, empty where nothing tells: that of the child in hand's
    application, of the place spoken of last, of the applications of all children where they agree.
    """
    children = (world.child(str(frame.slots.get("child"))) for frame in reversed(conversation.frames))
    in_hand = [child.application.banner for child in children if child and child.application]
    filed = {child.application.banner for child in world.children if child.application}
    return next(iter(in_hand), "") or conversation.banner or (filed.pop() if len(filed) == 1 else "")


def which_banner(
    name: str, *, applies: Callable[[Scene], bool] = always, need_not_be_answered: bool = False
) -> Question:
    """Which of the banners in the slot `banners` (`[{"code", "name"}]`), by number or by name as people shorten it."""

    def offered(scene: Scene) -> tuple[Banner, ...]:
        return tuple(Banner(one["code"], one["name"]) for one in scene.slot("banners") or ())

    def ask(scene: Scene) -> Reply:
        names = [banner.name for banner in offered(scene)]
        child = scene.child()
        facts: dict[str, Any] = {"options": names, "child": child.name if child else ""}
        return Reply(f"chat.ask.{name}", facts, tuple(map(str, range(1, len(names) + 1))))

    def read(scene: Scene, text: str) -> Reading:
        if need_not_be_answered and is_skip(text):
            return Fill({name: ""})
        banners = offered(scene)
        index = choice(text, [banner.name for banner in banners])
        found = banners[index] if index is not None else read_banner(text, banners)
        return Fill({name: found.code}) if found else wrong_number(len(banners))

    return Question(name, ask, read, applies=applies, need_not_be_answered=need_not_be_answered)
