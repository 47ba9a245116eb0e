"""The review desk in Chromium, worked by keyboard: queue, differences, pictures, reason codes, second word, figures (C07, C18).

The tests of this file are one story and run in their order; after one that fails the others are skipped.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rehearsal.phone import City as Phones
from rehearsal.season_filing import file_applications
from rehearsal.season_pictures import Pool, draw_pool
from rehearsal.season_visit import Visit
from tests.browser.city import BANNER, FAILED, City
from tests.browser.desk_page import DeskPage

pytestmark = pytest.mark.browser

Desks = Callable[[str], DeskPage]
FIRST, SECOND = f"banner-{BANNER}-a", f"banner-{BANNER}-b"
CASES = 2
LOOKS, PAUSE_MS = 60, 1_000


@pytest.fixture(scope="module")
def receipts(city: City, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Receipts of families of whom a department says otherwise, filed over HTTP as their phones do it."""
    differing = [family for family in city.families() if family["sample"] is None and _differs(family)][:CASES]
    folder = tmp_path_factory.mktemp("pictures")
    draw_pool(folder, differing)
    phones = Phones(*(city.stack.address(name) for name in ("WEB", "SMS", "WECHAT")))
    given: list[str] = []
    for family in differing:
        told = file_applications(Visit(phones, Pool(folder), {**family, "first_picture": "good"}, {}))
        given += [child["receipt"] for child in told["children"]]
    return given


def _differs(family: dict[str, object]) -> bool:
    expected = family["expected"]
    return isinstance(expected, dict) and expected.get("police/household", {}).get("verdict") == "mismatch"


@pytest.fixture(autouse=True)
def in_order(request: pytest.FixtureRequest) -> None:
    """No step is taken after one that failed."""
    if failed := request.node.parent.stash.get(FAILED, None):
        pytest.skip(f"an earlier step failed: {failed}")


def wait_for_row(official: DeskPage, receipt: str) -> None:
    """Look again, as an official would, until the case stands in the queue."""
    for _ in range(LOOKS):
        if official.row(receipt).count():
            return
        official.page.wait_for_timeout(PAUSE_MS)
        official.page.reload()
    raise AssertionError(f"{receipt} does not stand in the queue")


def focused(page: Page) -> str:
    """What the keyboard stands on."""
    return str(page.evaluate("document.activeElement.className || document.activeElement.tagName"))


def test_the_queue_says_why_how_old_and_whose(desk: Desks, receipts: list[str]) -> None:
    official = desk(FIRST)
    official.log_in(FIRST)
    official.menu("信息审核")
    for receipt in receipts:
        wait_for_row(official, receipt)
        expect(official.row(receipt)).to_contain_text("不一致")
        expect(official.row(receipt).locator("td").nth(4)).not_to_have_text("—")
    official.page.get_by_label("原因").select_option("appeal")
    official.press("筛选")
    expect(official.row(receipts[0])).to_have_count(0)
    official.page.get_by_role("link", name="全部", exact=True).click()
    official.page.get_by_label("原因").select_option("")
    with official.page.expect_navigation():
        official.press("筛选")
    expect(official.row(receipts[0])).to_have_count(1)


def test_a_case_is_worked_by_keyboard_alone(desk: Desks, receipts: list[str], tmp_path: Path) -> None:
    """Differences one by one, pictures larger, a reason by its number, a sentence, and the decision."""
    page = desk(FIRST).page
    page.keyboard.press("j")
    expect(page.locator("#queue tbody button").first).to_be_focused()
    desk(FIRST).row(receipts[0]).get_by_role("button", name="打开").focus()
    page.keyboard.press("Enter")
    _wait_for_case(page, receipts[0])
    page.keyboard.press("j")
    assert "differs" in focused(page)
    picture = page.locator("#pictures img").first
    expect(picture).to_be_visible()
    page.wait_for_function("image => image.complete && image.naturalWidth > 400", arg=picture.element_handle())
    page.keyboard.press("p")
    page.keyboard.press("z")
    assert picture.evaluate("image => image.style.maxWidth") == "100%"
    page.screenshot(path=tmp_path / "case.png")
    page.keyboard.press("1")
    expect(page.get_by_label("依据")).to_have_value("papers-prove")
    page.keyboard.press("a")
    expect(page.get_by_label("说明（家长会看到）")).to_be_focused()
    page.keyboard.type("已对照照片，填写与材料一致。")
    page.keyboard.press("Escape")
    _establish_all(page)
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("已记录您的决定")
    expect(desk(FIRST).row(receipts[0])).to_have_count(0)


