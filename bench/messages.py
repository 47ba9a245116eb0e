"""Callbacks a second and their wait with a healthy, a slow and an absent database; 70,000 notices against the gateway's limit."""

import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

import bots.webhook
from backend.app import create_app
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.accounts import guardian_by_phone
from backend.notices.rows import InboxRow, Notice
from backend.notices.send_notice import send_notice
from backend.settings import read_settings
from bots.mailbox import Mailbox
from bots.reception import ANSWER_WITHIN, SWITCHES_EVERY
from jobs.run_tasks import drain
from sunroll.embedded import database, make_keys, postgresql, valkey
from tests.callback_builders import Platform, platform_of, settle
from tests.conftest import environ_for_tests

PEOPLE, MESSAGES, CALLERS = 40, 400, 8
SLOW_SECONDS = 2.0
NOTICES = 1000
WHOLE = 70_000
GATEWAY_A_SECOND = 500
"""What a provider takes from one account by its own published default; the 70,000 cannot go faster than this."""
_ids = itertools.count(1)


class NotMeasured(Exception):
    """Something answered otherwise than the measurement supposes."""


def measure() -> str:
    """Two tables."""
    folder = Path(tempfile.mkdtemp(prefix="sunroll-bench-"))
    sys.setswitchinterval(SWITCHES_EVERY)
    with postgresql(folder / "postgresql") as server, valkey(folder / "valkey") as bell:
        make_keys(folder / "keys.json")
        told = {**os.environ, **environ_for_tests(database(server, "bench"), bell, folder), "SUNROLL_REHEARSAL": "0"}
        service = create_app(read_settings(told | {"SUNROLL_QUIET_HOURS": ""}))
        with service.app_context():
            db.create_all()
        service.extensions["chat_gateway"] = service.extensions["sms_gateway"] = _Instant()
        lines = [_callbacks(service, name, how) for name, how in _WEATHERS.items()]
        mailbox = _letters(folder / "alone")
        notices = _notices(service)
        with service.app_context():
            db.session.remove()
            db.engine.dispose()
    return _tables(lines, mailbox, notices)


@contextmanager
def _healthy() -> Iterator[None]:
    yield


@contextmanager
def _slow() -> Iterator[None]:
    real = bots.webhook.take_callback

    def waits(*told: Any, **more: Any) -> str:
        time.sleep(SLOW_SECONDS)
        return real(*told, **more)

    with mock.patch.object(bots.webhook, "take_callback", waits):
        yield


@contextmanager
def _absent() -> Iterator[None]:
    def fails(*_told: Any, **_more: Any) -> str:
        raise OperationalError("", {}, Exception("away"))

    with mock.patch.object(bots.webhook, "take_callback", fails):
        yield


_WEATHERS = {
    "a healthy database": _healthy,
    f"every statement {SLOW_SECONDS:.0f} s late": _slow,
    "no database": _absent,
}


