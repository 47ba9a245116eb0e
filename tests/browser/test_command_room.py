"""The exam office's command room in Chromium while candidates choose: bands, load and figures move, and its orders count.

Real processes on a session of its own: web server, engine. The phone page that watches a moving rank is walked in
`test_phone_journeys`.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy import text

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.grants import give_grant
from backend.identity.rows import Account
from backend.identity.rules.roles import CITY, Scope
from backend.identity.sessions import COOKIE, open_session
from tests.board_builders import YEAR
from tests.exam_builders import exam_official
from tests.faults.test_live_rank_trials import apart
from tests.live_city import HOST, LiveCity, live_city
from tests.live_phones import Phone

pytestmark = pytest.mark.browser

PEOPLE, UNITS = 40, 4
SHOTS = Path(__file__).parents[2] / "var" / "screenshots"
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 812}}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveCity]:
    """A listed session of two bands with web server and engine."""
    with live_city(tmp_path_factory.mktemp("command-room")) as city:
        totals = [70000 - 500 * who for who in range(PEOPLE)]
        plans = [PEOPLE // UNITS // 2] * UNITS
        closes = clock.now() + timedelta(minutes=50)
        city.list_session(totals, plans, bands=[(60000, None), (None, 60000)], closes=closes)
        city.engine()
        city.web()
        yield city


@pytest.fixture(scope="module")
def official(room: LiveCity, chromium: tuple[Playwright, Browser]) -> Iterator[Page]:
    """A browser of an official of the exam office, in the command room."""
    with unit_of_work():
        actor = exam_official()
        give_grant(actor.account_id, "exam-office", Scope("city", CITY), "考试中心")
        token = open_session(db.session.get_one(Account, actor.account_id))
    context = chromium[1].new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES["desk"])
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"http://{HOST}:{room.ports['web']}/desk"}])
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"http://{HOST}:{room.ports['web']}/desk/exam/{YEAR}/general-1")
    yield page
    context.close()


def choose(room: LiveCity, who: range, unit: int) -> None:
    """These candidates choose one after the other, by the phones' own door."""
    tokens = room.tokens()

    async def press() -> None:
        phone = Phone(lambda: room.ports["web"])
        for each in who:
            answer = await phone.choose(tokens[each], f"general-1/U{unit:04d}")
            assert answer.status == 200, answer.said
        await phone.drop()

    apart(asyncio.run, press())


def shoot(page: Page, name: str) -> None:
    """Pictures of the page on a desk's screen and on a phone's, and nothing wider than the phone."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        page.screenshot(path=SHOTS / f"command-room-{name}-{size}.png", full_page=True)
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth + 1"), "wider than a phone"
    page.set_viewport_size(SIZES["desk"])


def test_the_room_shows_the_bands_before_anybody_chose(official: Page) -> None:
    expect(official.locator("#session-state")).to_have_attribute("data-state", "listed")
    rows = official.locator("#bands tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("填报中")
    expect(rows.nth(0).locator("td").nth(7)).to_contain_text("21")


def test_figures_load_and_lowest_inside_move_while_candidates_choose(room: LiveCity, official: Page) -> None:
    """A52: the seven columns of this moment, the presses of each minute as a picture, figures renew themselves and what the official is writing stays."""
    choose(room, range(10), 1)
    official.reload()
    first = official.locator("#columns tbody tr").nth(0).locator("td")
    expect(first.nth(6)).to_have_text("10")
    expect(first.nth(2)).to_have_text("680")
    expect(official.locator("#bands tbody tr").nth(0).locator("td").nth(6)).to_have_text("10")
    reason = official.locator("form[action$='/extension']").get_by_label("原因")
    reason.fill("正在写的原因")
    choose(room, range(3), 2)
    expect(first.nth(6)).to_have_text("7", timeout=60_000)
    expect(first.nth(2)).to_have_text("665")
    expect(official.locator("#load rect").first).to_be_attached()
    expect(reason).to_have_value("正在写的原因")
    shoot(official, "choosing")


def test_an_extension_and_a_notice_are_ordered_from_the_room_and_shift_what_follows(
    room: LiveCity, official: Page
) -> None:
    """The exam office extends a band: audited, told in public, later bands shift."""
    with unit_of_work():
        before = db.session.execute(text("SELECT close_at FROM exam_band ORDER BY number")).scalars().all()
    official.get_by_label("分钟", exact=True).fill("10")
    official.locator("form[action$='/extension']").get_by_label("原因").fill("康巴什停电")
    official.get_by_role("button", name="延长", exact=True).click()
    expect(official.locator("#bands").get_by_text("已延长").first).to_be_visible()
    with unit_of_work():
        after = db.session.execute(text("SELECT close_at FROM exam_band ORDER BY number")).scalars().all()
        audited = db.session.execute(
            text("SELECT count(*) FROM exam_extension WHERE reason = '康巴什停电'")
        ).scalar_one()
    assert [late - early for late, early in zip(after, before, strict=True)] == [timedelta(minutes=10)] * 2
    assert audited == 1
    official.get_by_label("公告内容").fill("第一段延长十分钟")
    official.get_by_role("button", name="发布公告").click()
    expect(official.locator("#remarks")).to_contain_text("第一段延长十分钟")
    shoot(official, "extended")


def test_a_pause_stops_choosing_and_the_room_says_so(room: LiveCity, official: Page) -> None:
    official.locator("form[action$='/pause']").get_by_label("原因").fill("系统检查")
    official.get_by_role("button", name="暂停", exact=True).click()
    expect(official.locator("#session-state")).to_contain_text("已暂停填报")

    token = room.tokens()[5]

    async def press() -> int:
        phone = Phone(lambda: room.ports["web"])
        body = b'{"unit": "general-1/U0003"}'
        status, _ = await phone.ask("PUT", "/api/exam/choices/general", token, body, "Idempotency-Key: paused\r\n")
        await phone.drop()
        return status

    assert apart(asyncio.run, press()) == 503
    official.locator("form[action$='/resumption']").get_by_label("原因").fill("检查完毕")
    official.get_by_role("button", name="恢复", exact=True).click()
    expect(official.locator("#session-state")).not_to_contain_text("已暂停填报")
    choose(room, range(5, 6), 3)
