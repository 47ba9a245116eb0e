"""Two journeys in a whole city, in both languages: a family from consent to its place; candidates whose ranks move.

The family's small Android phone speaks Mongolian all the way; of the two candidates one reads Chinese on an iPhone, the
other Mongolian on 320 px. The tests of this file are one story and run in their order; after one that fails the others
are skipped.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect

from rehearsal.exam_city import ExamCity
from rehearsal.exam_office import ExamOffice
from rehearsal.exam_season import seed_exam
from rehearsal.office import Office
from rehearsal.season_desk import Bureau, advance_to
from sunroll.commands.run import LASTS, set_up
from sunroll.phone_build import MINIPROGRAM, build_phone
from sunroll.stack import running
from tests.browser.city import BANNER, FAILED, City
from tests.browser.phone_page import PhonePage
from tests.browser.phone_walks import (
    ANDROID,
    RETURNED,
    SENT_WITHIN_MS,
    SMALL_ANDROID,
    application_of,
    choose,
    enter,
    is_upright,
    keys_of,
    opened,
    return_file,
    rivals,
    second_child_of,
)

pytestmark = pytest.mark.browser

FAMILIES = 8
CANDIDATES = 16
BAND = timedelta(minutes=20)
MOVES_WITHIN_MS = 20_000
SECOND_NAME = "娜仁格日勒·孛儿只斤"
OBJECTION = "请再核对一次我家所在的片区。"
ANSWER = "已核对片区表，地址属于这所学校的片区。"


@pytest.fixture(autouse=True)
def in_order(request: pytest.FixtureRequest) -> None:
    """No step is taken after one that failed."""
    if failed := request.node.parent.stash.get(FAILED, None):
        pytest.skip(f"an earlier step of this journey failed: {failed}")


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What one step hands to the next."""
    return {}


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
def bureau(town: City, officials: dict[str, dict[str, Any]]) -> Bureau:
    """The banner's two officials, for the stage that the family applies for."""
    return Bureau(town.stack.address("WEB"), officials, BANNER, ("primary",), {})


@pytest.fixture(scope="module")
def exam(town: City, officials: dict[str, dict[str, Any]]) -> tuple[ExamCity, ExamOffice]:
    """An exam season whose bands are about to open."""
    return seed_exam(town.stack.address("WEB"), officials, "journeys", CANDIDATES, BAND)


@pytest.fixture(scope="module")
def phones(
    town: City, chromium: tuple[Playwright, Browser], script_faults: list[str]
) -> Iterator[dict[str, PhonePage]]:
    """The family's phone, and those of the two candidates."""
    playwright, browser = chromium
    kinds = {
        "family": (ANDROID, "mn-Mong"),
        "candidate": (playwright.devices["iPhone 13"], "zh-CN"),
        "rival": (SMALL_ANDROID, "mn-Mong"),
    }
    web, sms = town.stack.address("WEB"), town.stack.address("SMS")
    found = {
        name: PhonePage(opened(browser, kind, script_faults), web, sms, language)
        for name, (kind, language) in kinds.items()
    }
    yield found
    for phone in found.values():
        phone.page.context.close()


@pytest.fixture
def family(phones: dict[str, PhonePage]) -> PhonePage:
    """A small Android phone that speaks Mongolian."""
    return phones["family"]


@pytest.fixture
def candidate(phones: dict[str, PhonePage]) -> PhonePage:
    """An iPhone of a candidate."""
    return phones["candidate"]


