"""A human who takes over: called at once, whoever asks; where nothing tells the banner, it is asked for afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from bots.dialogue.asking import agree, line, words
from bots.dialogue.banners import known_banner, which_banner
from bots.dialogue.steps import Errand, Fill, Flow, Leave, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Frame, Reply, Wish

LONGEST_WORDS = 500


def _call(scene: Scene) -> Wish:
    below = scene.conversation.frames[-2] if len(scene.conversation.frames) > 1 else None
    about = {"matter": below.flow, "at": below.at, "child": below.slots.get("child")} if below else {}
    told = {**about, "banner": known_banner(scene.conversation, scene.world)}
    return Wish(
        "call_human", {**{name: value for name, value in told.items() if value}, "text": scene.slot("help_text") or ""}
    )


def _called(scene: Scene, answer: Answer) -> Reading:
    return Fill({"called": True, "banners": answer.data.get("banners")}) if answer.ok else refused(scene, answer)


def _placed(scene: Scene, answer: Answer) -> Reading:
    return Leave((Reply("chat.human_placed"),)) if answer.ok else refused(scene, answer)


def _human_steps(_scene: Scene) -> Sequence[Step]:
    return (
        words("help_text", line(LONGEST_WORDS), optional=True),
        Errand("called", _call, _called),
        which_banner("help_banner", applies=lambda here: bool(here.slot("banners")), need_not_be_answered=True),
        Errand(
            "placed",
            lambda here: Wish("place_help", {"banner": here.slot("help_banner")}),
            _placed,
            applies=lambda here: bool(here.slot("help_banner")),
        ),
    )


def _offer_steps(_scene: Scene) -> Sequence[Step]:
    return (agree("offer", lambda _: Leave((Reply("chat.menu"),))),)


HUMAN = Flow("human", _human_steps, lambda _: Leave((Reply("chat.human_called"),)))
OFFER = Flow("offer", _offer_steps, lambda _: Leave(follow=Frame("human")))
