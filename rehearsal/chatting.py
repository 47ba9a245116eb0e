"""A family that does everything in the chat: it reads what the account says and answers as its papers say.

It knows the questions by their words, as a person does, and sends through the simulated platform, which calls the real
webhook in encrypted mode. One family is `Talk`; `rehearsal/chatting_crowd.py` lets thousands of them talk at once.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from rehearsal import land
from rehearsal.pictures import photograph
from rehearsal.wechat_callbacks import SORRY

STAGES = {"kindergarten": "幼儿园", "primary": "小学", "junior": "初中"}
RELATIONS = ("father", "mother", "grandparent", "other")
HOMES = ("owned", "contract", "rented", "none")
WORKS = ("insured", "business", "none")
USES = ("住宅", "公寓", "商业")
OWNERS = ("parents", "grandparents", "self", "other")
PAPERS = {
    "household": "户口簿",
    "property": "不动产权证",
    "contract": "购房合同",
    "lease": "租赁合同",
    "residence": "居住证",
    "birth": "出生医学证明",
    "insurance": "社保证明",
    "licence": "营业执照",
}
RECEIPT = re.compile(r"回执号：\s*([0-9-]{13,})")
LOOK_LASTS_S, MOMENT_S = 5.0, 0.2
"""Seconds that one look waits for something new; and for something more, once something came."""
ANSWERED_WITHIN_S = 120.0
MOST_TURNS = 160
TRIES = 6
MOST_REPEATED = 20
WAITS = ("照片还在接收", "正在看", "什么材料")
"""What is said while a photograph is on its way; a question about it that comes twice is answered once."""


class ChatStuck(Exception):
    """The account said nothing for two minutes, or the talk came to no end; the message holds its last words."""


@dataclass
class Told:
    """What one family's talk came to: receipts in order, messages sent, the numbers of those that were said once more because
    the platform said that nobody answers, the longest wait for an answer in ms.
    """

    receipts: list[str] = field(default_factory=list)
    sent: int = 0
    repeated: list[int] = field(default_factory=list)
    longest_ms: int = 0
    doubled: int = 0
    confirmed: bool = False


class Talk:
    """One family at the simulated platform. `picture` gives a photograph of a kind of paper, else one is drawn."""

    def __init__(self, platform: str, family: Mapping[str, Any], picture: Callable[[str], bytes] | None = None) -> None:
        self._address = f"{platform}/chat/{family['guardian']['openid']}"
        self._family = family
        self._picture = picture or self._drawn
        self._session = requests.Session()
        self._session.trust_env = False
        self._seen = 0
        self._child = 0
        self._to_photograph: list[str] = []
        self._lines: list[str] = []
        self.told = Told()

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def register(self) -> Told:
        """From the first word to a receipt for every child. Raises ChatStuck."""
        heard = self.say("报名")
        for _ in range(MOST_TURNS):
            if len(self.told.receipts) == len(self._family["children"]):
                return self.told
            heard = self._answer(heard)
        raise ChatStuck(f"no end: {heard[-200:]}")

    def confirm(self) -> Told:
        """Take the place that was given. Raises ChatStuck."""
        heard = self.say("确认")
        for _ in range(len(self._family["children"]) + 1):
            if "您问的是哪个孩子" in heard:
                heard = self.say("1")
        self.told.confirmed = "已经确认好了" in heard
        return self.told

    def say(self, text: str) -> str:
        """Send words; all that the account answers."""
        return self._send("text", json={"text": text})

    def _send(self, what: str, **content: Any) -> str:
        for attempt in range(TRIES):
            try:
                answer = self._session.post(f"{self._address}/{what}", timeout=30, **content)
                answer.raise_for_status()
                break
            except requests.RequestException:
                if attempt == TRIES - 1:
                    raise
                time.sleep(0.5 * 2**attempt)
        self.told.sent += 1
        heard = self._hear()
        if SORRY in heard and len(self.told.repeated) < MOST_REPEATED:
            self.told.repeated.append(answer.json()["number"])
            return self._send(what, **content)
        return heard

    def _hear(self) -> str:
        """What came since the last look, once something did and nothing more comes for a moment."""
        began, heard = time.monotonic(), ""
        while time.monotonic() - began < ANSWERED_WITHIN_S:
            lines = self._new_lines(MOMENT_S if heard else LOOK_LASTS_S)
            if lines:
                heard += "\n".join(lines)
                self.told.longest_ms = max(self.told.longest_ms, round((time.monotonic() - began) * 1000))
            elif heard:
                return heard
        raise ChatStuck(f"no answer within {ANSWERED_WITHIN_S:.0f} s; before that: {self._lines[-1:]}")

    def _new_lines(self, seconds: float) -> list[str]:
        """What the account or the platform said since the last look; it is waited for so many seconds."""
        asked = {"after": str(self._seen), "wait": str(seconds)}
        try:
            told = self._session.get(f"{self._address}/messages", params=asked, timeout=30).json()
        except (requests.RequestException, ValueError):
            time.sleep(seconds)
            return []
        items = told["items"]
        self._seen = max([self._seen, *(line["no"] for line in items)])
        said = [str(line.get("text") or line.get("title") or "") for line in items if line["from"] != "me"]
        for text in said:
            for receipt in RECEIPT.findall(text):
                if "报名交好了" in text and receipt in self.told.receipts:
                    self.told.doubled += 1
                elif "报名交好了" in text:
                    self.told.receipts.append(receipt)
        self._lines = (self._lines + said)[-20:]
        return said

    def _answer(self, heard: str) -> str:
        if "照片是" in heard and "什么材料" in heard and self._to_photograph:
            return self.say(self._numbered(heard, PAPERS[self._to_photograph.pop(0)]) or "1")
        if "还要交" in heard or "现在没有缺的材料" in heard:
            return self._papers(heard)
        for pattern, reply in self._replies():
            if pattern in heard:
                return self.say(reply(heard) if callable(reply) else reply)
        if any(words in heard for words in WAITS):
            time.sleep(2)
            return self.say("交")
        return self.say("报名")

    def _papers(self, heard: str) -> str:
        asked = heard.split("还要交", 1)[-1] if "还要交" in heard else ""
        kinds = [kind for kind, name in PAPERS.items() if name in asked]
        if not kinds:
            return self.say("1")
        self._to_photograph = kinds[:1]
        return self._send("picture", data=self._picture(kinds[0]), headers={"Content-Type": "image/jpeg"})

    def _drawn(self, kind: str) -> bytes:
        told = self._family["papers_say"].get(kind) or {"姓名": self._family["guardian"]["name"]}
        return photograph(kind, told, "good")

    def _numbered(self, heard: str, words: str) -> str:
        """The number of the option that holds `words`, empty where none does."""
        found = [line for line in heard.splitlines() if words in line and re.match(r"\d+ ", line)]
        return found[-1].split(" ", 1)[0] if found else ""

    def _next_child(self, heard: str) -> str:
        """The first child that is not registered yet, else the one whose form is to be filled in."""
        names = [child["name"] for child in self._family["children"]]
        known = [name for name in names if self._numbered(heard, name)]
        left = [name for name in names if name not in known]
        if left and len(known) + len(self.told.receipts) < len(names):
            return self._numbered(heard, "登记另一个孩子")
        return self._numbered(heard, known[0]) if known else "1"

    def _present(self) -> Mapping[str, Any]:
        children: list[dict[str, Any]] = self._family["children"]
        return children[min(self._child, len(children) - 1)]

    def _child_name(self, _heard: str) -> str:
        self._child = min(len(self.told.receipts), len(self._family["children"]) - 1)
        return str(self._present()["name"])

    def _replies(self) -> tuple[tuple[str, Any], ...]:
        child, form, guardian = self._present(), self._family["form"], self._family["guardian"]
        home, work, unit = form.get("home") or {}, form.get("work") or {}, land.units_by_code()[form["unit_code"]]
        here = str(form.get("household_unit") or "").startswith(self._family["banner"])
        return (
            ("要不要请工作人员来帮您", "2"),
            ("不同意", "1"),
            ("给哪个孩子报名", self._next_child),
            ("要登记另一个孩子吗", "1"),
            ("孩子叫什么名字", self._child_name),
            ("是多少？户口簿上有", str(child.get("id_number") or "没有")),
            ("哪天出生？写公历", str(child.get("born_on") or "")),
            ("男孩还是女孩", "1" if child.get("sex") == "male" else "2"),
            ("是什么民族", str(child["ethnicity"])),
            ("的什么人？", str(RELATIONS.index(child["relation"]) + 1)),
            ("您叫什么名字", str(guardian["name"])),
            ("您的身份证号是多少", str(guardian["id_number"])),
            ("请看一遍", "1"),
            ("上哪个学段", STAGES[self._family["stage"]]),
            ("家住哪里", unit.name),
            ("是下面哪一个", lambda heard: self._numbered(heard, unit.name) or "1"),
            ("请写详细地址", str(form.get("address") or "幸福小区1号楼101")),
            ("孩子的户口在哪里", "1" if here else "2"),
            ("户号是多少", str(form.get("household_number") or "跳过")),
            ("落到现在这里", str(form.get("registered_on") or "跳过")),
            ("住房是哪一种", str(HOMES.index(home.get("kind", "none")) + 1)),
            ("房子是哪一种", str(USES.index(home.get("use") or "住宅") + 1)),
            ("在谁的名下", str(OWNERS.index(home.get("owner_relation") or "parents") + 1)),
            ("不动产权证号是多少", str(home.get("certificate") or "跳过")),
            ("父母的工作是哪一种", str(WORKS.index(work.get("kind", "none")) + 1)),
            ("社保一共交了", str(work.get("months") or "跳过")),
            ("绑在一起分到同一所", "1"),
            ("亲哥哥或亲姐姐", "没有"),
        )
