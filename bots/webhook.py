"""The addresses that WeChat and the SMS gateway call: envelopes are checked, messages kept, answered within a second (P17)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from backend.foundation import clock
from backend.foundation.doors import Application
from backend.foundation.logging import log, principal, request_id
from backend.foundation.unit_of_work import retrying, unit_of_work
from backend.notices.sentences import say
from backend.settings import WeChatSettings
from bots.callbacks import Replayed, take_callback, welcome
from bots.letters import WECHAT, Letter, callback_letter, sms_letter
from bots.mailbox import Mailbox
from bots.promises import Job, Postponed
from bots.reception import ANSWER_WITHIN, Reception
from bots.sms.inbound import take_sms
from bots.wechat.envelopes import LARGEST_BODY, Envelopes, Forged, Unreadable
from bots.wechat.inbound import Inbound

MOST_TEXTS = 100
LETTERS = "letters"
"""The folder of kept letters, beside that of the uploads."""


def take_letter(letter: Letter, is_late: Callable[[], bool], attempts: int) -> str:
    """Take one letter in a transaction of its own, tried anew where transactions met; the text to answer with."""
    principal.set("chat")

    def attempt() -> str:
        with unit_of_work():
            if letter.way != WECHAT:
                take_sms(letter.told, letter.arrived_at)
                return ""
            inbound, told = letter.inbound(), letter.told
            request_id.set(f"callback-{inbound.dedupe_key.hex()[:16]}")
            nonce, timestamp = told["nonce"], told["timestamp"]
            return take_callback(inbound, nonce, timestamp, letter.arrived_at, is_late, is_again=attempts > 1)

    return retrying(attempt)


class Webhook:
    """The callbacks of one official account, and the SMS that phones send to the service's number."""

    def __init__(self, service: Application, answer_within: float = ANSWER_WITHIN) -> None:
        settings: WeChatSettings = service.config["WECHAT"]
        uploads: Path = service.config["UPLOADS"]
        self._envelopes = Envelopes(settings.app_id, settings.token, settings.aes_key)
        self.reception = Reception(service, Mailbox(uploads.parent / LETTERS), take_letter, answer_within)

    def prove(self, query: Mapping[str, str]) -> Response:
        """Answer the platform's question whether this address is ours."""
        if not self._envelopes.proves_address(query, _now()):
            return _refused()
        return Response(query.get("echostr", "")[:200], content_type="text/plain; charset=utf-8")

    def take(self, query: Mapping[str, str], body: bytes) -> Response:
        """Take one callback. 400 for what is no XML, 413 for what is too long, the same 403 for every forgery."""
        if len(body) > LARGEST_BODY:
            return Response(status=413)
        arrived_at, began = clock.now(), clock.monotonic()
        try:
            inbound = self._envelopes.open(query, body, arrived_at.timestamp())
        except Unreadable:
            return Response(status=400)
        except Forged:
            return _refused()
        letter = callback_letter(inbound, query["nonce"], int(query["timestamp"][:12]), arrived_at)
        return self._answer(inbound, self.reception.receive(letter, began))

    def _answer(self, inbound: Inbound, job: Job) -> Response:
        try:
            text = self.reception.wait_for(job)
        except Postponed:
            text = ""
        except TimeoutError:
            return Response(status=503)
        except Replayed:
            return _refused()
        except Exception:  # noqa: BLE001  # the person hears that something broke; the platform need not send it again
            log(__name__).error("callback-failed", exc_info=True, kind=inbound.kind)
            if job.number is None:
                return Response(status=503)
            text = say("problem.internal-fault")
        return self._reply(inbound, text or (welcome() if inbound.is_plain_follow else ""))

    def _reply(self, inbound: Inbound, text: str) -> Response:
        if not text:
            return Response("success")
        return Response(self._envelopes.seal(inbound, text, _now()), content_type="application/xml; charset=utf-8")

    def take_texts(self, told: list[Any]) -> Response:
        """SMS from phones, `[{id, phone, text}]`, answered once all are kept; 503 where the disk did not take them."""
        arrived_at, began = clock.now(), clock.monotonic()
        letters = [sms_letter(one, arrived_at) for one in told[:MOST_TEXTS] if isinstance(one, dict)]
        jobs = self.reception.receive_all(letters, began)
        for job in jobs:
            with suppress(Exception):  # each in a transaction of its own: one fault spoils no other
                self.reception.wait_for(job)
        if any(job.number is None and not _stands(job) for job in jobs):
            return Response(status=503)
        return Response("{}", content_type="application/json")


def _stands(job: Job) -> bool:
    return job.answer.done() and job.answer.exception() is None


def _now() -> float:
    return clock.now().timestamp()


def _refused() -> Response:
    return Response(status=403)


def serve(service: Application, webhook: Webhook | None = None) -> Flask:
    """The bots' own small web application: the webhook and nothing of the service's pages."""
    webhook = webhook or Webhook(service)
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
            return webhook.take_texts(told if isinstance(told, list) else [told])

    @app.get("/alive")
    def alive() -> Response:
        return Response("alive")

    return app
