"""A made-up city and its door, in memory: lets a test talk to the dialogue and read the sentences a family would read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from backend.notices.sentences import explain, say
from bots.dialogue.machine import step
from bots.dialogue.values import Answer, Conversation, Event, Message, Picture, Reply, Text, Wish, from_json, to_json
from bots.dialogue.world import Application, Banner, Child, Consent, Date, Window, World
from tests.chat_places import Places

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=CHINA)
UNITS = [
    {"code": "150603001001", "name": "神华社区", "town": "哈巴格希街道", "banner": "150603", "banner_name": "康巴什区"},
    {"code": "150603001002", "name": "康城社区", "town": "哈巴格希街道", "banner": "150603", "banner_name": "康巴什区"},
    {"code": "150621100001", "name": "康城社区", "town": "树林召镇", "banner": "150621", "banner_name": "达拉特旗"},
]
EXAM_UNITS = [
    {"code": "A1", "name": "第一中学", "why_not": None},
    {"code": "A1M", "name": "第一中学蒙授班", "why_not": "another-language"},
    {"code": "B1", "name": "第二中学", "why_not": None},
]
CHILD_ID = "150603202003054216"
GUARDIAN_ID = "150602199001011238"
MOST_ROUNDS = 12


def banners(now: datetime = NOW) -> tuple[Banner, ...]:
    """Three banners: one open until the 20th, one not disclosed, one that opens tomorrow."""
    day = timedelta(days=1)
    windows = tuple(Window(stage, now - 10 * day, now + 10 * day) for stage in ("kindergarten", "primary", "junior"))
    later = (Window("primary", now + day, now + 10 * day),)
    return (
        Banner("150603", "康巴什区", True, windows, (Date("公布结果", now + 40 * day),)),
        Banner("150602", "东胜区", False, windows),
        Banner("150621", "达拉特旗", True, later),
    )


def consents() -> tuple[Consent, ...]:
    """Two purposes that are needed and one that is not."""
    return (
        Consent("enrolment", "处理孩子的入学信息", "我们收集孩子的姓名、身份证号和住址,只用来办入学。", "a" * 64),
        Consent("check", "向各部门核对", "我们向公安、不动产等部门核对您填的内容。", "b" * 64),
        Consent("helper", "请别人帮忙办理", "他办的每一步您都看得到。", "d" * 64, required=False),
        Consent("survey", "满意度调查", "我们可能请您评价服务。", "c" * 64, required=False),
    )


@dataclass
class City(Places):
    """What the door would find in the database: the children of one person and what they did."""

    children: list[Child] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    refusals: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    diary: list[dict[str, Any]] = field(default_factory=list)
    guardian_is_named: bool = False
    by_sms: bool = False
    is_candidate: bool = False
    help_is_open: bool = False
    held: str = ""
    now: datetime = NOW

    def world(self) -> World:
        """The facts of this moment."""
        return World(
            banners(),
            tuple(self.children),
            consents(),
            guardian_is_named=self.guardian_is_named,
            by_sms=self.by_sms,
            is_candidate=self.is_candidate,
            help_is_open=self.help_is_open,
        )

    def carry_out(self, wish: Wish) -> Answer:
        """Do what the dialogue wishes, or refuse it where the test set a refusal for it."""
        json.dumps(dict(wish.args))
        self.wishes.append(wish)
        if wish.name in self.refusals:
            code, facts = self.refusals[wish.name]
            return Answer(wish.name, ok=False, code=code, data=facts)
        handler = getattr(self, f"_{wish.name}", None)
        return Answer(wish.name, ok=True, data=handler(**wish.args) if handler else {})

    def change(self, application: str, **facts: Any) -> None:
        """Set facts of an application, such as its state."""
        for index, child in enumerate(self.children):
            if child.application and child.application.id == application:
                self.children[index] = replace(child, application=replace(child.application, **facts))

    def _search_units(self, words: list[str], banner: str) -> dict[str, Any]:
        for word in words:
            found = [unit for unit in UNITS if word in unit["name"] and banner in {"", unit["banner"]}]
            if found:
                return {"items": found}
        return {"items": []}

    def _find_schools(self, banner: str, stage: str, q: str) -> dict[str, Any]:
        return {"items": [{"code": "150603-P01", "name": "第一小学"}] if q in "第一小学" else []}

    def _ask_guide(self, **_facts: Any) -> dict[str, Any]:
        return {
            "age_ok": True,
            "age_text": "孩子到了上学的年龄。",
            "schools": [{"code": "150603-P01", "name": "第一小学"}],
            "seat_type": {"code": "1", "name": "第一类学位"},
            "seat_type_text": "有房并且实际居住。",
            "papers": [{"kind": "household", "name": "户口簿", "why": "证明孩子是谁"}],
            "dates": [{"what": "报名", "from": "2026-06-01", "to": "2026-06-20"}],
            "notes": ["最后以审核为准。"],
        }

    def _show_zone(self, poster: str) -> dict[str, Any]:
        return {"school_name": "第一小学", "banner": "150603", "units": [{"name": "神华社区"}]}

    def _register_child(self, name: str, born_on: str, **_facts: Any) -> dict[str, Any]:
        self.children.append(Child(f"child-{len(self.children) + 1}", name, born_on))
        self.guardian_is_named = True
        return {"id": self.children[-1].id}

    def _open_application(self, child: str, banner: str, stage: str) -> dict[str, Any]:
        index = next(place for place, one in enumerate(self.children) if one.id == child)
        kept = self.children[index].application
        opened = Application(f"application-{index + 1}", "draft", banner, stage, missing=("household", "property"))
        self.children[index] = replace(self.children[index], application=kept or opened)
        return {"id": (kept or opened).id}

    def _save_form(self, application: str, form: dict[str, Any]) -> dict[str, Any]:
        self.change(application, form=form)
        return {}

    def _attach_paper(self, application: str, child: str, kind: str, media_id: str) -> dict[str, Any]:
        found = next(one.application for one in self.children if one.id == child)
        assert found is not None
        self.change(application, missing=tuple(one for one in found.missing if one != kind))
        return {"id": media_id, "kind": kind, "state": "waiting"}

    def _submit(self, application: str) -> dict[str, Any]:
        self.change(application, state="submitted", receipt="R-1")
        return {"receipt": "R-1", "submitted_at": self.now.isoformat()}

    def _show_diary(self, **_facts: Any) -> dict[str, Any]:
        return {"items": self.diary}

    def _show_result(self, application: str, child: str) -> dict[str, Any]:
        found = next(one.application for one in self.children if one.id == child)
        assert found is not None
        school = {"code": "150603-P01", "name": found.school, "address": "鄂尔多斯大街"} if found.school else None
        confirm_by = found.confirm_by.isoformat() if found.confirm_by else None
        return {"state": found.state, "school": school, "confirm_by": confirm_by, "why": {"text": ["住在本校片区。"]}}

    def _confirm(self, application: str) -> dict[str, Any]:
        self.change(application, state="confirmed")
        return {"state": "confirmed"}

    def _decline(self, application: str) -> dict[str, Any]:
        self.change(application, state="declined")
        return {"state": "declined"}

    def _withdraw(self, application: str, reason: str) -> dict[str, Any]:
        self.change(application, state="withdrawn")
        return {"state": "withdrawn"}

    def _send_exam_code(self, exam_number: str) -> dict[str, Any]:
        return {"exam_number": exam_number, "phone_masked": "138****0001"}

    def _log_in_exam(self, **_facts: Any) -> dict[str, Any]:
        self.is_candidate = True
        return {"name": "乌兰"}

    def _look_at_exam(self) -> dict[str, Any]:
        band = {"state": "open", "opens_at": NOW.isoformat(), "closes_at": (NOW + timedelta(hours=2)).isoformat()}
        told = {"name": "乌兰", "total": "655.50", "city_rank": 812, "level_with": 3, "band": band}
        return {**told, "subjects": [{"name": "语文", "score": "110.00"}]}

    def _look_at_standing(self) -> dict[str, Any]:
        return self._what_if(self.held) if self.held else {}

    def _what_if(self, unit: str) -> dict[str, Any]:
        name = next((one["name"] for one in EXAM_UNITS if one["code"] == unit), unit)
        return {"unit_name": name, "rank": 12, "level_with": 2, "plan": 40, "chosen_count": 33, "inside": True}

    def _list_units(self) -> dict[str, Any]:
        return {"items": EXAM_UNITS, "category": "general", "held": self.held}

    def _choose_unit(self, unit: str, **_facts: Any) -> dict[str, Any]:
        self.held = unit
        return {"receipt": "ZK0000000001", "standing": self._what_if(unit)}

    def _look_at_admission(self) -> dict[str, Any]:
        return {"school": "第一中学", "state": "admitted", "report_by": "2026-08-20", "by": "统招"}

    def _report_in(self) -> dict[str, Any]:
        return {"school": "第一中学", "state": "reported"}

    def _file_intent(self, **_facts: Any) -> dict[str, Any]:
        until = (self.now + timedelta(days=12)).isoformat()
        return {"receipt": "60326-0000-0000", "arrived_at": self.now.isoformat(), "until": until}

    def _call_human(self, banner: str = "", **_facts: Any) -> dict[str, Any]:
        asks = not banner and not self.help_is_open
        self.help_is_open = True
        return {"banners": [{"code": one.code, "name": one.name} for one in banners()] if asks else []}

    def _file_tipoff(self, text: str) -> dict[str, Any]:
        return {"receipt": "T-1"}


@dataclass
class Talk:
    """One person talking: says something, carries the wishes out in the city, and keeps the sentences heard."""

    city: City = field(default_factory=City)
    conversation: Conversation = field(default_factory=Conversation)
    heard: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def say(self, *texts: str) -> str:
        """Send texts one after the other; all that the last one was answered with."""
        for text in texts:
            self.send(Text(text))
        return "\n".join(self.heard)

    def picture(self, media_id: str = "photo-1") -> str:
        """Send a photograph."""
        return self.send(Picture(media_id))

    def event(self, kind: str, key: str = "") -> str:
        """Do something without words."""
        return self.send(Event(kind, key))

    def send(self, message: Message) -> str:
        """One message with all its wishes carried out; the sentences it was answered with."""
        self.replies = []
        waiting: list[Message] = [message]
        for _ in range(MOST_ROUNDS):
            if not waiting:
                break
            stored = from_json(json.loads(json.dumps(to_json(self.conversation), sort_keys=True)))
            assert stored == self.conversation
            turn = step(stored, waiting.pop(0), self.city.now, self.city.world())
            self.conversation = turn.conversation
            self.replies += turn.replies
            waiting += [self.city.carry_out(wish) for wish in turn.wishes]
        assert not waiting, "the wishes of one message never ended"
        self.heard = [spoken(reply, self.conversation.lang) for reply in self.replies]
        return "\n".join(self.heard)

    @property
    def codes(self) -> list[str]:
        """The codes of the sentences heard last."""
        return [reply.code for reply in self.replies]


def spoken(reply: Reply, lang: str = "zh-CN") -> str:
    """The sentence of a reply; a refusal's sentence as the doors say it."""
    if reply.code.startswith("problem."):
        return explain(reply.code.removeprefix("problem."), dict(reply.params), lang)
    return say(reply.code, lang=lang, **reply.params)


def placed(name: str = "王小明", number: int = 1, **facts: Any) -> Child:
    """A child with a place that waits to be confirmed."""
    given = {"state": "placed", "school": "第一小学", "confirm_by": NOW + timedelta(days=5), "receipt": "R-1", **facts}
    return Child(
        f"child-{number}",
        name,
        "2020-03-05",
        application=Application(f"application-{number}", banner="150603", stage="primary", **given),
    )
