"""Asking without login: which school, which seat type, which papers, which dates (address or 小区 to zone; D25)."""

from __future__ import annotations

from collections.abc import Sequence

from bots.dialogue.asking import pick, place, places_found, words
from bots.dialogue.flows.reading_forms import read_birth, read_home, read_household_place, read_work
from bots.dialogue.reading.places import STAGES, read_stage, search_words
from bots.dialogue.steps import Errand, Fill, Flow, Leave, Reading, Scene, Step, refused
from bots.dialogue.values import Answer, Frame, Reply, Wish

HOMES = ("owned", "contract", "rented", "none")
WORKS = ("insured", "business", "none")


def works(scene: Scene) -> bool:
    """Whether the family's work counts: where it has no home of its own."""
    return scene.slot("home") in {"rented", "none"}


def _steps(_scene: Scene) -> Sequence[Step]:
    return (
        Errand("looked_up", _look_up, _found, applies=lambda here: bool(here.slot("address_said"))),
        pick("stage", STAGES, read_stage),
        place("unit"),
        pick("household", ("here", "elsewhere", "unknown"), read_household_place),
        pick("home", HOMES, read_home),
        pick("work", WORKS, read_work, applies=works),
        words("born_on", read_birth, optional=True),
        Errand("guide", _wish, _hear),
    )


def _look_up(scene: Scene) -> Wish:
    return Wish("search_units", {"words": search_words(scene.slot("address_said")), "banner": ""})


def _found(_scene: Scene, answer: Answer) -> Reading:
    return Fill({"looked_up": True, **places_found("unit", answer)})


def _wish(scene: Scene) -> Wish:
    facts = {name: scene.slot(name) for name in ("stage", "household", "home", "work", "born_on")}
    unit = scene.slot("unit")
    known = {name: value for name, value in facts.items() if value is not None}
    return Wish("ask_guide", {**known, "banner": unit["banner"], "unit_code": unit["code"]})


def _hear(scene: Scene, answer: Answer) -> Reading:
    if not answer.ok:
        return refused(scene, answer)
    return Leave((*guide_replies(answer), Reply("chat.guide.next")))


def guide_replies(answer: Answer) -> tuple[Reply, ...]:
    """The guide's answer in sentences: school and seat type, age, papers, dates, notes; absent parts are left out."""
    data = answer.data
    schools = [str(one["name"]) for one in data.get("schools", ())]
    replies = [Reply("chat.guide.schools", {"schools": schools}) if schools else Reply("chat.guide.no_school")]
    if data.get("age_text"):
        replies.append(Reply("chat.guide.age", {"text": str(data["age_text"])}))
    seat_type = data.get("seat_type")
    if seat_type:
        name, told = str(seat_type["name"]), str(data.get("seat_type_text", ""))
        text = told if told.startswith(name) else f"{name}。{told}"
        replies.append(Reply("chat.guide.seat_type", {"text": text}))
    elif data.get("seat_type_text"):
        replies.append(Reply("chat.guide.note", {"text": str(data["seat_type_text"])}))
    papers = [f"{one['name']}：{one['why']}" if one.get("why") else str(one["name"]) for one in data.get("papers", ())]
    if papers:
        replies.append(Reply("chat.guide.papers", {"papers": papers}))
    for one in data.get("dates", ()):
        until = one.get("to") or one["from"]
        replies.append(Reply("chat.guide.date", {"what": str(one["what"]), "from": one["from"], "to": until}))
    replies += [Reply("chat.guide.note", {"text": str(text)}) for text in data.get("notes", ())]
    return tuple(replies)


def _poster_steps(_scene: Scene) -> Sequence[Step]:
    def wish(here: Scene) -> Wish:
        return Wish("show_zone", {"poster": here.slot("poster")})

    def hear(_here: Scene, answer: Answer) -> Reading:
        if not answer.ok:
            return Fill({"zone": True}, (Reply("chat.poster.unknown"),))
        units = [str(unit["name"]) for unit in answer.data.get("units", ())]
        return Fill(
            {"zone": True, "poster_banner": str(answer.data["banner"])},
            (Reply("chat.poster.zone", {"school": str(answer.data["school_name"]), "units": units}, card="zone"),),
        )

    return (Errand("zone", wish, hear),)


def _guide_of_poster(scene: Scene) -> Leave:
    return Leave(follow=Frame("guide", slots={"poster_banner": scene.slot("poster_banner") or ""}))


GUIDE = Flow("guide", _steps, lambda _: Leave((Reply("chat.guide.next"),)))
POSTER = Flow("poster", _poster_steps, _guide_of_poster)
