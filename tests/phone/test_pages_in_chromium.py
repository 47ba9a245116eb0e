"""Every page of the phone in Chromium: nothing overflows, targets are big, axe-core finds no serious fault (C01, wishes 20).

With SUNROLL_SCREENSHOTS=1 a picture of every page goes to var/screenshots/phone, to be looked at; none is kept in the
repository.
"""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from sunroll.phone_build import MINIPROGRAM
from tests.phone.canned import APPLICATION, BANNER, PAGES, SCHOOL
from tests.phone.phone_browser import SMALL, CannedPhone, canned_phone, picture

pytestmark = pytest.mark.browser

ANDROID = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1, "is_mobile": True, "has_touch": True}
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
SAME_INK = """async picture => { await document.fonts.ready
  const [wide, high] = [97, 311]
  const drawn = new Image(wide, high)
  drawn.src = picture
  await drawn.decode()
  const ink = paint => { const canvas = document.createElement('canvas')
    canvas.width = wide + 40; canvas.height = high + 40
    const pen = canvas.getContext('2d')
    paint(pen)
    return pen.getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 3).map(one => one > 127 ? 1 : 0) }
  const one = ink(pen => pen.drawImage(drawn, 20, 21, wide, high))
  const other = ink(pen => { pen.translate(36.3, 20); pen.rotate(Math.PI / 2); pen.font = '100px "Noto Sans Mongolian"'
    pen.textBaseline = 'alphabetic'; pen.fillText('ᠮᠣᠩᠭᠣᠯ', 0, 0) })
  let both = 0, any = 0
  one.forEach((value, i) => { both += value & other[i]; any += value | other[i] })
  return both / any }"""
LEAST_SAME_INK = 0.8
LETTER = """() => { const letter = document.createElement('span')
  letter.textContent = '中'
  ;[...document.querySelectorAll('.frame-body')].findLast(one => one.checkVisibility()).append(letter)
  const { width } = letter.getBoundingClientRect()
  letter.remove()
  return width }"""
OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def mongolian(chromium: tuple[Playwright, Browser], built: Path) -> Iterator[CannedPhone]:
    """A phone that speaks Mongolian."""
    with canned_phone(chromium[1], built, ANDROID, "mn-Mong") as phone:
        yield phone


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


def test_the_forecast_stands_beside_the_rank_one_would_have(small: CannedPhone) -> None:
    """Wish 7: its ends, that it is only a forecast, and the reading it was made at."""
    small.show("exam/choose?category=general")
    small.at("unit-S01-T").click()
    told = small.at("forecast").inner_text()
    picture(small, "exam/choose-forecast", "zh", full_page=True)
    assert "641.50 到 657.50 分" in told
    assert "以实时排名为准" in told
    assert "9:00" in told


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


@pytest.fixture(scope="module")
def big(chromium: tuple[Playwright, Browser], built: Path) -> Iterator[CannedPhone]:
    """A small phone whose owner has set the letters to twice their size."""
    with canned_phone(chromium[1], built, SMALL) as phone:
        yield phone


@pytest.mark.parametrize("route", PAGES)
def test_nothing_overflows_with_letters_twice_as_big(big: CannedPhone, route: str) -> None:
    """The phone's own setting for big type, at 320 px, on every page."""
    big.show(route)
    usual = big.page.evaluate(LETTER)
    big.page.add_style_tag(content="html { -webkit-text-size-adjust: 200%; text-size-adjust: 200% }")
    picture(big, route, "big", full_page=True)
    assert big.page.evaluate(LETTER) == pytest.approx(2 * usual, rel=0.1), "the letters did grow"
    big.page.evaluate("document.head.lastElementChild.remove()")
    assert big.page.evaluate(OVERFLOW) <= 0


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
    near = small.at("map").get_attribute("src")
    assert "stroke-width%3D%223%22" in near, "the own unit has a bold edge"
    assert small.at("map").evaluate("one => one.naturalWidth") > 0
    picture(small, "school/find", "map-near", full_page=True)
    small.at("map-zoom").click()
    assert small.at("map").get_attribute("src") != near
    picture(small, "school/find", "map", full_page=True)
    assert "2025" in small.at(f"school-{SCHOOL}").inner_text()
    assert "落户日期：2021-03-01" in small.at(f"school-{SCHOOL}").inner_text()
    assert small.page.evaluate(OVERFLOW) <= 0


def test_a_time_locked_letter_opens_by_the_key_of_its_hour(small: CannedPhone) -> None:
    """Wishes 13: what the phone computes is what the service locked; before the hour there is nothing to read."""
    small.show("messages/index")
    small.at("go-letters").click()
    small.page.locator('[data-testid="letter"]:visible').first.wait_for()
    states = small.page.locator('[data-testid="letter"]:visible').evaluate_all(
        "all => all.map(one => one.dataset.state)"
    )
    assert states == ["open", "locked"]
    assert small.at("letter-text").inner_text() == "小明分到了演练第一小学。"


def test_the_word_for_mongolian_is_drawn_as_the_typeface_draws_it(mongolian: CannedPhone, small: CannedPhone) -> None:
    """Wishes 20: who has no Mongolian typeface reads the way to Mongolian all the same; the picture is the very word."""
    small.show("home/index")
    picture = small.at("speak-mn-Mong").locator("img").get_attribute("src")
    mongolian.show("home/index")
    assert mongolian.page.evaluate(SAME_INK, picture) > LEAST_SAME_INK


def test_every_page_of_the_phone_is_looked_at() -> None:
    """The pages of this file are those of pages.json: none is left out of axe, 320 px, big letters and Mongolian."""
    told = json.loads(
        re.sub(r"^\s*//.*$", "", (MINIPROGRAM / "src/pages.json").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    paths = {page["path"].removeprefix("pages/") for page in told["pages"]}
    paths |= {
        f"{part['root'].removeprefix('pages/')}/{page['path']}"
        for part in told["subPackages"]
        for page in part["pages"]
    }
    assert {route.split("?", maxsplit=1)[0] for route in PAGES} == paths


def test_english_is_there_for_visitors(chromium: tuple[Playwright, Browser], built: Path) -> None:
    with canned_phone(chromium[1], built, SMALL, "en", logged_in=False) as phone:
        phone.show("home/index")
        assert phone.at("go-login").inner_text() == "Enrol a child"
        assert phone.page.evaluate("document.documentElement.lang") == "en"
