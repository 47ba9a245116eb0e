"""Two journeys in a whole city: a family in Mongolian with two children and a broken line; a candidate whose rank moves.

The tests of this file are one story and run in their order; after one that fails the others are skipped.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from rehearsal.exam_candidates import ExamPhone
from rehearsal.exam_city import Candidate, ExamCity
from rehearsal.exam_office import ExamOffice
from rehearsal.exam_season import seed_exam
from rehearsal.identity_numbers import check_character
from rehearsal.office import Office
from rehearsal.phone import City as Addresses
from rehearsal.season_desk import advance_to
from sunroll.commands.run import set_up
from sunroll.phone_build import MINIPROGRAM, build_phone
from sunroll.stack import running
from tests.browser.city import BANNER, FAILED, City
from tests.browser.phone_page import SMS_WITHIN_MS, PhonePage, community_of

pytestmark = pytest.mark.browser

ANDROID = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}
FAMILIES = 8
CANDIDATES = 16
BAND = timedelta(minutes=20)
CONSENTS = ("enrolment", "departments", "records")
MOVES_WITHIN_MS = 20_000
SENT_WITHIN_MS = 30_000
SECOND_NAME = "娜仁格日勒·孛儿只斤"


@pytest.fixture(autouse=True)
def in_order(request: pytest.FixtureRequest) -> None:
    """No step is taken after one that failed."""
    if failed := request.node.parent.stash.get(FAILED, None):
        pytest.skip(f"an earlier step of this journey failed: {failed}")


@pytest.fixture(scope="module")
def town(chromium: tuple[Playwright, Browser]) -> Iterator[City]:
    """A city of its own, with the enrolment and an exam season open."""
    built = build_phone(MINIPROGRAM)
    assert built.missing is None, built.missing
    folder = Path(tempfile.mkdtemp(prefix="sunroll-journeys-"))
    with running(folder, FAMILIES, "journeys", BANNER, usual_ports=False) as stack:
        yield City(stack, set_up(stack, [BANNER]))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def officials(town: City) -> dict[str, dict[str, Any]]:
    """The city's officials by login."""
    return {str(one["login"]): one for one in town.officials}


@pytest.fixture(scope="module")
def exam(town: City, officials: dict[str, dict[str, Any]]) -> tuple[ExamCity, ExamOffice]:
    """An exam season whose bands are about to open."""
    return seed_exam(town.stack.address("WEB"), officials, "journeys", CANDIDATES, BAND)


@pytest.fixture(scope="module")
def family(town: City, chromium: tuple[Playwright, Browser], script_faults: list[str]) -> Iterator[PhonePage]:
    """A small Android phone that speaks Mongolian."""
    page = _opened(chromium[1], ANDROID, script_faults)
    phone = PhonePage(page, town.stack.address("WEB"), town.stack.address("SMS"))
    phone.web += "?lang=mn-Mong"
    yield phone
    page.context.close()


@pytest.fixture(scope="module")
def candidate(town: City, chromium: tuple[Playwright, Browser], script_faults: list[str]) -> Iterator[PhonePage]:
    """An iPhone of a candidate."""
    page = _opened(chromium[1], chromium[0].devices["iPhone 13"], script_faults)
    yield PhonePage(page, town.stack.address("WEB"), town.stack.address("SMS"))
    page.context.close()


def _opened(browser: Browser, device: dict[str, Any], faults: list[str]) -> Page:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **device)
    context.set_default_timeout(30_000)
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    return context.new_page()


def consent(phone: PhonePage) -> None:
    """Accept the three matters, found by what they are and not by words."""
    for purpose in CONSENTS:
        phone.at(f"consent-{purpose}").wait_for()
        phone.tap("consent-accept")


def register(phone: PhonePage, child: dict[str, Any]) -> None:
    """Register a child from the page of the children to the beginning of its application."""
    phone.tap("add-child")
    consent(phone)
    phone.choose("relation", child["relation"])
    phone.write("guardian_name", child["guardian_name"])
    phone.write("guardian_id_number", child["guardian_id_number"])
    phone.write("name", child["name"])
    phone.choose("id_kind", "resident")
    phone.write("id_number", child["id_number"])
    phone.choose("ethnicity", child["ethnicity"])
    phone.tap("register")
    phone.at("page-apply-start").wait_for()


def second_child_of(child: dict[str, Any]) -> dict[str, Any]:
    """A sister who does not exist, born a year later."""
    born = date.fromisoformat(child["born_on"]) + timedelta(days=400)
    first = f"{child['id_number'][:6]}{born:%Y%m%d}926"
    return child | {"name": "娜仁", "id_number": first + check_character(first), "ethnicity": "蒙古"}


def test_1_a_family_registers_in_mongolian_though_the_line_breaks(town: City, family: PhonePage) -> None:
    """C01, wishes 20: from top to bottom; what was typed without a network is kept and sent when it is back."""
    told = town.family("a")
    family.log_in(told["guardian"]["phone"])
    assert (
        family.page.locator(".frame:visible").last.evaluate("one => getComputedStyle(one).writingMode") == "vertical-lr"
    )
    register(family, told["children"][0])
    form = told["form"]
    family.choose("banner", told["banner"])
    family.choose("stage", told["stage"])
    family.find_unit("unit_code", community_of(form["address"]), form["unit_code"])
    family.page.context.set_offline(True)
    family.write("address", form["address"])
    family.at("offline").wait_for()
    family.choose("household", "same")
    family.page.context.set_offline(False)
    family.write("household_number", form["household_number"])
    expect(family.page.locator('[data-testid="offline"]:visible')).to_have_count(0, timeout=SENT_WITHIN_MS)
    family.open("children/index")
    family.tap("onward")
    family.at("ask-home").wait_for()
    family.open(f"review/index?id={application_of(family)}")
    expect(family.at("answer-address")).to_contain_text(form["address"])


