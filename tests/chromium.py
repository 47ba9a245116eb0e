"""The machine's Chromium for the tests that drive one, or the sentence that says why there is none."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from sunroll.browser import PACKAGES, browser_path

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def missing(sentence: str) -> NoReturn:
    """Skip with this sentence; fail where the browser tests are required (SUNROLL_BROWSER_REQUIRED=1)."""
    if os.environ.get("SUNROLL_BROWSER_REQUIRED") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextmanager
def running_chromium() -> Iterator[tuple[Playwright, Browser]]:
    """A Chromium, closed at the end; Playwright leaves its loop in the thread, so a process can have only one."""
    path = browser_path()
    if path is None:
        missing(f"no Chromium on this machine; as root: apt-get install {' '.join(PACKAGES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield playwright, browser
        browser.close()