def test_1_a_family_registers_in_mongolian_though_the_line_breaks(
    town: City, family: PhonePage, told: dict[str, str]
) -> None:
    """C01, wishes 20: from top to bottom; what was typed without a network is kept and sent when it is back."""
    people = town.family("b")
    form = people["form"]
    family.log_in(people["guardian"]["phone"])
    assert is_upright(family)
    family.register(people["children"][0])
    family.begin_form(people)
    family.page.context.set_offline(True)
    family.write("address", form["address"])
    family.at("offline").wait_for()
    family.choose("household", "same")
    family.page.context.set_offline(False)
    family.write("household_number", form["household_number"])
    family.write("registered_on", form["registered_on"].replace("-", ""))
    expect(family.page.locator('[data-testid="offline"]:visible')).to_have_count(0, timeout=SENT_WITHIN_MS)
    family.open("children/index")
    family.tap("onward")
    family.at("ask-home").wait_for()
    told["application"] = application_of(family)
    family.open(f"review/index?id={told['application']}")
    expect(family.at("answer-address")).to_contain_text(form["address"])


def test_2_papers_are_taken_again_and_a_broken_line_makes_no_second_receipt(
    town: City, family: PhonePage, told: dict[str, str], tmp_path: Path
) -> None:
    """A23, wishes 10: a blurred picture is asked for again; the press that was lost is the press that counts."""
    people = town.family("b")
    family.open("children/index")
    family.tap("onward")
    family.finish_form(people)
    family.photograph("household", people["papers_say"]["household"], tmp_path, "blurred")
    family.photograph("household", people["papers_say"]["household"], tmp_path)
    family.photograph("property", people["papers_say"]["property"], tmp_path)
    family.tap("go-review")
    family.at("submit").wait_for()
    with keys_of(family, f"/{told['application']}/submission") as keys:
        family.page.context.set_offline(True)
        family.tap("submit")
        family.at("problem").wait_for()
        family.page.context.set_offline(False)
        family.tap("submit")
        family.at("receipt").wait_for()
    assert len(keys) > 1
    assert len(set(keys)) == 1
    told["receipt"] = family.at("receipt").inner_text()


def test_3_a_second_child_is_registered_and_its_name_corrected(town: City, family: PhonePage) -> None:
    """A22, C24: each child by itself; a name with a middle dot; nobody has to be called."""
    family.open("children/index")
    family.at("child").wait_for()
    family.register(second_child_of(town.family("b")["children"][0]))
    family.open("children/index")
    expect(family.page.locator('[data-testid="child"]:visible')).to_have_count(2)
    family.tap("go-child")
    family.at("input-name").fill(SECOND_NAME)
    family.tap("correct")
    family.at("corrected").wait_for()
    family.open("children/index")
    expect(family.page.get_by_text(SECOND_NAME).last).to_be_visible()


def test_4_a_family_withdraws_its_consent_and_the_child_is_gone(family: PhonePage) -> None:
    """个保法 §15, promises P23: by oneself, at once."""
    family.open("me/leave")
    family.page.locator('[data-testid="forget"]:visible').last.click()
    family.tap("yes-forget")
    family.at("forgotten").wait_for()
    family.open("children/index")
    expect(family.page.locator('[data-testid="child"]:visible')).to_have_count(1)


def test_5_what_does_not_agree_is_given_back_and_corrected(
    town: City, family: PhonePage, bureau: Bureau, told: dict[str, str]
) -> None:
    """D33, C04: one digit was wrong; what was put right without a network is what is submitted, on the same receipt."""
    family.open(f"diary/index?id={told['application']}")
    family.wait_for_state("in_review")
    (case,) = bureau.first.get("/desk/cases")["items"]
    bureau.first.post(f"/desk/cases/{case['id']}/look")
    decision = {"decision": "return", "reason_code": "field-wrong", "reason": "户号最后一位与户口簿不一致，请改正。"}
    bureau.first.post(f"/desk/cases/{case['id']}/decision", decision)
    family.page.reload()
    family.wait_for_state("returned")
    family.open(f"review/index?id={told['application']}")
    family.tap("change-household_number")
    right = town.family("b")["papers_say"]["household"]["户号"]
    family.at("input-household_number").wait_for()
    family.page.context.set_offline(True)
    family.write("household_number", right)
    family.at("offline").wait_for()
    family.page.context.set_offline(False)
    family.open(f"review/index?id={told['application']}")
    expect(family.at("answer-household_number")).to_contain_text(right)
    family.tap("submit")
    expect(family.at("receipt")).to_have_text(told["receipt"])
    family.tap("go-diary")
    family.wait_for_state("verified")