def _callbacks(service: Application, name: str, weather: Any) -> tuple[str, float, float, float, float, int]:
    """(weather, callbacks a second, p50, p99, worst in ms, effects missing once the database is back)."""
    platforms = [platform_of(service, f"o-bench-{next(_ids)}", ANSWER_WITHIN) for _ in range(PEOPLE)]
    shared = platforms[0]
    for platform in platforms:
        platform.app, platform.webhook = shared.app, shared.webhook
    reception = shared.webhook.reception if shared.webhook else None
    if reception is None:
        raise NotMeasured("the platform has no webhook")
    before = _taken(service)
    jobs = [(platforms[number % PEOPLE], f"菜单 {number}") for number in range(MESSAGES)]
    with weather(), ThreadPoolExecutor(CALLERS) as callers:
        began = time.perf_counter()
        waits = sorted(callers.map(_timed, jobs))
        seconds = time.perf_counter() - began
    reception.start()
    settle(120, reception)
    missing = MESSAGES - (_taken(service) - before)
    reception.stop()
    worst = waits[-1]
    return name, MESSAGES / seconds, waits[len(waits) // 2], waits[int(len(waits) * 0.99)], worst, missing


def _timed(job: tuple[Platform, str]) -> float:
    platform, words = job
    content = platform.content(Content=words)
    began = time.perf_counter()
    answer = platform.post(content)
    waited = (time.perf_counter() - began) * 1000
    if answer.status_code != HTTPStatus.OK:
        raise NotMeasured(answer.status)
    return waited


def _taken(service: Application) -> int:
    with service.app_context():
        return int(db.session.execute(select(func.count()).select_from(InboxRow)).scalar_one())


def _letters(folder: Path) -> float:
    """Letters a second that the disk alone keeps, with eight callers sharing flushes."""
    mailbox = Mailbox(folder)
    with ThreadPoolExecutor(CALLERS) as callers:
        began = time.perf_counter()
        list(callers.map(lambda _: mailbox.keep(b"x" * 600), range(MESSAGES * 4)))
        seconds = time.perf_counter() - began
    mailbox.close()
    return MESSAGES * 4 / seconds


class _Instant:
    """A provider that accepts at once: what is left is our own cost."""

    def __init__(self) -> None:
        self.sent: set[str] = set()

    def send(self, message_id: str, phone: str, template: str, params: dict[str, str], text: str) -> str:
        self.sent.add(message_id)
        return f"biz-{message_id}"

    def send_text(self, openid: str, text: str) -> str:
        return ""

    def state_of(self, message_id: str, phone: str, tried_at: Any) -> str:
        return "accepted" if message_id in self.sent else "unknown-id"


def _notices(service: Application) -> tuple[float, float, int]:
    """(notices a second put, sent by one worker; how many were not sent exactly once)."""
    gateway = _Instant()
    service.extensions["sms_gateway"] = gateway
    with service.app_context():
        drain("notices")
        gateway.sent.clear()
        with unit_of_work():
            accounts = [guardian_by_phone(f"1390{number:07d}").id for number in range(NOTICES)]
        began = time.perf_counter()
        for start in range(0, NOTICES, 200):
            with unit_of_work():
                for account in accounts[start : start + 200]:
                    send_notice(account, "unplaced", {"child": "小明"}, f"bench/{account}")
        put = NOTICES / (time.perf_counter() - began)
        began = time.perf_counter()
        drain("notices")
        sent = NOTICES / (time.perf_counter() - began)
        wrong = NOTICES - len(gateway.sent)
        wrong += int(
            db.session.execute(
                select(func.count()).select_from(Notice).where(Notice.code == "unplaced", Notice.state != "sent")
            ).scalar_one()
        )
    return put, sent, wrong


def _tables(lines: list[tuple[str, float, float, float, float, int]], mailbox: float, notices: Any) -> str:
    put, sent, wrong = notices
    head = (
        f"# {MESSAGES} callbacks of {PEOPLE} people, {CALLERS} at a time, decrypted and answered\n\n"
        "| database | callbacks a second | p50 ms | p99 ms | worst ms | effects lost |\n|---|---:|---:|---:|---:|---:|\n"
    )
    rows = "\n".join(
        f"| {name} | {rate:,.0f} | {p50:,.0f} | {p99:,.0f} | {worst:,.0f} | {lost} |"
        for name, rate, p50, p99, worst, lost in lines
    )
    workers = -(-GATEWAY_A_SECOND // max(1, int(sent)))
    return (
        f"{head}{rows}\n\nLetters that the disk alone keeps durably: {mailbox:,.0f} a second.\n\n"
        f"# {NOTICES} notices by SMS, one worker, a provider that answers at once\n\n"
        "| step | a second | 70,000 take |\n|---|---:|---:|\n"
        f"| put with their tasks | {put:,.0f} | {WHOLE / put:,.0f} s |\n"
        f"| sent, each in two transactions | {sent:,.0f} | {WHOLE / sent / 60:,.1f} min |\n"
        f"| the provider's own limit | {GATEWAY_A_SECOND} | {WHOLE / GATEWAY_A_SECOND / 60:,.1f} min |\n\n"
        f"Not sent exactly once: {wrong}. Workers that fill the provider's limit: {workers}.\n"
        f"\nMachine: {os.cpu_count()} cores, load {os.getloadavg()[1]:.0f} in the five minutes before the end.\n"
    )