def _wait_for_case(page: Page, receipt: str) -> None:
    """Until the case's page stands whole, with its keys."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(receipt)
    page.wait_for_load_state()


def _establish_all(page: Page) -> None:
    """Say what the papers prove, where the case asks for it."""
    for field in page.locator('#decision select[name^="fact:"]').all():
        if not field.is_visible():
            continue
        values = [option.get_attribute("value") or "" for option in field.locator("option").all()]
        field.select_option("yes" if "yes" in values else values[1])
    for field in page.locator('#decision input[name^="fact:"]').all():
        if field.is_visible():
            field.fill("2020-01-02" if field.get_attribute("type") == "date" else "100")


def test_turning_somebody_away_waits_for_a_colleague(desk: Desks, receipts: list[str]) -> None:
    page = desk(FIRST).page
    desk(FIRST).row(receipts[1]).get_by_role("button", name="打开").click()
    _wait_for_case(page, receipts[1])
    page.keyboard.press("x")
    expect(page.get_by_label("依据")).to_have_value("not-eligible")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("e")
    page.keyboard.type("户籍不在本旗区。")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.get_by_role("alert")).to_contain_text("复审")
    expect(desk(FIRST).row(receipts[1])).to_contain_text("等待复审")
    desk(FIRST).row(receipts[1]).get_by_role("button", name="打开").click()
    expect(page.get_by_text("要由另一位工作人员复审")).to_be_visible()
    expect(page.get_by_role("button", name="同意，决定生效")).to_have_count(0)


def test_the_colleague_does_not_agree_and_the_case_is_open_again(desk: Desks, receipts: list[str]) -> None:
    other = desk(SECOND)
    other.log_in(SECOND)
    other.menu("信息审核")
    other.page.get_by_role("link", name="等待复审").click()
    other.row(receipts[1]).get_by_role("button", name="打开").click()
    expect(other.page.locator("#first")).to_contain_text("户籍不在本旗区")
    other.page.get_by_label("复审意见").fill("户口簿照片上是本旗区。")
    other.press("不同意，重新审核")
    expect(other.page.get_by_role("alert")).to_contain_text("重新审核")
    expect(other.row(receipts[1])).to_contain_text("复审没有同意")


def test_a_case_can_be_handed_on_with_a_reason(desk: Desks, receipts: list[str]) -> None:
    other = desk(SECOND)
    other.row(receipts[1]).get_by_role("button", name="打开").click()
    other.page.get_by_text("转给同事").first.click()
    other.page.get_by_label("为什么转").fill("我明天休假")
    other.press("转给同事")
    expect(other.page.get_by_role("alert")).to_contain_text("已转给同事")


def test_the_figures_stand_interface_by_interface_and_name_nobody(desk: Desks, city: City) -> None:
    """C18: how many matched by item; the lines of the departments; who has how much to do."""
    official = desk(FIRST)
    official.menu("核验统计")
    page = official.page
    row = page.locator('tr[data-item="police/household"]')
    expect(row).to_contain_text("%")
    expect(page.locator("#officials tr").first).to_contain_text("待办")
    expect(page.locator("#lines")).to_contain_text("正常")
    text = page.locator("main").inner_text()
    assert not any(child["name"] in text for family in city.families() for child in family["children"])
    official.press("重新核对未答复的")
    expect(page.get_by_role("alert")).to_contain_text("正在重新请部门核对")