def test_6_two_candidates_log_in_and_choose_in_chinese_and_in_mongolian(
    phones: dict[str, PhonePage], candidate: PhonePage, exam: tuple[ExamCity, ExamOffice]
) -> None:
    """A54, A55: score, band, "there you would be first", one press, a receipt."""
    one, other, unit = rivals(exam[0])
    exam[1].wait_until_open(exam[0])
    enter(candidate, one)
    expect(candidate.at("total")).to_have_text(f"{one.total:.2f}")
    choose(candidate, unit)
    candidate.tap("go-rank")
    expect(candidate.at("standing")).to_have_attribute("data-rank", "1", timeout=MOVES_WITHIN_MS)
    enter(phones["rival"], other)
    assert is_upright(phones["rival"])
    expect(phones["rival"].at("total")).to_have_text(f"{other.total:.2f}")


def test_7_the_rank_moves_while_it_is_watched(
    phones: dict[str, PhonePage], candidate: PhonePage, exam: tuple[ExamCity, ExamOffice]
) -> None:
    """A54: pushed while the line stands; with the line broken and back again, the newest is shown; never a false error."""
    _, other, unit = rivals(exam[0])
    rival = phones["rival"]
    expect(candidate.at("snapshot")).to_have_attribute("data-by", "push", timeout=MOVES_WITHIN_MS)
    choose(rival, unit)
    expect(candidate.at("standing")).to_have_attribute("data-rank", "2", timeout=MOVES_WITHIN_MS)
    rival.tap("go-rank")
    expect(rival.at("standing")).to_have_attribute("data-rank", "1", timeout=MOVES_WITHIN_MS)
    candidate.page.context.set_offline(True)
    rival.open("exam/index")
    choose(rival, next(wish for wish in other.wishes if wish != unit))
    candidate.page.context.set_offline(False)
    expect(candidate.at("standing")).to_have_attribute("data-rank", "1", timeout=3 * MOVES_WITHIN_MS)
    candidate.open("exam/history")
    expect(candidate.page.locator('[data-testid="change-then"]:visible').first).to_contain_text("填报")


def test_8_the_candidates_are_admitted_and_one_reports_in(
    town: City,
    phones: dict[str, PhonePage],
    candidate: PhonePage,
    exam: tuple[ExamCity, ExamOffice],
    officials: dict[str, dict[str, Any]],
) -> None:
    """A56: after the close, the run and two officials: a card with a code for the school's gate, in either language."""
    city, _ = exam
    last = datetime.fromisoformat(city.rules["sessions"][0]["bands"][-1]["close"])
    advance_to(Office(town.stack.address("WEB"), officials["system"]), last, 120)
    office = ExamOffice(town.stack.address("WEB"), officials)
    office.wait_for(city.year, "general-1", "closed")
    office.admit(city.year, "general-1")
    for phone, who in zip((candidate, phones["rival"]), rivals(city)[:2], strict=True):
        enter(phone, who)
        phone.tap("go-admission")
        expect(phone.at("admission")).to_have_attribute("data-state", "admitted")
        expect(phone.at("qr")).to_be_visible()
    candidate.tap("report")
    candidate.tap("yes-report")
    expect(candidate.at("admission")).to_have_attribute("data-state", "reported-in")


