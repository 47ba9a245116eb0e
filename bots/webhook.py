"""The addresses that WeChat and the SMS gateway call: envelopes are checked, messages taken, answered within a second (P17)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from threading import Lock

from flask import Flask, Response, request

from backend.foundation import clock
from backend.foundation.doors import Application
from backend.foundation.logging import log, principal, request_id
from backend.foundation.unit_of_work import retrying, unit_of_work
from backend.notices.sentences import say
from backend.settings import WeChatSettings
from bots.callbacks import Replayed, take_callback
from bots.sms.inbound import take_sms
from bots.wechat.envelopes import LARGEST_BODY, Envelopes, Forged, Unreadable
from bots.wechat.inbound import Inbound

ANSWER_WITHIN = 0.8
"""Seconds after which an answer is no longer waited for; what is said then comes as a customer-service message."""
AT_LAST = 4.0
"""Seconds at which waiting ends for good: after five the platform gives up and sends again."""
THREADS = 16
MOST_TEXTS = 100


class Promise:
    """Who answers: the one that waits (passively), or the one that works (later). Decided once, by whoever is first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._way = ""

    def choose(self, way: str) -> bool:
        """Whether `way` (passive or late) is how it will be answered."""
        with self._lock:
            self._way = self._way or way
            return self._way == way


class Webhook:
    """The callbacks of one official account, worked on inside the service's app by a few threads of its own."""

    def __init__(self, service: Application) -> None:
        settings: WeChatSettings = service.config["WECHAT"]
        self._service = service
        self._envelopes = Envelopes(settings.app_id, settings.token, settings.aes_key)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="callback")

    def prove(self, query: Mapping[str, str]) -> Response:
        """Answer the platform's question whether this address is ours."""
        if not self._envelopes.proves_address(query, _now()):
            return _refused()
        return Response(query.get("echostr", "")[:200], content_type="text/plain; charset=utf-8")

    def take(self, query: Mapping[str, str], body: bytes) -> Response:
        """Take one callback. 400 for what is no XML, 413 for what is too long, the same 403 for every forgery."""
        if len(body) > LARGEST_BODY:
            return Response(status=413)
        arrived_at = clock.now()
        try:
            inbound = self._envelopes.open(query, body, arrived_at.timestamp())
        except Unreadable:
            return Response(status=400)
        except Forged:
            return _refused()
        nonce, timestamp = query["nonce"], int(query["timestamp"][:12])
        promise = Promise()
        work = self._threads.submit(self._work, inbound, nonce, timestamp, arrived_at, promise)
        return self._answer(inbound, work, promise)

    def _answer(self, inbound: Inbound, work: Future[str], promise: Promise) -> Response:
        try:
            text = work.result(ANSWER_WITHIN)
        except TimeoutError:
            if promise.choose("late"):
                return Response("success")
            return self._answer_at_last(inbound, work)
        except Replayed:
            return _refused()
        except Exception:  # noqa: BLE001  # the person hears that something broke; the platform need not send it again
            log(__name__).error("callback-failed", exc_info=True, kind=inbound.kind)
            text = say("problem.internal-fault")
        return self._reply(inbound, text)

    def _answer_at_last(self, inbound: Inbound, work: Future[str]) -> Response:
        """The transaction is about to stand with a passive answer in it: it is waited for a little longer."""
        try:
            return self._reply(inbound, work.result(AT_LAST - ANSWER_WITHIN))
        except Exception:  # noqa: BLE001  # no answer: the platform sends again, and the repeat finds what stands
            return Response(status=503)

    def _reply(self, inbound: Inbound, text: str) -> Response:
        if not text:
            return Response("success")
        return Response(self._envelopes.seal(inbound, text, _now()), content_type="application/xml; charset=utf-8")

    def _work(self, inbound: Inbound, nonce: str, timestamp: int, arrived_at: datetime, promise: Promise) -> str:
        request_id.set(f"callback-{inbound.dedupe_key.hex()[:16]}")
        principal.set("chat")

        def attempt() -> str:
            with unit_of_work():
                return take_callback(inbound, nonce, timestamp, arrived_at, lambda: not promise.choose("passive"))

        with self._service.app_context():
            return retrying(attempt)


def _take_texts(told: list[object]) -> Response:
    """SMS from phones, `[{id, phone, text}]`: each in a transaction of its own, so that one fault spoils no other."""
    for one in told[:MOST_TEXTS]:
        if isinstance(one, dict):
            principal.set("chat")
            _take_text(one)
    return Response("{}", content_type="application/json")


def _take_text(told: dict[str, object]) -> None:
    def attempt() -> None:
        with unit_of_work():
            take_sms(told, clock.now())

    retrying(attempt)


def _now() -> float:
    return clock.now().timestamp()


def _refused() -> Response:
    return Response(status=403)


def serve(service: Application) -> Flask:
    """The bots' own small web application: the webhook and nothing of the service's pages."""
    webhook = Webhook(service)
    app = Flask("bots", static_folder=None)

    @app.get("/wechat")
    def prove() -> Response:
        query = request.args.to_dict()
        with service.app_context():
            return webhook.prove(query)

    @app.post("/wechat")
    def take() -> Response:
        query = request.args.to_dict()
        body = request.stream.read(LARGEST_BODY + 1)
        with service.app_context():
            return webhook.take(query, body)

    @app.post("/sms/<secret>")
    def take_texts(secret: str) -> Response:
        wanted: str = service.config["GATEWAYS"].sms_receipt_path
        if not hmac.compare_digest(secret.encode(), wanted.encode()):
            return Response(status=404)
        told = request.get_json(silent=True)
        with service.app_context():
            return _take_texts(told if isinstance(told, list) else [told])

    @app.get("/alive")
    def alive() -> Response:
        return Response("alive")

    return app
