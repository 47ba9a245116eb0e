"""The SMS gateway, simulated: `PORT=… SMS_KEY=… SMS_RECEIPT_URL=… python -m rehearsal.sms`; phones are seen at /phones.

A request with an id it knows is answered as before and not sent again; receipts are posted back, again if need be. What
a phone writes back (`POST /phones/{phone}`) goes to SMS_INBOUND_URL the same way: with one id, until it is taken.
"""

import asyncio
import hashlib
import hmac
import logging
import os
import re
import time
import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

import requests

from rehearsal.faults import BEIJING, OverQuota, Unavailable, Weather
from rehearsal.loopback import Answer, Refused, Request, Site, json_answer, page_file, settings_of
from rehearsal.short_messages import Agenda, Mailroom, Message, Written

PHONE = re.compile(r"1\d{10}")
FIELDS = ("id", "phone", "template", "text", "sign")
FRESH_SECONDS = 600
MILLISECONDS_FROM = 10**11
TICK_SECONDS = 0.1
RECEIPTS_AT_ONCE = 200
INBOUND_AT_ONCE = 50
PHONES_ON_A_PAGE = 200

log = logging.getLogger("rehearsal")


class Gateway:
    """The gateway as a site: POST /send, GET /query, GET /phones, GET /phones/{phone}, /figures, /control, /health.

    Names for faults: "send" (latency, errors, outages, quota of the API), "delivery" (latency; error_rate = share that
    fails), "receipt" (latency; error_rate = share of receipts that are lost on the way).
    """

    def __init__(self, key: str, receipt_url: str, weather: Weather, inbound_url: str = "") -> None:
        self._key = key.encode()
        self._receipt_url = receipt_url
        self._inbound_url = inbound_url
        self._weather = weather
        self._room = Mailroom()
        self._deliveries: Agenda[Message] = Agenda()
        self._receipts: Agenda[Message] = Agenda()
        self._inbound: Agenda[Written] = Agenda()
        self._counts = dict.fromkeys(
            ("sent", "repeated", "refused", "delivered", "failed", "receipts", "tries", "inbound"), 0
        )
        self._work: asyncio.Task[None] | None = None
        self.site = Site("sms")
        self.site.route("POST", "/send", self._send)
        self.site.route("GET", "/query", self._query)
        self.site.route("GET", "/phones", self._phones)
        self.site.route("GET", "/phones/{phone}", self._phone)
        self.site.route("POST", "/phones/{phone}", self._write)
        self.site.route("GET", "/figures", self._figures)
        weather.offer(self.site)
        self.site.at_start.append(self._begin)

    async def _begin(self) -> None:
        self._work = asyncio.create_task(self._keep_working())

    async def _send(self, request: Request) -> Answer:
        self._check_signature(request)
        told = request.json_object()
        missing = [name for name in FIELDS if not isinstance(told.get(name), str) or not told[name]]
        if missing:
            return self._refuse("isv.INVALID_PARAMETERS", f"missing: {', '.join(missing)}")
        try:
            await self._weather.meet("send")
        except Unavailable as error:
            raise Refused(503, str(error)) from error
        except OverQuota as error:
            return json_answer({"code": "isv.AMOUNT_NOT_ENOUGH", "message": str(error)}, 429)
        known = self._room.by_id.get(told["id"])
        if known:
            if not known.is_same_as(told):
                return self._refuse("isv.DUPLICATE_ID", "this id was used for another message")
            self._counts["repeated"] += 1
            return json_answer({"code": "OK", "biz_id": known.biz_id})
        return self._accept(told)

    def _accept(self, told: dict[str, Any]) -> Answer:
        if not PHONE.fullmatch(told["phone"]):
            return self._refuse("isv.MOBILE_NUMBER_ILLEGAL", "the phone is no mobile number")
        now = self._weather.now()
        if self._weather.faults.limits and self._room.is_over_limit(told["phone"], told["template"], now):
            return self._refuse("isv.BUSINESS_LIMIT_CONTROL", "this number had too many messages")
        params = told.get("params")
        message = Message(
            biz_id=uuid.uuid4().hex,
            accepted_at=now,
            params=params if isinstance(params, dict) else {},
            **{name: told[name] for name in FIELDS},
        )
        self._room.add(message)
        self._counts["sent"] += 1
        self._deliveries.add(time.monotonic() + self._weather.seconds_of_latency("delivery"), message)
        return json_answer({"code": "OK", "biz_id": message.biz_id})

    def _refuse(self, code: str, why: str) -> Answer:
        self._counts["refused"] += 1
        return json_answer({"code": code, "message": why})

    def _check_signature(self, request: Request) -> None:
        timestamp = request.headers.get("x-timestamp", "")
        wanted = hmac.new(self._key, timestamp.encode() + b"\n" + request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), request.headers.get("x-signature", "").encode()):
            raise Refused(403, "the signature is wrong")
        seconds = float(timestamp) if timestamp.isdigit() else 0.0
        if seconds >= MILLISECONDS_FROM:
            seconds /= 1000
        if abs(seconds - self._weather.now()) > FRESH_SECONDS:
            raise Refused(403, "the timestamp is not within ten minutes of the gateway's clock")

    async def _query(self, request: Request) -> Answer:
        message = self._room.by_id.get(request.query.get("id", ""))
        if message is None:
            return json_answer({"state": "unknown-id"})
        return json_answer({"id": message.id, "biz_id": message.biz_id, "state": message.state})

    async def _phones(self, request: Request) -> Answer:
        if request.wants_page:
            return page_file("phones.html")
        found = self._room.phones(request.query.get("q", ""), PHONES_ON_A_PAGE)
        return json_answer({"items": found, "count": len(self._room.by_phone)})

    async def _phone(self, request: Request, phone: str) -> Answer:
        if request.wants_page:
            return page_file("phone.html")
        messages = self._room.by_phone.get(phone, [])
        items = [{**asdict(each), "at": _time(each)} for each in messages]
        written = [{**asdict(each), "at": _instant(each.written_at)} for each in self._room.written[phone]]
        return json_answer({"phone": phone, "items": items, "written": written})

    async def _write(self, request: Request, phone: str) -> Answer:
        """A phone writes `{text}` to the service's number, perhaps with an `id` of its own: the same id is one message."""
        told = request.json_object()
        text = told.get("text")
        if not PHONE.fullmatch(phone) or not isinstance(text, str) or not text.strip():
            raise Refused(400, "a mobile number writes {text}")
        if not self._inbound_url:
            raise Refused(409, "this gateway takes nothing from phones: SMS_INBOUND_URL is not set")
        number = str(told.get("id") or uuid.uuid4().hex)
        known = next((each for each in self._room.written[phone] if each.id == number), None)
        if known is None:
            known = Written(number, phone, text, self._weather.now())
            self._room.written[phone].append(known)
            self._inbound.add(time.monotonic() + self._weather.seconds_of_latency("receipt"), known)
        return json_answer({"id": known.id, "at": _instant(known.written_at)})

    async def _figures(self, request: Request) -> Answer:
        waiting = {"deliveries_waiting": len(self._deliveries), "receipts_waiting": len(self._receipts)}
        return json_answer({**self._counts, **waiting, "phones": len(self._room.by_phone)})

    async def _keep_working(self) -> None:
        while True:
            try:
                self._settle_deliveries()
                await self._post_receipts()
                await self._post_inbound()
            except Exception:
                log.exception("the gateway's work broke; it goes on")
            await asyncio.sleep(TICK_SECONDS)

    def _settle_deliveries(self) -> None:
        now = time.monotonic()
        for due in self._deliveries.take(now, most=1_000_000):
            message = due.message
            has_failed = self._weather.strikes(self._weather.faults.error_rate, "delivery")
            message.state = "failed" if has_failed else "delivered"
            message.settled_at = self._weather.now()
            self._counts[message.state] += 1
            if not self._weather.strikes(self._weather.faults.error_rate, "receipt"):
                self._receipts.add(now + self._weather.seconds_of_latency("receipt"), message)

    async def _post_receipts(self) -> None:
        batch = self._receipts.take(time.monotonic(), RECEIPTS_AT_ONCE)
        if not batch:
            return
        self._counts["tries"] += 1
        content = [
            {"id": due.message.id, "biz_id": due.message.biz_id, "state": due.message.state, "at": _time(due.message)}
            for due in batch
        ]
        if await asyncio.to_thread(_post, self._receipt_url, content):
            self._counts["receipts"] += len(batch)
            return
        for due in batch:
            if not self._receipts.add_again(time.monotonic(), due):
                log.warning("the receipt of %s was not taken; given up", due.message.id)

    async def _post_inbound(self) -> None:
        batch = self._inbound.take(time.monotonic(), INBOUND_AT_ONCE)
        if not batch:
            return
        content = [{"id": due.message.id, "phone": due.message.phone, "text": due.message.text} for due in batch]
        if await asyncio.to_thread(_post, self._inbound_url, content):
            self._counts["inbound"] += len(batch)
            return
        for due in batch:
            if not self._inbound.add_again(time.monotonic(), due):
                log.warning("what %s wrote was not taken; given up", due.message.phone)


def _post(address: str, content: list[dict[str, Any]]) -> bool:
    try:
        return requests.post(address, json=content, timeout=10).ok
    except requests.RequestException:
        return False


def _time(message: Message) -> str:
    return _instant(message.settled_at or message.accepted_at)


def _instant(at: float) -> str:
    return datetime.fromtimestamp(at, BEIJING).isoformat(timespec="seconds")


def main() -> None:
    """Serve from the environment: PORT, SMS_KEY, SMS_RECEIPT_URL, and perhaps SMS_INBOUND_URL, FAULTS and CLOCK_URL."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    told = settings_of("sms", "PORT", "SMS_KEY", "SMS_RECEIPT_URL")
    weather = Weather.from_environment("sms")
    gateway = Gateway(told["SMS_KEY"], told["SMS_RECEIPT_URL"], weather, os.environ.get("SMS_INBOUND_URL", ""))
    weather.follow(gateway.site, os.environ.get("CLOCK_URL"))
    asyncio.run(gateway.site.run(int(told["PORT"])))


if __name__ == "__main__":
    main()
