"""Callbacks of WeChat to the bots' real process, each timed by whoever called: what a person's phone would wait."""

import itertools
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import local

import psycopg
import requests

from bots.webhook import LETTERS
from rehearsal.wechat_crypto import Envelopes, xml
from sunroll.embedded import free_port
from tests.trials.chat_record import letters_in

HOST = "127.0.0.1"
PEOPLE, CALLERS = 100, 16
STARTS_WITHIN, SETTLES_WITHIN = 120.0, 300.0
BOTS = ("--workers", "1", "--blocking-threads", "32", "--backpressure", "256", "--no-access-log")
"""As the Procfile starts them."""
ACCOUNT = "gh_bench"
_numbers = itertools.count(24_000_000_000_000_001)
_of_thread = local()


class NotMeasured(Exception):
    """Something answered otherwise than the measurement supposes."""


@dataclass(frozen=True)
class Weather:
    """How the database does, and what `bench/weather_bots.py` is told."""

    name: str
    told: str


@dataclass(frozen=True)
class Waits:
    """One measurement: callbacks a second, waits in milliseconds in order, and effects missing once all is well again."""

    weather: str
    a_second: float
    waits: Sequence[float]
    missing: int

    def at(self, share: float) -> float:
        """The wait that this share of the callbacks did not exceed."""
        return self.waits[min(len(self.waits) - 1, int(len(self.waits) * share))]


class Bots:
    """The process at `address`; `weather` is the file that makes its database slow."""

    def __init__(self, environ: Mapping[str, str], weather: Path, address: str) -> None:
        self._environ, self._weather, self._address = environ, weather, address
        self._envelopes = Envelopes(environ["WECHAT_APP_ID"], environ["WECHAT_TOKEN"], environ["WECHAT_AES_KEY"])

    def measure(self, weather: Weather, messages: int) -> Waits:
        """So many messages of a hundred people, sixteen at a time. Raises NotMeasured."""
        before = self._taken()
        calls = [self._call(f"o-bench-{secrets.token_hex(4)}-{number % PEOPLE}", number) for number in range(messages)]
        self._weather.write_text(weather.told)
        with ThreadPoolExecutor(CALLERS) as callers:
            began = time.perf_counter()
            waits = sorted(callers.map(self._timed, calls))
            seconds = time.perf_counter() - began
        self._weather.write_text("")
        ends = time.monotonic() + SETTLES_WITHIN
        while letters_in(Path(self._environ["SUNROLL_UPLOADS"]).parent / LETTERS) and time.monotonic() < ends:
            time.sleep(0.2)
        return Waits(weather.name, messages / seconds, waits, messages - (self._taken() - before))

    def _call(self, openid: str, number: int) -> tuple[dict[str, str], bytes]:
        content = {"ToUserName": ACCOUNT, "FromUserName": openid, "CreateTime": int(time.time()), "MsgType": "text"}
        sealed = self._envelopes.encrypt(xml({**content, "Content": f"菜单 {number}", "MsgId": next(_numbers)}))
        timestamp, nonce = str(int(time.time())), secrets.token_hex(8)
        query = {
            "signature": self._envelopes.signature(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": openid,
            "encrypt_type": "aes",
            "msg_signature": self._envelopes.signature(timestamp, nonce, sealed),
        }
        return query, xml({"ToUserName": ACCOUNT, "Encrypt": sealed})

    def _timed(self, call: tuple[dict[str, str], bytes]) -> float:
        query, body = call
        session = _of_thread.__dict__.setdefault("session", requests.Session())
        began = time.perf_counter()
        answer = session.post(f"{self._address}/wechat", params=query, data=body, timeout=30)
        waited = (time.perf_counter() - began) * 1000
        if answer.status_code != HTTPStatus.OK:
            raise NotMeasured(f"{answer.status_code} {answer.text[:200]}")
        return waited

    def _taken(self) -> int:
        with psycopg.connect(self._environ["DATABASE_URL"]) as connection:
            return int(connection.execute(b"SELECT count(*) FROM wx_inbox").fetchall()[0][0])


@contextmanager
def running_bots(environ: Mapping[str, str], folder: Path) -> Iterator[Bots]:
    """The bots under granian, answering. Raises NotMeasured where they do not start."""
    weather, port = folder / "weather", free_port()
    weather.write_text("")
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    with (folder / "bots.log").open("wb") as log:
        process = subprocess.Popen(
            [*granian, *BOTS, "bench.weather_bots:app"],
            env={**environ, "BENCH_WEATHER": str(weather), "PYTHONPATH": str(Path.cwd())},
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(f"http://{HOST}:{port}/alive", process, folder / "bots.log")
        yield Bots(environ, weather, f"http://{HOST}:{port}")
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise NotMeasured(log.read_text(errors="replace")[-2000:])
