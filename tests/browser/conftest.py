"""Fixtures of the browser tests: a whole city that runs once, phones and desks; a picture of what failed."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from sunroll.commands.run import set_up
from sunroll.phone_build import MINIPROGRAM, build_phone
from sunroll.stack import running
from tests.browser.chat_page import ChatPage
from tests.browser.city import BANNER, FAILED, City
from tests.browser.desk_page import DeskPage
from tests.browser.phone_page import PhonePage
from tests.chromium import missing

FAMILIES = 20
SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"
PATIENCE_MS = 20_000
SMALL_PHONE = {"width": 320, "height": 568}
DESK = {"width": 1280, "height": 800}
PROJECTOR = {"width": 1920, "height": 1080}


@pytest.fixture(scope="module")
def city(chromium: tuple[Playwright, Browser]) -> Iterator[City]:
    """The whole service on a simulated city of twenty families, with the phone page built and the season open."""
    built = build_phone(MINIPROGRAM)
    if built.folder is None or built.missing:
        missing(built.missing or "the phone page is not built")
    folder = Path(tempfile.mkdtemp(prefix="sunroll-city-"))
    with running(folder, FAMILIES, "by-hand", BANNER, usual_ports=False) as stack:
        yield City(stack, set_up(stack, [BANNER]))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def script_faults() -> list[str]:
    """Errors that the scripts of any page threw."""
    return []


@pytest.fixture(scope="module")
def pages(chromium: tuple[Playwright, Browser], script_faults: list[str]) -> Iterator[Callable[..., Page]]:
    """`pages(name, **options)` opens a browser of a person's own, once a name; all are closed at the end."""
    _, browser = chromium
    opened: dict[str, Page] = {}

    def page_of(name: str, **options: Any) -> Page:
        if name not in opened:
            context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options)
            context.set_default_timeout(PATIENCE_MS)
            context.on("weberror", lambda fault: script_faults.append(f"{name}: {fault.error}"))
            opened[name] = context.new_page()
        return opened[name]

    yield page_of
    for page in opened.values():
        page.context.close()


@pytest.fixture(scope="module")
def phone(city: City, pages: Callable[..., Page], chromium: tuple[Playwright, Browser]) -> Callable[..., PhonePage]:
    """`phone(name)` is an iPhone 13 with the phone page; with `small=True` one that is 320 px wide."""
    device = chromium[0].devices["iPhone 13"]

    def phone_of(name: str, *, small: bool = False) -> PhonePage:
        options = device | ({"viewport": SMALL_PHONE, "screen": SMALL_PHONE} if small else {})
        return PhonePage(pages(f"phone-{name}", **options), city.stack.address("WEB"), city.stack.address("SMS"))

    return phone_of


@pytest.fixture(scope="module")
def chat(city: City, pages: Callable[..., Page], chromium: tuple[Playwright, Browser]) -> Callable[[str], ChatPage]:
    """`chat(name)` is a phone with the simulated WeChat."""
    device = chromium[0].devices["iPhone 13"]
    return lambda name: ChatPage(pages(f"chat-{name}", **device), city.stack.address("WECHAT"))


@pytest.fixture(scope="module")
def desk(city: City, pages: Callable[..., Page]) -> Callable[[str], DeskPage]:
    """`desk(login)` is an official's own browser, 1280 px wide; not logged in yet."""
    web, home = city.stack.address("WEB"), city.stack.address("HOME")
    return lambda login: DeskPage(pages(f"desk-{login}", viewport=DESK), web, home)


@pytest.fixture(scope="module")
def anyone(city: City, pages: Callable[..., Page]) -> Page:
    """A browser of somebody who is not known to the system."""
    return pages("anyone", viewport=DESK)


@pytest.fixture(scope="module")
def hall(city: City, pages: Callable[..., Page]) -> Page:
    """The big screen of a hall: nobody is logged in."""
    return pages("hall", viewport=PROJECTOR, screen=PROJECTOR)


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page in var/screenshots/, to be looked at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """After a failure, a picture of every open page goes to var/screenshots/."""
    report = yield
    chosen = getattr(item, "funcargs", {}).get("chromium")
    if report.failed and item.parent is not None:
        item.parent.stash[FAILED] = item.name
    if report.when == "call" and report.failed and chosen is not None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for number, context in enumerate(chosen[1].contexts):
            for page in context.pages:
                page.screenshot(path=SCREENSHOTS / f"{item.name}-{number}.png", full_page=True)
    return report