def application_of(phone: PhonePage) -> str:
    """The id of the application in the address."""
    found = re.search(r"id=([0-9a-f-]{36})", phone.page.url)
    assert found is not None
    return found[1]


def test_2_a_second_child_is_registered_and_its_name_corrected(town: City, family: PhonePage) -> None:
    """A22, C24: each child by itself; a name with a middle dot; nobody has to be called."""
    family.open("children/index")
    family.at("child").wait_for()
    register(family, second_child_of(town.family("a")["children"][0]))
    family.open("children/index")
    expect(family.page.locator('[data-testid="child"]:visible')).to_have_count(2)
    family.tap("go-child")
    family.at("input-name").fill(SECOND_NAME)
    family.tap("correct")
    family.at("corrected").wait_for()
    family.open("children/index")
    expect(family.page.get_by_text(SECOND_NAME).last).to_be_visible()


def test_3_a_family_withdraws_its_consent_and_the_child_is_gone(family: PhonePage) -> None:
    """个保法 §15, promises P23: by oneself, at once."""
    family.open("me/leave")
    family.page.locator('[data-testid="forget"]:visible').last.click()
    family.tap("yes-forget")
    family.at("forgotten").wait_for()
    family.open("children/index")
    expect(family.page.locator('[data-testid="child"]:visible')).to_have_count(1)


def rivals(exam: ExamCity) -> tuple[Candidate, Candidate, str]:
    """(one candidate, another with a higher total, a unit that both want)."""
    for one in sorted(exam.candidates, key=lambda who: who.total):
        for other in exam.candidates:
            both = [unit for unit in one.wishes if unit in other.wishes]
            if other.total > one.total and both:
                return one, other, both[0]
    raise AssertionError("no two candidates want the same unit")


def enter(phone: PhonePage, who: Candidate) -> None:
    """Log in by exam number and code."""
    with phone._messages_of(who.phone) as codes:
        before = codes.count()
        phone.open("exam/login")
        phone.at("input-exam-number").fill(who.number)
        phone.tap("send-code")
        expect(codes).to_have_count(before + 1, timeout=SMS_WITHIN_MS)
        found = re.search(r"\d{6}", codes.last.inner_text())
    assert found is not None
    phone.at("input-code").fill(found[0])
    phone.tap("login")
    phone.at("page-exam").wait_for()


def test_4_a_candidate_logs_in_and_chooses(candidate: PhonePage, exam: tuple[ExamCity, ExamOffice]) -> None:
    """A54, A55: score, band, "there you would be first", one press, a receipt."""
    one, _, unit = rivals(exam[0])
    exam[1].wait_until_open(exam[0])
    enter(candidate, one)
    expect(candidate.at("total")).to_have_text(f"{one.total:.2f}")
    candidate.tap("choose-general")
    candidate.tap(f"unit-{unit}")
    expect(candidate.at("what-if")).to_have_attribute("data-rank", "1")
    candidate.tap("choose")
    candidate.tap("yes-choose")
    expect(candidate.at("receipt")).to_contain_text("ZK")
    candidate.tap("go-rank")
    expect(candidate.at("standing")).to_have_attribute("data-rank", "1", timeout=MOVES_WITHIN_MS)


def test_5_the_rank_moves_while_it_is_watched(
    town: City, candidate: PhonePage, exam: tuple[ExamCity, ExamOffice]
) -> None:
    """A54: pushed while the line stands; with the line broken and back again, the newest is shown; never a false error."""
    _, other, unit = rivals(exam[0])
    expect(candidate.at("snapshot")).to_have_attribute("data-by", "push", timeout=MOVES_WITHIN_MS)
    rival = ExamPhone(Addresses(town.stack.address("WEB"), town.stack.address("SMS"), ""), source="127.0.9.9")
    rival.log_in_to_exam(other)
    rival.put("/api/exam/choices/general", {"unit": unit})
    expect(candidate.at("standing")).to_have_attribute("data-rank", "2", timeout=MOVES_WITHIN_MS)
    candidate.page.context.set_offline(True)
    rival.put("/api/exam/choices/general", {"unit": next(wish for wish in other.wishes if wish != unit)})
    candidate.page.context.set_offline(False)
    expect(candidate.at("standing")).to_have_attribute("data-rank", "1", timeout=3 * MOVES_WITHIN_MS)
    rival.close()
    candidate.open("exam/history")
    expect(candidate.at("change-then")).to_contain_text("填报")


def test_6_the_candidate_is_admitted_and_reports_in(
    town: City, candidate: PhonePage, exam: tuple[ExamCity, ExamOffice], officials: dict[str, dict[str, Any]]
) -> None:
    """A56: after the close, the run and two officials: a card with a code for the school's gate."""
    city, _ = exam
    last = datetime.fromisoformat(city.rules["sessions"][0]["bands"][-1]["close"])
    advance_to(Office(town.stack.address("WEB"), officials["system"]), last, 120)
    office = ExamOffice(town.stack.address("WEB"), officials)
    office.wait_for(city.year, "general-1", "closed")
    office.admit(city.year, "general-1")
    enter(candidate, rivals(city)[0])
    candidate.tap("go-admission")
    expect(candidate.at("admission")).to_have_attribute("data-state", "admitted")
    expect(candidate.at("qr")).to_be_visible()
    candidate.tap("report")
    candidate.tap("yes-report")
    expect(candidate.at("admission")).to_have_attribute("data-state", "reported-in")


def test_no_script_of_the_journeys_failed(town: City, script_faults: list[str]) -> None:
    assert script_faults == []
