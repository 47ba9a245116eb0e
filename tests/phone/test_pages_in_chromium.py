"""Every page of the phone in Chromium: nothing overflows, targets are big, axe-core finds no serious fault (C01, wishes 20).

With SUNROLL_SCREENSHOTS=1 a picture of every page goes to var/screenshots/phone, to be looked at; none is kept in the
repository.
"""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from sunroll.browser import PACKAGES, browser_path
from sunroll.phone_build import MINIPROGRAM, build_phone
from tests.phone.canned import APPLICATION, BANNER, PAGES
from tests.phone.phone_browser import CannedPhone, canned_phone

pytestmark = pytest.mark.browser

SMALL = {"viewport": {"width": 320, "height": 568}, "device_scale_factor": 1, "is_mobile": True, "has_touch": True}
ANDROID = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1, "is_mobile": True, "has_touch": True}
PICTURES = Path(__file__).parents[2] / "var" / "screenshots" / "phone"
LEAST_TARGET = 44
FIRST_LOAD = 300 * 1024
SERIOUS = {"serious", "critical"}
TOO_SMALL = """least => [...document.querySelectorAll('uni-page button, uni-page input, uni-page textarea, uni-page a')]
  .filter(one => one.checkVisibility())
  .map(one => [one.dataset.testid, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < least - 0.5 || box.width < least - 0.5))
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
UNNAMED = """() => [...document.querySelectorAll('uni-page button, uni-page input, uni-page textarea, uni-page img')]
  .filter(one => one.checkVisibility() && !(one.innerText || one.ariaLabel || one.alt || '').trim())
  .map(one => one.outerHTML.slice(0, 120))"""
AXE = """() => axe.run([...document.querySelectorAll('uni-page')].filter(one => one.checkVisibility()), {resultTypes: ['violations']}).then(found => found.violations
  .map(one => [one.impact, one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]))"""
OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def chromium() -> Iterator[tuple[Playwright, Browser]]:
    """The machine's Chromium."""
    path = browser_path()
    if path is None:
        sentence = f"no Chromium on this machine; as root: apt-get install {' '.join(PACKAGES)}"
        pytest.fail(sentence) if os.environ.get("SUNROLL_BROWSER_REQUIRED") == "1" else pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield playwright, browser
        browser.close()


@pytest.fixture(scope="module")
def built() -> Path:
    """The folder of the built page."""
    found = build_phone(MINIPROGRAM)
    assert found.folder is not None, found.missing
    assert found.missing is None
    return found.folder


@pytest.fixture(scope="module")
def small(chromium: tuple[Playwright, Browser], built: Path) -> Iterator[CannedPhone]:
    """A small Android phone, 320 px wide, in Chinese."""
    with canned_phone(chromium[1], built, SMALL) as phone:
        yield phone


@pytest.fixture(scope="module")
def mongolian(chromium: tuple[Playwright, Browser], built: Path) -> Iterator[CannedPhone]:
    """A phone that speaks Mongolian."""
    with canned_phone(chromium[1], built, ANDROID, "mn-Mong") as phone:
        yield phone


def picture(phone: CannedPhone, route: str, kind: str, **options: Any) -> None:
    """A picture to be looked at, where pictures are wanted."""
    if os.environ.get("SUNROLL_SCREENSHOTS") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = route.split("?", maxsplit=1)[0].replace("/", "-")
        phone.page.screenshot(path=PICTURES / f"{kind}-{name}.png", **options)


@pytest.mark.parametrize("route", PAGES)
def test_a_page_is_in_order_on_a_small_phone(small: CannedPhone, route: str) -> None:
    """No overflow at 320 px, targets of 44 px, a name for everything, no serious fault by axe-core, no script error."""
    small.show(route)
    picture(small, route, "zh", full_page=True)
    assert small.page.evaluate(OVERFLOW) <= 0
    assert small.page.evaluate(TOO_SMALL, LEAST_TARGET) == []
    assert small.page.evaluate(UNNAMED) == []
    if not small.page.evaluate("'axe' in window"):
        small.page.add_script_tag(path=MINIPROGRAM / "node_modules/axe-core/axe.min.js")
    found = small.page.evaluate(AXE)
    assert [fault for fault in found if fault[0] in SERIOUS] == []
    assert small.faults == []


