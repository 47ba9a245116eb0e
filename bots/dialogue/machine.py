"""One turn of the conversation: `step(conversation, message, now, world) -> Turn`.

What is promised (property tests hold it): no message crashes it; every text, picture, tap and scan gets an answer;
`重来`, `上一步`, `帮助`, `人工` work anywhere; a question is asked again at most twice before a human is offered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bots.dialogue import moves
from bots.dialogue.banners import banner_spoken_of
from bots.dialogue.flows import FLOWS
from bots.dialogue.reading import intents
from bots.dialogue.reading.answers import yes_or_no
from bots.dialogue.reading.plain import bare, plain
from bots.dialogue.steps import Gate, Miss, Question, Scene
from bots.dialogue.values import MOST_PICTURES, Answer, Conversation, Event, Frame, Message, Picture, Reply, Text, Turn
from bots.dialogue.wanted import matter_of, wanted_by
from bots.dialogue.world import World

WELCOME = (Reply("chat.welcome"), Reply("chat.menu"))
_GREETINGS = frozenset(
    ["喂", "你好", "您好", "在吗", "在么", "hi", "hello", "开始", "嗨", "早上好", "下午好", "有人吗", "你好啊"]
)
_THANKS = frozenset(
    ["谢谢", "谢谢你", "谢谢您", "好的", "好", "嗯", "多谢", "知道了", "明白", "明白了", "收到", "ok", "再见", "拜拜"]
)


def step(conversation: Conversation, message: Message, now: datetime, world: World) -> Turn:
    """What `message` leads to: the conversation afterwards, what to say, what the door must do.

    `now` is an aware time; `world` holds the facts of this moment. A wish's outcome is handed in as the next message,
    an `Answer`; one that nobody waits for any more changes nothing.
    """
    turn = _take(conversation, message, now, world)
    place = banner_spoken_of(turn.conversation.frames) or banner_spoken_of(conversation.frames)
    return replace(turn, conversation=replace(turn.conversation, banner=place or conversation.banner))


def _take(conversation: Conversation, message: Message, now: datetime, world: World) -> Turn:
    kept = _still_known(conversation, world)
    if isinstance(message, Answer):
        return _hear(kept, message, now, world)
    if conversation.frame is not None and kept.frame != conversation.frame and not isinstance(message, Event):
        return Turn(Conversation(lang=kept.lang), (Reply("chat.matter_gone"), Reply("chat.menu")))
    asked = _past_an_idle_question(kept, message, now, world)
    if isinstance(message, Event):
        return _event(asked, message, now, world)
    if isinstance(message, Picture):
        return _picture(asked, message, now, world)
    return _text(asked, message, now, world)


def _past_an_idle_question(conversation: Conversation, message: Message, now: datetime, world: World) -> Conversation:
    """Without the matter in hand where all it asks need not be answered, and `message` does not answer it."""
    scene = Scene(conversation, conversation.frame, world, now) if conversation.frame else None
    asked = moves.step_at(scene) if scene else None
    if scene is None or not isinstance(asked, Question) or not asked.need_not_be_answered:
        return conversation
    said = message.text[:1000] if isinstance(message, Text) else ""
    is_answer = plain(said) and intents.command(said) is None and not isinstance(asked.read(scene, said), Miss)
    return conversation if is_answer else conversation.pop()


def _still_known(conversation: Conversation, world: World) -> Conversation:
    """Without matters that no longer exist, or about a child this person may not act for any more."""

    def is_known(frame: Frame) -> bool:
        child = frame.slots.get("child")
        return frame.flow in FLOWS and (not child or world.child(str(child)) is not None)

    frames = tuple(frame for frame in conversation.frames if is_known(frame))
    if frames == conversation.frames:
        return conversation
    return replace(conversation, frames=frames, awaiting="")


def _hear(conversation: Conversation, answer: Answer, now: datetime, world: World) -> Turn:
    frame = conversation.frame
    if frame is None or conversation.awaiting != answer.wish:
        return Turn(conversation)
    scene = Scene(replace(conversation, awaiting=""), frame, world, now)
    found = moves.step_at(scene)
    if found is None or isinstance(found, Gate):
        return moves.advance(scene)
    return moves.follow(scene, found, found.hear(scene, answer))


def _event(conversation: Conversation, event: Event, now: datetime, world: World) -> Turn:
    if event.kind == "subscribe":
        return Turn(conversation, WELCOME)
    if event.kind == "click":
        wanted = event.key.casefold()
        if wanted in {intents.HELP, intents.HUMAN, intents.MENU, intents.BACK, intents.RESTART}:
            return _command(conversation, wanted, now, world)
        return moves.begin(conversation, Frame(wanted), now, world) if wanted in FLOWS else _menu(conversation)
    if event.kind == "scan":
        return moves.begin(conversation, Frame("poster", slots={"poster": event.key[:64]}), now, world)
    if event.kind == "location":
        return _located(conversation, plain(event.key), now, world)
    return Turn(conversation)


def _located(conversation: Conversation, label: str, now: datetime, world: World) -> Turn:
    """A place sent from the phone's map: the answer where an address is asked for, else the beginning of the guide."""
    if not label:
        return Turn(conversation, (Reply("chat.place_without_name"),))
    frame = conversation.frame
    asked = moves.step_at(Scene(conversation, frame, world, now)) if frame else None
    if isinstance(asked, Question) and asked.is_open:
        return _text(conversation, Text(label), now, world)
    return moves.begin(conversation, Frame("guide", slots={"address_said": label}), now, world)


