"""What the simulated WeChat platform pushes to the service: encrypted messages and events, tried three times."""

import asyncio
import itertools
import logging
import secrets
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree as ET

import requests

from rehearsal.faults import Weather
from rehearsal.wechat_crypto import BadEnvelope, Envelopes, xml
from rehearsal.wechat_messages import news_line, text_line
from rehearsal.wechat_people import People, Person
from rehearsal.wechat_tokens import ApiError

ACCOUNT = "gh_sunrollrehearsal"
ANSWER_WITHIN_SECONDS = 5
TRIES = 3
PUSHES_AT_ONCE = 24
SORRY = "该公众号提供的服务出现故障,请稍后再试"

log = logging.getLogger("rehearsal")


class Callbacks:
    """Pushes to one address; passive replies appear in the person's chat. Fault name: "callback".

    A push that is not answered is tried again once its five seconds are over, three times in all; then a person whose
    message it was is told, and nobody where it was an event.

    `unanswered` are the numbers of these messages: what became of them, only the service's record knows.

    latency_ms delays each push, error_rate is the share of pushes that are delivered twice although answered.
    """

    def __init__(self, address: str, envelopes: Envelopes, people: People, weather: Weather) -> None:
        self._address, self._envelopes = address, envelopes
        self._people, self._weather = people, weather
        self._numbers = itertools.count(24_000_000_000_000_001)
        self._pool = ThreadPoolExecutor(PUSHES_AT_ONCE, thread_name_prefix="push")
        self._session = requests.Session()
        self._session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=PUSHES_AT_ONCE))
        self._running: set[asyncio.Task[None]] = set()
        self.counts: Counter[str] = Counter()
        self.unanswered: list[int] = []

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._session.close()

    def message(self, person: Person, kind: str, fields: Mapping[str, Any]) -> int:
        """Push a message of the person ("text", "image"): it opens the 48 hours in which the account may answer.

        Returns the message's number (MsgId).
        """
        person.spoke_at, person.answered = self._weather.now(), 0
        number = next(self._numbers)
        self._push(person, {"MsgType": kind, **fields, "MsgId": number})
        return number

    def event(self, person: Person, event: str, fields: Mapping[str, Any]) -> None:
        """Push an event ("subscribe", "CLICK", "SCAN", "TEMPLATESENDJOBFINISH", …)."""
        if event in ("subscribe", "CLICK", "SCAN"):
            person.spoke_at, person.answered = self._weather.now(), 0
        self._push(person, {"MsgType": "event", "Event": event, **fields})

    def _push(self, person: Person, fields: Mapping[str, Any]) -> None:
        content = {
            "ToUserName": ACCOUNT,
            "FromUserName": person.openid,
            "CreateTime": int(self._weather.now()),
            **fields,
        }
        task = asyncio.get_running_loop().create_task(self._deliver(person, xml(content), fields.get("MsgId")))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _deliver(self, person: Person, content: bytes, number: int | None) -> None:
        """Push until it is answered; `number` is the message's, None for an event."""
        self.counts["pushed"] += 1
        await asyncio.sleep(self._weather.seconds_of_latency("callback"))
        loop = asyncio.get_running_loop()
        for attempt in range(TRIES):
            self.counts["tries"] += 1
            began = loop.time()
            answer = await loop.run_in_executor(self._pool, self._post, person, content)
            if answer is None:
                await asyncio.sleep(max(0.0, ANSWER_WITHIN_SECONDS - (loop.time() - began)))
                continue
            if attempt + 1 < TRIES and self._weather.strikes(self._weather.faults.error_rate, "callback"):
                self.counts["doubled"] += 1
                continue
            self._show(person, answer)
            return
        if number is None:
            self.counts["unanswered events"] += 1
            return
        self.counts["unanswered"] += 1
        self.unanswered.append(number)
        self._complain(person, "no answer within five seconds, three times")

    def _post(self, person: Person, content: bytes) -> bytes | None:
        """The body of the service's answer, None where it came too late, was no 200, or there was no connection."""
        encrypted = self._envelopes.encrypt(content)
        timestamp, nonce = str(int(self._weather.now())), str(secrets.randbelow(10**10))
        query = {
            "signature": self._envelopes.signature(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": person.openid,
            "encrypt_type": "aes",
            "msg_signature": self._envelopes.signature(timestamp, nonce, encrypted),
        }
        body = xml({"ToUserName": ACCOUNT, "Encrypt": encrypted})
        headers = {"Content-Type": "text/xml"}
        try:
            answer = self._session.post(
                self._address, params=query, data=body, headers=headers, timeout=ANSWER_WITHIN_SECONDS
            )
        except requests.RequestException:
            return None
        return answer.content if answer.ok else None

    def _show(self, person: Person, answer: bytes) -> None:
        try:
            reply = self._envelopes.open_reply(answer)
            line = _line_of_reply(reply) if reply is not None else None
        except (BadEnvelope, ApiError) as error:
            self.counts["bad replies"] += 1
            self._complain(person, str(error))
            return
        self.counts["answered"] += 1
        if line:
            self._people.show(person, self._weather.now(), {**line, "channel": "passive"})

    def _complain(self, person: Person, why: str) -> None:
        log.warning("a push to %s failed: %s", self._address, why)
        self._people.show(person, self._weather.now(), {"from": "system", "kind": "text", "text": SORRY})


def _line_of_reply(reply: ET.Element) -> dict[str, Any] | None:
    """The chat line of a passive reply; None for a hand-over to customer service. Raises BadEnvelope or ApiError."""
    kind = reply.findtext("MsgType")
    if kind == "text":
        return text_line(reply.findtext("Content"))
    if kind == "news":
        items = [{child.tag.lower(): child.text or "" for child in item} for item in reply.iterfind("Articles/item")]
        return news_line(items)
    if kind == "image":
        return {"from": "account", "kind": "picture", "media_id": reply.findtext("Image/MediaId") or ""}
    if kind == "transfer_customer_service":
        return None
    raise BadEnvelope(f"a reply of the kind {kind!r} is not known")
