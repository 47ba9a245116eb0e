"""The phone's page of a child's class: the wish for twins, the signature drawn with a finger (A40)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.phone.canned import APPLICATION
from tests.phone.phone_browser import CannedPhone, canned_phone, picture

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 375, "height": 667}, "device_scale_factor": 1, "is_mobile": True, "has_touch": True}


@pytest.fixture
def phone(chromium: tuple[Playwright, Browser], built: Path) -> Iterator[CannedPhone]:
    """A phone of 375 px."""
    with canned_phone(chromium[1], built, PHONE) as opened:
        yield opened


def test_a_family_wishes_for_its_twins_and_signs_with_a_finger(phone: CannedPhone) -> None:
    """A40, domain 3.1: what is drawn in the field goes out as strokes from 0 to 1000; nothing drawn is no signature."""
    phone.show(f"place/class?id={APPLICATION}")
    page, sent = phone.page, []
    page.on("request", lambda one: sent.append((one.method, one.url.rpartition("/")[2], one.post_data_json)))
    phone.at("option-twins-apart").click()
    phone.at("twins-said").wait_for()
    assert sent.pop() == ("PUT", "twins", {"wish": "apart"})
    phone.at("sign-send").click()
    assert phone.at("sign-short").is_visible()
    assert sent == []
    phone.at("sign-field").scroll_into_view_if_needed()
    box = phone.at("sign-field").bounding_box()
    left, right = box["x"] + 3, box["x"] + box["width"] - 3
    page.mouse.move(left, box["y"] + box["height"] * 2 / 3)
    page.mouse.down()
    page.mouse.move(right, box["y"] + box["height"] / 3, steps=12)
    page.mouse.up()
    drawn = phone.at("sign-field").evaluate(
        "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(value => value > 0)"
    )
    assert drawn
    assert phone.at("sign-short").count() == 0
    picture(phone, "place/class", "signing", full_page=True)
    phone.at("sign-send").click()
    phone.at("signed").wait_for()
    method, path, body = sent.pop()
    (stroke,) = body["strokes"]
    assert (method, path, len(stroke)) == ("POST", "signature", 13)
    assert all(0 <= one <= 1000 for point in stroke for one in point)
    assert (stroke[0][0] < 20, stroke[-1][0] > 980) == (True, True)
    assert "10:30" in phone.at("signed").inner_text()
    assert phone.page.locator('[data-testid="sign-field"]:visible').count() == 0