def _picture(conversation: Conversation, picture: Picture, now: datetime, world: World) -> Turn:
    frame = conversation.frame
    if frame is None or frame.flow != "picture":
        return moves.begin(conversation, Frame("picture", slots={"pictures": [picture.media_id]}), now, world)
    held = list(frame.slots.get("pictures") or ())
    if len(held) >= MOST_PICTURES:
        said = Reply("chat.too_many_pictures", {"most": MOST_PICTURES})
    else:
        held.append(picture.media_id)
        said = Reply("chat.picture_kept", {"count": len(held)})
    scene = Scene(replace(conversation, awaiting=""), frame.with_slots({"pictures": held}), world, now)
    return moves.advance(scene, (said,))


def _text(conversation: Conversation, message: Text, now: datetime, world: World) -> Turn:
    said = message.text[:1000]
    wanted = intents.command(said)
    if wanted is not None:
        return _command(conversation, wanted, now, world)
    frame = conversation.frame
    if frame is None:
        return _between_matters(conversation, said, now, world)
    scene = Scene(replace(conversation, awaiting=""), frame, world, now)
    asked = moves.step_at(scene)
    if not isinstance(asked, Question):
        return moves.advance(scene, (Reply("chat.still_working"),))
    if frame.offers_human:
        return _human_offered(scene, asked, said)
    return _answer_to(scene, asked, said)


def _answer_to(scene: Scene, asked: Question, said: str) -> Turn:
    """An open question yields to the very words of another matter; a closed one to words that it does not know itself."""
    if asked.is_open and (matter := intents.exact_intent(said)) and matter != scene.frame.flow:
        return moves.begin(scene.conversation, Frame(matter), scene.now, scene.world)
    reading = asked.read(scene, said) if plain(said) else Miss(Reply("chat.miss.empty"))
    if not isinstance(reading, Miss):
        return moves.follow(scene, asked, reading)
    wanted = None if asked.is_open else matter_of(said, scene.world)
    if wanted and wanted.flow != scene.frame.flow:
        return moves.begin(scene.conversation, wanted, scene.now, scene.world)
    return moves.follow(scene, asked, reading)


def _human_offered(scene: Scene, asked: Question, said: str) -> Turn:
    wants = yes_or_no(said)
    matter = intents.exact_intent(said)
    if wants is None and matter and matter != scene.frame.flow:
        return moves.begin(scene.conversation, Frame(matter), scene.now, scene.world)
    calm = replace(scene.frame, misses=0, offers_human=False)
    if wants is True:
        return moves.begin(scene.conversation.with_frame(calm), Frame("human"), scene.now, scene.world)
    if wants is False:
        return moves.advance(replace(scene, frame=calm))
    reading = asked.read(scene, said) if plain(said) else Miss(Reply("chat.miss.empty"))
    if isinstance(reading, Miss):
        return Turn(scene.conversation.with_frame(scene.frame), (Reply("chat.offer_human", {}, ("1", "2")),))
    return moves.follow(replace(scene, frame=calm), asked, reading)


def _command(conversation: Conversation, wanted: str, now: datetime, world: World) -> Turn:
    frame = conversation.frame
    if wanted == intents.HUMAN:
        return moves.begin(conversation, Frame("human"), now, world)
    if wanted == intents.MENU or frame is None:
        return _help_between(conversation) if wanted == intents.HELP else _menu(conversation)
    scene = Scene(replace(conversation, awaiting=""), frame, world, now)
    if wanted == intents.HELP:
        return moves.advance(_calm(scene), (Reply("chat.help"),))
    if wanted == intents.BACK:
        return moves.back(_calm(scene))
    return moves.restart(scene)


def _calm(scene: Scene) -> Scene:
    return replace(scene, frame=replace(scene.frame, misses=0, offers_human=False))


def _menu(conversation: Conversation) -> Turn:
    quiet = Conversation(lang=conversation.lang)
    return Turn(quiet, (Reply("chat.menu", {}, tuple(map(str, range(1, len(intents.MENU_ORDER) + 1)))),))


def _help_between(conversation: Conversation) -> Turn:
    return Turn(replace(conversation, misses=0), (Reply("chat.help"), Reply("chat.menu")))


def _between_matters(conversation: Conversation, said: str, now: datetime, world: World) -> Turn:
    words = bare(said).casefold()
    if words in _GREETINGS or words in _THANKS:
        greeted = WELCOME if words in _GREETINGS else (Reply("chat.thanks"),)
        return Turn(replace(conversation, misses=0), greeted)
    wanted = wanted_by(said, world)
    if wanted is not None:
        return moves.begin(conversation, wanted, now, world)
    if conversation.misses >= moves.ASKED_AGAIN:
        return moves.begin(replace(conversation, misses=0), Frame("offer"), now, world)
    return Turn(
        replace(conversation, misses=conversation.misses + 1), (Reply("chat.not_understood"), Reply("chat.menu"))
    )
