"""Callbacks a second and their wait with a healthy, a slow and an absent database; 70,000 notices against the gateway's limit."""

import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from backend.app import create_app
from backend.foundation.database import db
from backend.settings import read_settings
from bench.callbacks import CALLERS, PEOPLE, Waits, Weather, running_bots
from bench.notices import NOTICES, measure_notices
from bots.mailbox import Mailbox
from sunroll.embedded import database, make_keys, postgresql, valkey
from tests.conftest import environ_for_tests

SLOW_SECONDS = 2
WEATHERS = (
    (Weather("a healthy database", ""), 2000),
    (Weather(f"every message {SLOW_SECONDS} s late", str(SLOW_SECONDS)), 600),
    (Weather("no database", "absent"), 2000),
)
"""How the database does, and how many messages are sent then."""
WARMING_UP = 100
"""Messages before the measured ones: the first of all compile statements and open connections."""
LETTERS = 2000
WHOLE = 70_000
GATEWAY_A_SECOND = 500
"""What a provider takes from one account by its own published default; the 70,000 cannot go faster than this."""


def measure() -> str:
    """Two tables."""
    folder = Path(tempfile.mkdtemp(prefix="sunroll-bench-"))
    with postgresql(folder / "postgresql") as server, valkey(folder / "valkey") as bell:
        make_keys(folder / "keys.json")
        environ = {**os.environ, **environ_for_tests(database(server, "bench"), bell, folder)}
        environ |= {"SUNROLL_REHEARSAL": "0", "SUNROLL_QUIET_HOURS": ""}
        service = create_app(read_settings(environ))
        with service.app_context():
            db.create_all()
        with running_bots(environ, folder) as bots:
            bots.measure(Weather("warming up", ""), WARMING_UP)
            lines = [bots.measure(weather, messages) for weather, messages in WEATHERS]
        mailbox = _letters(folder / "alone")
        notices = measure_notices(service)
        with service.app_context():
            db.session.remove()
            db.engine.dispose()
    return _tables(lines, mailbox, notices)


def _letters(folder: Path) -> float:
    """Letters a second that the disk alone keeps, with as many callers sharing flushes."""
    mailbox = Mailbox(folder)
    with ThreadPoolExecutor(CALLERS) as callers:
        began = time.perf_counter()
        list(callers.map(lambda _: mailbox.keep(b"x" * 600), range(LETTERS)))
        seconds = time.perf_counter() - began
    mailbox.close()
    return LETTERS / seconds


def _tables(lines: Sequence[Waits], mailbox: float, notices: tuple[float, float, int]) -> str:
    put, sent, wrong = notices
    head = (
        f"# Callbacks of {PEOPLE} people to one process of the bots, {CALLERS} at a time, over loopback\n\n"
        "| database | callbacks | a second | p50 ms | p99 ms | p99.9 ms | worst ms | effects lost |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    rows = "\n".join(
        f"| {one.weather} | {len(one.waits):,} | {one.a_second:,.0f} | {one.at(0.5):,.0f} | {one.at(0.99):,.0f} "
        f"| {one.at(0.999):,.0f} | {one.waits[-1]:,.0f} | {one.missing} |"
        for one in lines
    )
    workers = -(-GATEWAY_A_SECOND // max(1, int(sent)))
    return (
        f"{head}{rows}\n\nTarget: every callback is answered within a second, whatever the database does.\n"
        f"Letters that the disk alone keeps durably: {mailbox:,.0f} a second.\n\n"
        f"# {NOTICES} notices by SMS, one worker, a provider that answers at once\n\n"
        "| step | a second | 70,000 take |\n|---|---:|---:|\n"
        f"| put with their tasks | {put:,.0f} | {WHOLE / put:,.0f} s |\n"
        f"| sent, each in two transactions | {sent:,.0f} | {WHOLE / sent / 60:,.1f} min |\n"
        f"| the provider's own limit | {GATEWAY_A_SECOND} | {WHOLE / GATEWAY_A_SECOND / 60:,.1f} min |\n\n"
        f"Not sent exactly once: {wrong}. Workers that fill the provider's limit: {workers}.\n"
        f"\nMachine: {os.cpu_count()} cores, load {os.getloadavg()[1]:.0f} in the five minutes before the end.\n"
    )
