"""The built page and a small phone: what the tests of the phone's pages share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from sunroll.phone_build import MINIPROGRAM, build_phone
from tests.phone.phone_browser import SMALL, CannedPhone, canned_phone


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
