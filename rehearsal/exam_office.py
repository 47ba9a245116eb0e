"""The exam office of the simulated city at its desk: publishes rules, hands in sheets, freezes, releases, as forms do."""

import json
import re
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import Any

import requests

from rehearsal.exam_city import ExamCity
from rehearsal.office import TIMEOUT, Office

ALERT = re.compile(r'<div class="alert alert-danger[^"]*"[^>]*>(.*?)</div>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
LOOK_S = 0.5


class DeskRefused(Exception):
    """The desk said no; the message is what stood on its page."""


class ExamOffice:
    """Two officials of the exam office."""

    def __init__(self, service: str, officials: Mapping[str, Mapping[str, Any]]) -> None:
        self.service = service
        self.first, self.second = (Office(service, dict(officials[f"exam-{letter}"])) for letter in "ab")

    def prepare(self, city: ExamCity, former: bytes) -> None:
        """Rules, sheets (each tried dry first), quotas, former lines: everything before the first session is listed.

        Raises DeskRefused.
        """
        rules = ("rules.json", json.dumps(city.rules, ensure_ascii=False).encode())
        self.press("/desk/exam/rules", file=rules, reason="演练：公布填报规则")
        for kind, data in (city.sheets() | {"lines": former}).items():
            for press in ("try", "apply"):
                self.press(f"/desk/exam/{city.year}/imports", file=(f"{kind}.csv", data), kind=kind, press=press)
            if kind == "units":
                self.press(f"/desk/exam/{city.year}/quotas")

    def press(
        self, path: str, file: tuple[str, bytes] | None = None, *, who: Office | None = None, **fields: str
    ) -> str:
        """Send a form, follow where it leads, give the page. Raises DeskRefused with the page's words."""
        session = (who or self.first).session
        reply = session.post(
            f"{self.service}{path}",
            data={"request_key": uuid.uuid4().hex, **fields},
            files={"file": file} if file else {"nothing": ("", b"")},
            timeout=TIMEOUT,
        )
        return _page(reply)

    def state(self, year: int, code: str) -> str:
        """The state of a session: planned, listed, closed or published."""
        told = self.first.session.get(f"{self.service}/api/zhongkao/{year}/timetable", timeout=TIMEOUT).json()
        return str(next(one["state"] for one in told["sessions"] if one["code"] == code))

    def wait_for(self, year: int, code: str, state: str, within_s: float = 600.0) -> None:
        """Wait until a session has come that far. Raises TimeoutError."""
        until = time.monotonic() + within_s
        while self.state(year, code) != state:
            if time.monotonic() > until:
                raise TimeoutError(f"{code} is not {state} after {within_s:.0f} s")
            time.sleep(LOOK_S)

    def wait_until_open(self, city: ExamCity) -> None:
        """Wait until the first session's bands stand open by the service's clock."""
        opens_at = datetime.fromisoformat(city.rules["sessions"][0]["bands"][0]["open"])
        while self.first.service_time() < opens_at:
            time.sleep(LOOK_S)

    def admit(self, year: int, code: str) -> None:
        """Freeze a closed session, wait for run and checker, release it by both officials. Raises DeskRefused."""
        where = f"/desk/exam/{year}/{code}"
        page = self.press(f"{where}/admission")
        run = re.search(r"/desk/runs/([0-9a-f-]{36})", page)
        run_id = run[1] if run else self._run_of(where)
        for office in (self.first, self.second):
            self._approve(office, run_id)
        self.wait_for(year, code, "published")

    def _run_of(self, where: str) -> str:
        page = self.first.session.get(f"{self.service}{where}", timeout=TIMEOUT).text
        found = re.findall(r"/desk/runs/([0-9a-f-]{36})", page)
        if not found:
            raise DeskRefused(f"{where} shows no run")
        return str(found[-1])

    def _approve(self, office: Office, run_id: str) -> None:
        until = time.monotonic() + 300
        while True:
            told = office.get(f"/desk/runs/{run_id}")
            if told["state"] in {"checked", "approved"}:
                office.post(f"/desk/runs/{run_id}/approval", {"output_sha256": told["output_sha256"]})
                return
            if told["state"] == "failed" or time.monotonic() > until:
                raise DeskRefused(f"run {run_id} is {told['state']}: {told['report']}")
            time.sleep(LOOK_S)


def _page(reply: requests.Response) -> str:
    if reply.status_code >= requests.codes.bad_request:
        raise DeskRefused(f"{reply.status_code} {_words(reply.text)}")
    alert = ALERT.search(reply.text)
    if alert:
        raise DeskRefused(_words(alert[1]) + " " + _words(reply.text[alert.end() : alert.end() + 2000]))
    return reply.text


def _words(html: str) -> str:
    return " ".join(unescape(TAG.sub(" ", html)).split())[:1000]
