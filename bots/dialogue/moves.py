"""How a matter moves on: begin, follow an answer, go on to the next step, go back, start again, return to the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bots.dialogue.flows import FLOWS
from bots.dialogue.stages import application_of, next_date
from bots.dialogue.steps import Ask, Back, Errand, Fill, Gate, Keep, Leave, Miss, Question, Reading, Scene, Step
from bots.dialogue.values import Conversation, Frame, Reply, Turn
from bots.dialogue.world import World

ASKED_AGAIN = 2
"""How often a question is asked again before a human is offered."""
LONGEST_CHAIN = 60
"""Steps taken in one turn: far more than any matter has; a matter that exceeded it would be wrong."""


def begin(conversation: Conversation, frame: Frame, now: datetime, world: World) -> Turn:
    """Take up a matter. One that already waits is taken up where it stood."""
    present = conversation.frame
    if present is not None and present.flow == frame.flow and not frame.slots:
        return advance(Scene(replace(conversation, awaiting=""), present, world, now), (Reply("chat.already_at_it"),))
    others = tuple(one for one in conversation.frames if one.flow != frame.flow)
    pushed = replace(conversation, frames=others).push(frame)
    scene = Scene(pushed, frame, world, now)
    return advance(scene)


def step_at(scene: Scene) -> Step | None:
    """The first step of the matter that is not settled, None where nothing is left."""
    return next(
        (
            one
            for one in FLOWS[scene.frame.flow].steps(scene)
            if one.name not in scene.frame.slots and one.applies(scene)
        ),
        None,
    )


def advance(scene: Scene, replies: tuple[Reply, ...] = ()) -> Turn:
    """Go on to the next question or errand, past everything that the facts settle."""
    for _ in range(LONGEST_CHAIN):
        found = step_at(scene)
        if found is None:
            return _close(scene, FLOWS[scene.frame.flow].end(scene), replies)
        if isinstance(found, Gate):
            reason = found.refuse(scene)
            if reason is not None:
                return _close(scene, Leave((reason, *_what_comes_next(scene))), replies)
            scene = replace(scene, frame=scene.frame.with_slots({found.name: True}))
        elif isinstance(found, Errand):
            wish = found.wish(scene)
            waiting = replace(_stored(scene, found), awaiting=wish.name)
            return Turn(waiting, replies, (wish,))
        else:
            given = found.given(scene)
            if given is None:
                return Turn(_stored(scene, found), (*replies, found.ask(scene)))
            scene = replace(scene, frame=scene.frame.with_slots({found.name: given}))
    raise RuntimeError(f"the matter {scene.frame.flow} has no end")


def follow(scene: Scene, step: Step, reading: Reading) -> Turn:
    """Let what was read of an answer take effect."""
    frame = scene.frame
    if isinstance(reading, Fill):
        trail = frame.trail
        if isinstance(step, Question):
            trail = (*trail, (step.name, tuple(frame.slots)))
        known = replace(frame.with_slots(reading.values), trail=trail, misses=0, offers_human=False)
        return advance(replace(scene, frame=known), reading.replies)
    if isinstance(reading, Keep):
        return advance(replace(scene, frame=replace(frame.with_slots(reading.values), misses=0)), reading.replies)
    if isinstance(reading, Ask):
        waiting = scene.conversation.with_frame(replace(frame.with_slots(reading.values), at=step.name))
        return Turn(replace(waiting, awaiting=reading.wish.name), (), (reading.wish,))
    if isinstance(reading, Back):
        changing = [*(scene.slot("changing") or ()), *reading.changing]
        earlier = replace(frame.without(reading.names).with_slots({"changing": changing}), misses=0)
        return advance(replace(scene, frame=earlier), reading.replies)
    if isinstance(reading, Miss):
        return _missed(scene, step, reading)
    return _close(scene, reading, ())


def _missed(scene: Scene, step: Step, miss: Miss) -> Turn:
    frame = replace(scene.frame, misses=scene.frame.misses + 1)
    if frame.misses > ASKED_AGAIN:
        offering = replace(frame, offers_human=True, at=step.name)
        return Turn(scene.conversation.with_frame(offering), (miss.reply, Reply("chat.offer_human", {}, ("1", "2"))))
    return advance(replace(scene, frame=frame), (miss.reply,))


def back(scene: Scene) -> Turn:
    """To the question before; from the first question to the matter before, or to the menu."""
    frame = scene.frame
    if not frame.trail:
        return _close(scene, Leave((Reply("chat.left"),)), ())
    _, known = frame.trail[-1]
    earlier = replace(
        frame, trail=frame.trail[:-1], slots={key: value for key, value in frame.slots.items() if key in known}
    )
    return advance(replace(scene, frame=earlier))


def restart(scene: Scene) -> Turn:
    """The matter from its first question; with nothing answered yet, the menu."""
    if not scene.frame.trail:
        return _close(scene, Leave((Reply("chat.left"),)), ())
    first = set(scene.frame.trail[0][1])
    begun = {key: value for key, value in scene.frame.slots.items() if key in first}
    fresh = Frame(scene.frame.flow, slots=begun)
    return advance(replace(scene, frame=fresh), (Reply("chat.restarted"),))


def _close(scene: Scene, leave: Leave, replies: tuple[Reply, ...]) -> Turn:
    """End the matter; go on with the one that follows from it, else with the one that waited."""
    said = (*replies, *leave.replies)
    rest = scene.conversation.pop()
    if leave.lang:
        rest = replace(rest, lang=leave.lang)
    if leave.follow is not None:
        nearer = Scene(rest.push(leave.follow), leave.follow, scene.world, scene.now)
        turn = advance(nearer)
        return replace(turn, replies=(*said, *turn.replies))
    if rest.frame is None:
        return Turn(rest, said or (Reply("chat.menu"),))
    turn = advance(Scene(rest, rest.frame, scene.world, scene.now))
    resumed = () if FLOWS[scene.frame.flow].is_aside else (Reply("chat.resume"),)
    return replace(turn, replies=(*said, *resumed, *turn.replies))


def _what_comes_next(scene: Scene) -> tuple[Reply, ...]:
    found = application_of(scene.child())
    unit = scene.slot("unit") or {}
    banner = scene.world.banner(found.banner if found else unit.get("banner", ""))
    coming = next_date(banner, found.stage if found else str(scene.slot("stage")), scene.now)
    return (coming,) if coming else ()


def _stored(scene: Scene, step: Step) -> Conversation:
    return scene.conversation.with_frame(replace(scene.frame, at=step.name))
