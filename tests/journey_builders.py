"""A season through the real HTTP API, from the disclosure page to the school record: what every journey test does with."""

from __future__ import annotations

import io
import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pyotp

from backend.foundation import clock
from backend.foundation.clock import ClockOffset
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.grants import give_grant
from backend.identity.log_in_official import make_official
from backend.identity.rules.roles import CITY, Scope
from backend.policy.book_for import book_for
from backend.policy.rules.book import Book
from jobs.run_tasks import drain
from tests.ceremony_steps import hold_over_http
from tests.journey_city import FakeExchange, Family, good_picture
from tests.notices_builders import HostileChat, HostileSms
from tests.policy_builders import workbook

PASSWORD = "Shi-Xue-2026-yanlian"
QUEUES = ("pictures", "checks", "notices", "decisions")
STARTS = datetime(2026, 5, 11, 8, tzinfo=clock.SHANGHAI)
WITNESSES = {"家长代表": "314159265358", "家委会代表": "271828182845", "教体局代表": "141421356237"}


class Season:
    """One banner's season: officials, guardians and the clock, all over HTTP; the outside world is faked."""

    def __init__(self, app: Any, banner: str, model: str, name: str) -> None:
        self.app, self.banner, self.model, self.name = app, banner, model, name
        self.client = app.test_client()
        self.exchange, self.sms, self.chat = FakeExchange(), HostileSms(), HostileChat()
        app.extensions |= {"exchange": self.exchange, "sms_gateway": self.sms, "chat_gateway": self.chat}
        self.secrets: dict[str, str] = {}
        self.passwords: dict[str, str] = {}
        self.tokens: dict[str, tuple[str, datetime]] = {}
        for login in ("kai", "ping"):
            self.official(login, "banner-admissions", Scope("banner", banner))
        self.official("system", "system-administrator", Scope("city", CITY))

    def official(self, login: str, role: str, scope: Scope) -> str:
        """A new official with one role; the login."""
        with unit_of_work():
            account, self.secrets[login] = make_official(login, f"工作人员{login}", PASSWORD)
            give_grant(account, role, scope, "for the journey")
        return login

    def call(self, method: str, path: str, who: str | Family | None = None, status: int = 0, **more: Any) -> Any:
        """The JSON of an answer. `who` is an official's login, a family or nobody; `status` what is expected."""
        answer = self.client.open(path, method=method, headers=self.headers(who), **more)
        told = answer.get_json() if answer.is_json or "problem" in answer.content_type else answer.data
        expected = {status} if status else {200, 201, 202, 204}
        assert answer.status_code in expected, f"{method} {path}: {answer.status_code} {told}"
        return told

    def headers(self, who: str | Family | None) -> dict[str, str]:
        """A fresh request key, and the token of whoever asks."""
        key = {"Idempotency-Key": uuid.uuid4().hex}
        if who is None:
            return key
        return key | {"Authorization": f"Bearer {who.token if isinstance(who, Family) else self.token(who)}"}

    def token(self, login: str) -> str:
        """The official's token, newly logged in with password and one-time password where the last one grew old."""
        held = self.tokens.get(login)
        if held and clock.now() - held[1] < timedelta(minutes=20):
            return held[0]
        one_time, password = pyotp.TOTP(self.secrets[login]), self.passwords.get(login, PASSWORD)
        proof = {"name": login, "password": password, "totp": one_time.at(clock.now())}
        told = self.call("POST", "/api/officials/login", json=proof)
        self.tokens[login] = told["token"], clock.now()
        if datetime.fromisoformat(told["password_expires_at"]) <= clock.now():
            self.passwords[login] = f"{PASSWORD}-{clock.now():%y%m%d}"
            proof = {"old_password": password, "totp": one_time.at(clock.now(), counter_offset=1)}
            changed = proof | {"new_password": self.passwords[login]}
            self.call("PUT", "/api/officials/me/password", login, json=changed)
        return str(told["token"])

    def work(self) -> None:
        """Let the workers do all that is due."""
        while sum(drain(queue) for queue in QUEUES):
            pass

    def pass_time(self, until: datetime) -> None:
        """Move the clock over HTTP, then let the workers do what has become due."""
        seconds = int((until - clock.now()).total_seconds()) + 1
        assert seconds > 0, f"{until} has passed"
        self.call("POST", "/api/desk/clock", "system", json={"advance_seconds": seconds})
        self.work()

    def publish(self, sheets: dict[str, list[list[str]]], opens_at: datetime, closes_at: datetime) -> Book:
        """Publish book, sheets and disclosure page."""
        book = book_for(self.model, self.banner, self.name, opens_at.year, opens_at, closes_at)
        path = f"/api/desk/banners/{self.banner}"
        self.call("POST", f"{path}/book", "kai", json={"content": book.content, "reason": "新一年的规则"})
        for kind, rows in sheets.items():
            self.take_sheet(kind, rows)
        self.call("POST", f"{path}/disclosure", "kai")
        return book

    def take_sheet(self, kind: str, rows: list[list[str]]) -> None:
        """Import one sheet as the banner's official."""
        path = f"/api/desk/banners/{self.banner}/imports?kind={kind}"
        told = self.call("POST", path, "kai", data={"file": (io.BytesIO(workbook(rows)), f"{kind}.xlsx")})
        assert told["applied"], told

    def log_in(self, family: Family) -> None:
        """The guardian logs in with the code that came by SMS."""
        if family not in self.exchange.families:
            self.exchange.families.append(family)
        self.call("POST", "/api/login/code", json={"phone": family.phone})
        self.work()
        text = [text for phone, text in self.sms.sent.values() if phone == family.phone][-1]
        found = re.search(r"\d{6}", text)
        assert found, text
        told = self.call("POST", "/api/login/phone", json={"phone": family.phone, "code": found[0]})
        family.token = told["token"]

    def register(self, family: Family) -> None:
        """Read and give the consents, then register the child."""
        texts = self.call("GET", "/api/consents")["items"]
        given = [{"purpose": text["purpose"], "sha256": text["sha256"]} for text in texts if text["required"]]
        body = {**family.particulars, "consents": given}
        family.child_key = self.call("POST", "/api/children", family, json=body)["id"]

    def draft(self, family: Family, stage: str = "primary") -> dict[str, Any]:
        """Begin the application and save the form."""
        body = {"child_id": family.child_key, "banner": self.banner, "stage": stage}
        family.application = self.call("POST", "/api/applications", family, json=body)["id"]
        told: dict[str, Any] = self.call(
            "PUT", f"/api/applications/{family.application}/form", family, json=family.form
        )
        return told

    def photograph(self, family: Family) -> None:
        """Photograph every paper that is still owed."""
        path = f"/api/applications/{family.application}"
        for kind in self.call("GET", path, family)["missing"]:
            data = {"kind": kind, "picture": (io.BytesIO(good_picture()), "p.jpg", "image/jpeg")}
            self.call("POST", f"{path}/papers", family, data=data, content_type="multipart/form-data")

    def submit(self, family: Family) -> None:
        """Submit, and keep the receipt."""
        told = self.call("POST", f"/api/applications/{family.application}/submission", family)
        family.receipt = told["receipt"]

    def apply(self, family: Family, stage: str = "primary") -> Family:
        """The family's whole way to the receipt; departments answer as far as they do."""
        self.log_in(family)
        self.register(family)
        self.draft(family, stage)
        self.photograph(family)
        self.submit(family)
        self.work()
        return family

    def state(self, family: Family) -> str:
        """The application's state as its family sees it."""
        return str(self.call("GET", f"/api/applications/{family.application}", family)["state"])

    def case_of(self, family: Family) -> dict[str, Any]:
        """The open case of the family, opened by the first official."""
        waiting = self.call("GET", "/api/desk/cases", "kai")["items"]
        (case,) = [case for case in waiting if case["receipt"] == family.receipt]
        return dict(self.call("POST", f"/api/desk/cases/{case['id']}/look", "kai"))

    def decide(self, family: Family, decision: str, reason_code: str, reason: str, **more: Any) -> Any:
        """Decide the family's open case."""
        body = {"decision": decision, "reason_code": reason_code, "reason": reason}
        told = self.call("POST", f"/api/desk/cases/{self.case_of(family)['id']}/decision", "kai", json=body | more)
        self.work()
        return told

    def case_refuses(self, family: Family, code: str) -> bool:
        """Whether accepting the family's case as it stands is refused with this code."""
        path = f"/api/desk/cases/{self.case_of(family)['id']}/decision"
        body = {"decision": "accept", "reason_code": "papers-prove", "reason": "材料齐全"}
        refused = self.client.post(path, headers=self.headers("kai"), json=body)
        return refused.status_code >= 400 and bool(refused.get_json()["code"] == code)

    def settle(self, stage: str = "primary") -> dict[str, Any]:
        """Settle the seat types; who could not be settled is told."""
        self.call("POST", f"/api/desk/banners/{self.banner}/stages/{stage}/settlement", "kai")
        self.work()
        return dict(self.call("GET", f"/api/desk/banners/{self.banner}/stages/{stage}/settlement", "kai"))

    def freeze(self, stage: str = "primary", status: int = 201, **more: Any) -> dict[str, Any]:
        """Freeze the roster."""
        path = f"/api/desk/banners/{self.banner}/stages/{stage}/runs"
        return dict(self.call("POST", path, "kai", status, json={"draw": f"{self.name}2026派位"} | more))

    def allocate(self, run: str) -> dict[str, Any]:
        """The witnesses speak, the allocation runs, the checker reports."""
        hold_over_http(lambda method, path, body: self.call(method, path, "kai", json=body), run, WITNESSES)
        self.work()
        return dict(self.call("GET", f"/api/desk/runs/{run}", "kai"))

    def release(self, run: dict[str, Any]) -> dict[str, Any]:
        """Two officials give their word for the output."""
        for login in ("kai", "ping"):
            body = {"output_sha256": run["output_sha256"]}
            told = self.call("POST", f"/api/desk/runs/{run['id']}/approval", login, json=body)
        self.work()
        return dict(told)

    def place(self, stage: str = "primary") -> dict[str, Any]:
        """Settle, freeze, allocate and release."""
        assert self.settle(stage)["waiting"] == []
        return self.release(self.allocate(self.freeze(stage)["id"]))

    def result(self, family: Family) -> dict[str, Any]:
        """The family's result."""
        return dict(self.call("GET", f"/api/applications/{family.application}/result", family))

    def answer(self, family: Family, word: str, status: int = 200) -> dict[str, Any]:
        """Confirm (`confirmation`) or do without (`decline`)."""
        return dict(self.call("POST", f"/api/applications/{family.application}/{word}", family, status, json={}))

    def told(self, family: Family) -> list[str]:
        """The SMS that reached the family, oldest first."""
        return [text for phone, text in self.sms.sent.values() if phone == family.phone]


def stand_at(moment: datetime) -> None:
    """Put the rehearsal's clock to an instant, also one that has passed; journeys begin on a fixed day."""
    offset = int((moment - clock.now()).total_seconds())
    with unit_of_work():
        row = db.session.get(ClockOffset, 1)
        if row is None:
            db.session.add(ClockOffset(id=1, seconds=offset))
        else:
            row.seconds += offset
    clock._offset.read_at = float("-inf")