def test_8b_a_returned_file_is_admitted_in_the_round_of_what_is_left(
    town: City,
    phones: dict[str, PhonePage],
    exam: tuple[ExamCity, ExamOffice],
    officials: dict[str, dict[str, Any]],
) -> None:
    """退档 and 征集: the reason on the phone, the place that is free again, its choice, close, admission, publication."""
    web, (city, _), rival = town.stack.address("WEB"), exam, phones["rival"]
    who, system = rivals(city)[1], Office(web, officials["system"])

    def pass_time(code: str, key: str, state: str) -> ExamOffice:
        bands = next(one["bands"] for one in city.rules["sessions"] if one["code"] == code)
        advance_to(system, datetime.fromisoformat(bands[-1][key]), 10)
        office = ExamOffice(web, officials)
        office.wait_for(city.year, code, state)
        return office

    unit = return_file(ExamOffice(web, officials), city.year, who)
    rival.open("exam/admission")
    rival.page.reload()
    expect(rival.at("admission")).to_have_attribute("data-state", "returned")
    expect(rival.at("undone")).to_contain_text(RETURNED)
    pass_time("quota-1", "close", "closed").admit(city.year, "quota-1")
    pass_time("general-2", "open", "listed")
    enter(rival, who)
    choose(rival, unit)
    public = rival.page.context.new_page()
    public.goto(f"{web}/public/zhongkao/{city.year}/boards")
    expect(public.locator("#session-name")).to_have_text("普通类征集")
    expect(public.locator("tr", has=public.locator(f"a[href$='{unit}']")).locator("td").nth(1)).not_to_have_text("0")
    public.close()
    pass_time("general-2", "close", "closed").admit(city.year, "general-2")
    enter(rival, who)
    rival.tap("go-admission")
    expect(rival.at("admission")).to_have_attribute("data-state", "admitted")
    expect(rival.at("qr")).to_be_visible()


def test_9_the_family_reads_its_result_and_objects_in_mongolian(
    town: City, family: PhonePage, bureau: Bureau, told: dict[str, str], officials: dict[str, dict[str, Any]]
) -> None:
    """E28, C16: why-card and objection; another official answers, and the answer stands on the phone."""
    system = Office(town.stack.address("WEB"), officials["system"])
    advance_to(system, system.service_time() + LASTS, 3600)
    assert bureau.settle() == []
    assert bureau.place("primary", "journeys") is not None
    family.log_in(town.family("b")["guardian"]["phone"])
    family.tap("onward")
    family.wait_for_state("placed")
    assert is_upright(family)
    family.at("why-card").wait_for()
    family.tap("go-objection")
    family.at("objection-text").fill(OBJECTION)
    family.tap("objection-send")
    family.at("objection-sent").wait_for()
    (waiting,) = bureau.second.get(f"/desk/banners/{BANNER}/objections")["items"]
    assert bureau.second.post(f"/desk/objections/{waiting['id']}/look")["text"] == OBJECTION
    bureau.second.post(f"/desk/objections/{waiting['id']}/answer", {"answer": ANSWER, "upholds": False})
    family.open(f"objection/index?id={told['application']}")
    family.page.reload()
    expect(family.at("objection")).to_have_attribute("data-state", "rejected")
    expect(family.at("objection")).to_contain_text(ANSWER)


def test_10_the_family_confirms_its_place_in_mongolian_with_the_chinese_words_beside(
    family: PhonePage, told: dict[str, str]
) -> None:
    """C16, wishes 20: what binds stands in Chinese too; then the place is confirmed."""
    family.open(f"result/index?id={told['application']}")
    expect(family.at("confirm")).to_contain_text("确认入学")
    family.tap("confirm")
    family.tap("yes-confirm")
    family.wait_for_state("confirmed")


def test_11_whoever_comes_from_the_public_service_app_needs_no_login(town: City, family: PhonePage) -> None:
    """B06: the app's tile hands over a ticket; it is gone from the address at once and opens the same account."""
    page = family.page.context.browser.new_context(**ANDROID).new_page()
    page.goto(f"{town.stack.address('PORTAL')}/enter?phone={town.family('b')['guardian']['phone']}")
    page.locator('[data-testid="page-children"]:visible').wait_for()
    assert "portal_ticket" not in page.url
    expect(page.locator('[data-testid="child"]:visible')).to_have_count(1)
    page.context.close()


def test_no_script_of_the_journeys_failed(town: City, script_faults: list[str]) -> None:
    assert script_faults == []
