"""The simulated phone with WeChat: the chat with the account at /chat, all that was sent at /inbox, as pages and JSON."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

from rehearsal.faults import Weather
from rehearsal.loopback import Answer, Refused, Request, Site, json_answer, page_file
from rehearsal.pictures import photograph
from rehearsal.wechat_api import MediaStore
from rehearsal.wechat_callbacks import Callbacks
from rehearsal.wechat_people import People, Person
from rehearsal.wechat_tokens import ApiError

MENU: list[dict[str, Any]] = [
    {"name": "办入学", "buttons": [
        {"name": "查学校、问材料", "key": "guide"},
        {"name": "入学登记", "key": "enrol"},
        {"name": "交材料", "key": "papers"},
    ]},
    {"name": "查进度", "buttons": [
        {"name": "审核进度", "key": "diary"},
        {"name": "录取结果", "key": "result"},
        {"name": "为什么", "key": "why"},
    ]},
    {"name": "帮助", "buttons": [
        {"name": "上一步", "key": "back"},
        {"name": "重新开始", "key": "restart"},
        {"name": "怎么用", "key": "help"},
        {"name": "转人工", "key": "human"},
    ]},
]  # fmt: skip
"""The account's menu; a key is what the CLICK event carries."""
SAMPLES = {
    "household": ("户口簿", "household", "good"),
    "property": ("不动产权证", "property", "good"),
    "household-blurred": ("拍糊了的户口簿", "household", "blurred"),
}
"""Sample pictures offered in the chat: name → (title, kind of paper, condition)."""
LONGEST_TEXT = 600
LONGEST_NAME = 20
MOST_PICTURE_BYTES = 10 * 1024 * 1024
INBOX_SHOWN = 300
DRAWN_KEPT = 200
LONGEST_WAIT = 25.0


