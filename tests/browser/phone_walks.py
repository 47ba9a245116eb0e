"""The phones of the two journeys, what happens on them, and what a candidate does, found by what things are: in any language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Browser, Page, expect

from rehearsal.exam_city import Candidate, ExamCity
from rehearsal.exam_office import ExamOffice
from rehearsal.identity_numbers import check_character
from rehearsal.office import TIMEOUT
from tests.browser.phone_page import PhonePage

ANDROID = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}
SMALL_ANDROID = {"viewport": {"width": 320, "height": 568}, "is_mobile": True, "has_touch": True}
PATIENCE_MS = 30_000
SENT_WITHIN_MS = 30_000
RETURNED = "体检不符合专业要求"


def opened(browser: Browser, device: dict[str, Any], faults: list[str]) -> Page:
    """A browser of one person on this device; errors of scripts are written down."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **device)
    context.set_default_timeout(PATIENCE_MS)
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    return context.new_page()


def second_child_of(child: dict[str, Any]) -> dict[str, Any]:
    """A sister who does not exist, born more than a year later."""
    born = date.fromisoformat(child["born_on"]) + timedelta(days=400)
    first = f"{child['id_number'][:6]}{born:%Y%m%d}926"
    return child | {"name": "娜仁", "id_number": first + check_character(first), "ethnicity": "蒙古"}


def application_of(phone: PhonePage) -> str:
    """The id of the application in the address."""
    found = re.search(r"id=([0-9a-f-]{36})", phone.page.url)
    assert found is not None
    return found[1]


@contextmanager
def keys_of(phone: PhonePage, path: str) -> Iterator[list[str]]:
    """The request keys of every request whose address ends with `path`, also of those that never arrive."""
    keys: list[str] = []

    def note(request: Any) -> None:
        if request.url.endswith(path) and request.method != "OPTIONS":
            keys.append(request.headers.get("idempotency-key", ""))

    phone.page.on("request", note)
    yield keys
    phone.page.remove_listener("request", note)


def is_upright(phone: PhonePage) -> bool:
    """Whether the page is written from top to bottom, as Mongolian is."""
    frame = phone.page.locator(".frame:visible").last
    return bool(frame.evaluate("one => getComputedStyle(one).writingMode") == "vertical-lr")


def rivals(exam: ExamCity) -> tuple[Candidate, Candidate, str]:
    """(one candidate, another with a higher total, a unit that both want)."""
    for one in sorted(exam.candidates, key=lambda who: who.total):
        for other in exam.candidates:
            both = [unit for unit in one.wishes if unit in other.wishes]
            if other.total > one.total and both:
                return one, other, both[0]
    raise AssertionError("no two candidates want the same unit")


def enter(phone: PhonePage, who: Candidate) -> None:
    """A candidate logs in by exam number and code."""
    phone.give_code("exam/login", "input-exam-number", who.number, who.phone)
    phone.at("page-exam").wait_for()


def choose(phone: PhonePage, unit: str, would_be: int = 1) -> None:
    """From the candidate's page to a choice with its receipt, after "there you would be so-and-so-many-eth"."""
    phone.tap("choose-general")
    phone.tap(f"unit-{unit}")
    expect(phone.at("what-if")).to_have_attribute("data-rank", str(would_be))
    phone.tap("choose")
    phone.tap("yes-choose")
    expect(phone.at("receipt")).to_contain_text("ZK")


def return_file(office: ExamOffice, year: int, who: Candidate) -> str:
    """The exam office returns the file of an admitted candidate; the unit whose place is free again."""
    where = f"/desk/exam/{year}/general-1/admissions"
    for unit in who.wishes:
        page = office.first.session.get(f"{office.service}{where}", params={"unit": unit}, timeout=TIMEOUT).text
        row = re.search(rf'{who.number}</td>(?:(?!<tr>).)*?/admissions/([0-9a-f-]{{36}})"', page, re.DOTALL)
        if row is not None:
            office.press(f"{where}/{row[1]}", state="returned", reason=RETURNED, unit=unit)
            return unit
    raise AssertionError(f"{who.number} is admitted nowhere")
