"""What the simulated WeChat platform offers to the service: tokens, login, sending, pictures. Errors as it words them."""

import itertools
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from rehearsal.faults import OverQuota, Unavailable, Weather
from rehearsal.loopback import Answer, Refused, Request, Site, json_answer
from rehearsal.wechat_callbacks import Callbacks
from rehearsal.wechat_messages import (
    check_may_answer,
    line_of_custom,
    line_of_subscription,
    line_of_template,
    take_consent,
)
from rehearsal.wechat_people import LoginCodeRefused, People, Person
from rehearsal.wechat_tokens import ApiError, TokenOffice

MEDIA_LIVE_SECONDS = 3 * 86400
MOST_MEDIA = 4000
CLIENT_IDS_REMEMBERED = 200_000

Call = Callable[[Request], Awaitable[dict[str, Any] | Answer]]


class MediaStore:
    """Pictures that people sent, by media id; the oldest leave when there are many."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._numbers = itertools.count(1)

    def add(self, picture: bytes, now: float) -> str:
        """Keep a picture and give its media id."""
        media_id = f"media-{next(self._numbers):08d}-{len(picture)}"
        self._pictures[media_id] = (picture, now)
        while len(self._pictures) > MOST_MEDIA:
            self._pictures.popitem(last=False)
        return media_id

    def get(self, media_id: str, now: float) -> bytes:
        """The picture. Raises ApiError 40007 where it is unknown or older than three days."""
        picture, at = self._pictures.get(media_id, (b"", 0.0))
        if not picture or now - at > MEDIA_LIVE_SECONDS:
            raise ApiError(40007, "invalid media_id")
        return picture


class Api:
    """The routes of api.weixin.qq.com that Sunroll uses; names for faults: token, login, custom, template, subscribe, media."""

    def __init__(
        self, tokens: TokenOffice, people: People, media: MediaStore, callbacks: Callbacks, weather: Weather
    ) -> None:
        self._tokens, self._people, self._media = tokens, people, media
        self._callbacks, self._weather = callbacks, weather
        self._numbers = itertools.count(4_000_000_001)
        self._client_ids: OrderedDict[tuple[str, str], int] = OrderedDict()
        self.counts: Counter[str] = Counter()

    def offer(self, site: Site) -> None:
        """Add the routes to the site."""
        for method, path, name, call in (
            ("POST", "/cgi-bin/stable_token", "token", self._token),
            ("GET", "/sns/jscode2session", "login", self._login),
            ("POST", "/cgi-bin/message/custom/send", "custom", self._custom),
            ("POST", "/cgi-bin/message/template/send", "template", self._template),
            ("POST", "/cgi-bin/message/subscribe/send", "subscribe", self._subscribe),
            ("GET", "/cgi-bin/media/get", "media", self._get_media),
        ):
            site.route(method, path, self._guarded(name, call))

    def _guarded(self, name: str, call: Call) -> Callable[[Request], Awaitable[Answer]]:
        async def handler(request: Request) -> Answer:
            try:
                await self._weather.meet(name)
                told = await call(request)
            except OverQuota:
                return self._error(name, ApiError(45009, "reach max api daily quota limit"))
            except Unavailable as error:
                if self._weather.is_out(name):
                    raise Refused(503, str(error)) from error
                return self._error(name, ApiError(-1, "system error"))
            except ApiError as error:
                return self._error(name, error)
            self.counts[f"{name} ok"] += 1
            return told if isinstance(told, Answer) else json_answer(told)

        return handler

    def _error(self, name: str, error: ApiError) -> Answer:
        self.counts[f"{name} {error.code}"] += 1
        return json_answer({"errcode": error.code, "errmsg": error.said})

    async def _token(self, request: Request) -> dict[str, Any]:
        told = _body(request)
        if told.get("grant_type") != "client_credential":
            raise ApiError(40002, "invalid grant_type")
        self._tokens.check_account(str(told.get("appid", "")), str(told.get("secret", "")))
        token, seconds = self._tokens.stable_token(self._weather.now(), force=bool(told.get("force_refresh")))
        return {"access_token": token, "expires_in": seconds}

    async def _login(self, request: Request) -> dict[str, Any]:
        self._tokens.check_account(request.query.get("appid", ""), request.query.get("secret", ""))
        code = request.query.get("js_code", "")
        try:
            openid = self._people.openid_of_code(code, self._weather.now())
        except LoginCodeRefused as refusal:
            if str(refusal) == "used":
                raise ApiError(40163, "code been used") from refusal
            raise ApiError(40029, "invalid code") from refusal
        return {"openid": openid, "session_key": f"{code[:22]}==", "unionid": f"u{openid[1:]}"}

    async def _custom(self, request: Request) -> dict[str, Any]:
        person, told = self._addressed(request)
        if self._weather.faults.limits:
            check_may_answer(person, self._weather.now())
        line = line_of_custom(told)
        person.answered += 1
        self._people.show(person, self._weather.now(), {**line, "channel": "custom"})
        return {"errcode": 0, "errmsg": "ok"}

    async def _template(self, request: Request) -> dict[str, Any]:
        person, told = self._addressed(request)
        line = line_of_template(told)
        number, is_new = self._number_of(person, told)
        if is_new:
            has_failed = self._weather.strikes(self._weather.faults.error_rate, "delivery")
            if not has_failed:
                self._people.show(person, self._weather.now(), {**line, "channel": "template"})
            status = "failed: system failed" if has_failed else "success"
            self._callbacks.event(person, "TEMPLATESENDJOBFINISH", {"MsgID": number, "Status": status})
        return {"errcode": 0, "errmsg": "ok", "msgid": number}

    async def _subscribe(self, request: Request) -> dict[str, Any]:
        person, told = self._addressed(request)
        line = line_of_subscription(told)
        number, is_new = self._number_of(person, told)
        if is_new:
            try:
                take_consent(person, told["template_id"])
            except ApiError:
                self._client_ids.pop((person.openid, str(told.get("client_msg_id"))), None)
                raise
            self._people.show(person, self._weather.now(), {**line, "channel": "subscribe"})
        return {"errcode": 0, "errmsg": "ok", "msgid": number}

    def _number_of(self, person: Person, told: dict[str, Any]) -> tuple[int, bool]:
        """The number of this message and whether it is new: one client_msg_id is sent to a person once."""
        number = next(self._numbers)
        client_id = told.get("client_msg_id")
        if not client_id:
            return number, True
        key = (person.openid, str(client_id))
        if key in self._client_ids:
            self.counts["repeated"] += 1
            return self._client_ids[key], False
        self._client_ids[key] = number
        while len(self._client_ids) > CLIENT_IDS_REMEMBERED:
            self._client_ids.popitem(last=False)
        return number, True

    def _addressed(self, request: Request) -> tuple[Person, dict[str, Any]]:
        self._tokens.check(request.query.get("access_token"), self._weather.now())
        told = _body(request)
        person = self._people.person(str(told.get("touser", "")))
        if person is None:
            raise ApiError(40003, "invalid openid")
        return person, told

    async def _get_media(self, request: Request) -> Answer:
        self._tokens.check(request.query.get("access_token"), self._weather.now())
        media_id = request.query.get("media_id", "")
        picture = self._media.get(media_id, self._weather.now())
        disposition = {"Content-disposition": f'attachment; filename="{media_id}.jpg"'}
        return Answer(picture, kind="image/jpeg", headers=disposition)


def _body(request: Request) -> dict[str, Any]:
    try:
        return request.json_object()
    except Refused as refusal:
        raise ApiError(47001, "data format error") from refusal
