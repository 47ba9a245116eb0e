"""The machine's Chromium, the built page, and a small phone: what the tests of the phone's pages share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from sunroll.browser import PACKAGES, browser_path
from sunroll.phone_build import MINIPROGRAM, build_phone
from tests.phone.phone_browser import SMALL, CannedPhone, canned_phone


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