@pytest.mark.parametrize("route", PAGES)
def test_a_page_in_mongolian_is_written_from_top_to_bottom(mongolian: CannedPhone, route: str) -> None:
    """Wishes 20: vertical columns from left to right, the frame scrolled, never the document; marked as a draft."""
    mongolian.show(route)
    picture(mongolian, route, "mn")
    frame = mongolian.page.locator(".frame:visible").last
    assert frame.evaluate("one => getComputedStyle(one).writingMode") == "vertical-lr"
    assert mongolian.at("draft-language").is_visible()
    assert mongolian.page.evaluate(OVERFLOW) <= 0
    assert frame.evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    assert mongolian.faults == []


def test_mongolian_letters_are_joined_by_the_typeface(mongolian: CannedPhone) -> None:
    """Noto Sans Mongolian is loaded from our own address, and a word is narrower than its letters apart."""
    mongolian.show("home/index")
    assert mongolian.page.evaluate(
        "document.fonts.ready.then(() => document.fonts.check('18px \"Noto Sans Mongolian\"', 'ᠮ'))"
    )
    assert "/phone/fonts/noto-sans-mongolian.woff2" in mongolian.bytes_of
    widths = mongolian.page.evaluate(
        """() => { const pen = document.createElement('canvas').getContext('2d')
        pen.font = '40px "Noto Sans Mongolian"'
        const word = 'ᠮᠣᠩᠭᠣᠯ'
        return [pen.measureText(word).width, [...word].reduce((sum, one) => sum + pen.measureText(one).width, 0)] }"""
    )
    assert widths[0] < 0.9 * widths[1]


def test_a_binding_sentence_stands_in_chinese_beside_the_mongolian_one(mongolian: CannedPhone) -> None:
    mongolian.show(f"result/index?id={APPLICATION}")
    assert "确认入学" in mongolian.at("confirm").inner_text()
    assert any("\u1820" <= letter <= "\u1842" for letter in mongolian.at("confirm").inner_text())


@pytest.mark.parametrize("route", ["home/index", f"diary/index?id={APPLICATION}", "exam/rank", "exam/index"])
def test_nothing_overflows_with_letters_twice_as_big(
    chromium: tuple[Playwright, Browser], built: Path, route: str
) -> None:
    """The phone's own setting for big type, at 320 px."""
    with canned_phone(chromium[1], built, SMALL) as phone:
        phone.show(route)
        phone.page.add_style_tag(content="html { -webkit-text-size-adjust: 200%; text-size-adjust: 200% }")
        picture(phone, route, "big", full_page=True)
        assert phone.page.evaluate(OVERFLOW) <= 0


def test_the_first_load_is_light(chromium: tuple[Playwright, Browser], built: Path) -> None:
    """Under 300 KB gzipped for the first page, with everything it fetches, and nothing from elsewhere."""
    with canned_phone(chromium[1], built, SMALL, logged_in=False) as phone:
        phone.show("home/index")
        assert phone.at("go-login").is_visible()
        loaded = [built / (path.removeprefix("/phone/") or "index.html") for path in phone.bytes_of]
        assert sum(len(gzip.compress(file.read_bytes())) for file in loaded) < FIRST_LOAD
        assert not any("mn-Mong" in path or "fonts" in path for path in phone.bytes_of)


def test_an_address_leads_to_its_zone_on_the_chart(small: CannedPhone) -> None:
    """B04, C15: the unit that was found is marked, with its school, on the real outlines of the city."""
    small.show("school/find")
    small.at(f"option-banner-{BANNER}").click()
    small.at("option-stage-primary").click()
    small.at("input-unit").fill("吉日")
    small.at("option-unit-150603001001").click()
    assert "演练第一小学" in small.at("own-zone").inner_text()
    assert small.at("map").is_visible()
    assert "own" in small.at("cell-150603001001").get_attribute("class").split()
    picture(small, "school/find", "map", full_page=True)
    assert small.page.evaluate(OVERFLOW) <= 0


def test_english_is_there_for_visitors(chromium: tuple[Playwright, Browser], built: Path) -> None:
    with canned_phone(chromium[1], built, SMALL, "en", logged_in=False) as phone:
        phone.show("home/index")
        assert phone.at("go-login").inner_text() == "Enrol a child"
        assert phone.page.evaluate("document.documentElement.lang") == "en"