class Chat:
    """What a person does with the phone, each as a route under /chat/{openid}."""

    def __init__(
        self, people: People, media: MediaStore, callbacks: Callbacks, weather: Weather, public_url: str
    ) -> None:
        self._people, self._media = people, media
        self._callbacks, self._weather = callbacks, weather
        self._public_url = public_url
        self._drawn: dict[tuple[str, str], bytes] = {}

    def offer(self, site: Site) -> None:
        """Add the routes to the site."""
        site.route("GET", "/chat", self._page)
        site.route("GET", "/chat/people", self._list)
        site.route("POST", "/chat/people", self._create)
        site.route("GET", "/chat/{openid}/messages", self._messages)
        site.route("POST", "/chat/{openid}/text", self._text)
        site.route("POST", "/chat/{openid}/click", self._click)
        site.route("POST", "/chat/{openid}/scan", self._scan)
        site.route("POST", "/chat/{openid}/picture", self._picture)
        site.route("GET", "/chat/{openid}/samples/{name}", self._sample)
        site.route("POST", "/chat/{openid}/login-code", self._login_code)
        site.route("POST", "/chat/{openid}/consents", self._consent)
        site.route("GET", "/media/{media_id}", self._media_seen)
        site.route("GET", "/inbox", self._inbox)

    def _person(self, openid: str) -> Person:
        person = self._people.person(openid)
        if person is None:
            raise Refused(404, f"nobody has the openid {openid}")
        return person

    async def _page(self, request: Request) -> Answer:
        return page_file("chat.html")

    async def _list(self, request: Request) -> Answer:
        people = [
            {"openid": each.openid, "name": each.name, "note": each.note, "phone": each.phone}
            for each in self._people.shown()
        ]
        samples = [{"name": name, "title": title} for name, (title, _, _) in SAMPLES.items()]
        return json_answer({"people": people, "menu": MENU, "samples": samples, "public_url": self._public_url})

    async def _create(self, request: Request) -> Answer:
        name = str(request.json_object().get("name", "")).strip()
        if not 0 < len(name) <= LONGEST_NAME:
            raise Refused(400, f"a name has 1 to {LONGEST_NAME} characters")
        person = self._people.create(name)
        self._callbacks.event(person, "subscribe", {"EventKey": ""})
        return json_answer({"openid": person.openid, "name": person.name}, 201)

    async def _messages(self, request: Request, openid: str) -> Answer:
        """Lines after the number `after`; with `wait`, as soon as there is one, within so many seconds at most."""
        person = self._person(openid)
        after = int(request.query.get("after", "0") or 0)
        seconds = min(float(request.query.get("wait", "0") or 0), LONGEST_WAIT)
        if seconds > 0 and not (person.chat and person.chat[-1]["no"] > after):
            with suppress(TimeoutError):
                await asyncio.wait_for(person.news.wait(), seconds)
        return json_answer({"items": [line for line in person.chat if line["no"] > after]})

    def _say(self, person: Person, line: dict[str, Any]) -> None:
        self._people.show(person, self._weather.now(), {"from": "me", **line})

    async def _text(self, request: Request, openid: str) -> Answer:
        person = self._person(openid)
        text = str(request.json_object().get("text", "")).strip()[:LONGEST_TEXT]
        if not text:
            raise Refused(400, "the text is empty")
        self._say(person, {"kind": "text", "text": text})
        return json_answer({"number": self._callbacks.message(person, "text", {"Content": text})}, 202)

    async def _click(self, request: Request, openid: str) -> Answer:
        person = self._person(openid)
        key = str(request.json_object().get("key", ""))
        names = {button["key"]: button["name"] for group in MENU for button in group["buttons"]}
        if key not in names:
            raise Refused(400, f"the menu has no button {key!r}")
        self._say(person, {"kind": "text", "text": f"〔菜单〕{names[key]}"})
        self._callbacks.event(person, "CLICK", {"EventKey": key})
        return json_answer({}, 202)

    async def _scan(self, request: Request, openid: str) -> Answer:
        person = self._person(openid)
        key = str(request.json_object().get("key", ""))[:64]
        self._say(person, {"kind": "text", "text": "〔扫描了二维码〕"})
        self._callbacks.event(person, "SCAN", {"EventKey": key, "Ticket": f"ticket-{key}"})
        return json_answer({}, 202)

    async def _picture(self, request: Request, openid: str) -> Answer:
        """The body is the picture itself, or `?sample=NAME` sends one of the samples."""
        person = self._person(openid)
        name = request.query.get("sample")
        picture = await self._sample_of(person, name) if name else request.body
        if not picture or len(picture) > MOST_PICTURE_BYTES:
            raise Refused(400, "the body is no picture of up to 10 MiB")
        media_id = self._media.add(picture, self._weather.now())
        self._say(person, {"kind": "picture", "media_id": media_id})
        host = request.headers.get("host", "127.0.0.1")
        told = {"PicUrl": f"http://{host}/media/{media_id}", "MediaId": media_id}
        return json_answer({"media_id": media_id, "number": self._callbacks.message(person, "image", told)}, 202)

    async def _sample(self, request: Request, openid: str, name: str) -> Answer:
        return Answer(await self._sample_of(self._person(openid), name), kind="image/jpeg")

    async def _sample_of(self, person: Person, name: str) -> bytes:
        if name not in SAMPLES:
            raise Refused(404, f"there is no sample {name}; there are {', '.join(SAMPLES)}")
        _, kind, condition = SAMPLES[name]
        drawn = self._drawn.get((person.openid, name))
        if drawn is None:
            lines = self._people.papers_of(person).get(kind, {"姓名": person.name})
            drawn = await asyncio.to_thread(partial(photograph, kind, lines, condition))
            if len(self._drawn) >= DRAWN_KEPT:
                self._drawn.clear()
            self._drawn[person.openid, name] = drawn
        return drawn

    async def _login_code(self, request: Request, openid: str) -> Answer:
        return json_answer({"code": self._people.login_code(self._person(openid), self._weather.now())})

    async def _consent(self, request: Request, openid: str) -> Answer:
        """One consent to a subscription message of this template; the service is told by an event."""
        person = self._person(openid)
        template = str(request.json_object().get("template_id", ""))
        if not template:
            raise Refused(400, "template_id is missing")
        person.consents[template] += 1
        content = f"<TemplateId>{template}</TemplateId><SubscribeStatusString>accept</SubscribeStatusString>"
        self._callbacks.event(
            person, "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": f"<List>{content}</List>"}
        )
        return json_answer({"left": person.consents[template]}, 202)

    async def _media_seen(self, request: Request, media_id: str) -> Answer:
        try:
            return Answer(self._media.get(media_id, self._weather.now()), kind="image/jpeg")
        except ApiError as error:
            raise Refused(404, "this picture is gone") from error

    async def _inbox(self, request: Request) -> Answer:
        if request.wants_page:
            return page_file("inbox.html")
        wanted = request.query.get("openid")
        lines = [line for line in self._people.inbox if wanted in (None, "", line["openid"])]
        return json_answer({"items": lines[::-1][:INBOX_SHOWN], "count": len(lines)})
