"""The candidate's rank page in Chromium while the figures move: the line of his unit is told to have moved (domain 1.6-4)."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.phone.canned import STANDING
from tests.phone.phone_browser import CannedPhone, picture

pytestmark = pytest.mark.browser


def test_a_line_that_moves_while_one_watches_is_told_from_where_to_where(small: CannedPhone) -> None:
    """At the first look there is nothing to compare; after the next figures both scores stand there."""
    figures = [STANDING["lowest_inside"], "655.50"]

    def told(route: Route) -> None:
        lowest = figures.pop(0) if len(figures) > 1 else figures[0]
        version = STANDING["version"] + (lowest == "655.50")
        route.fulfill(status=200, json=STANDING | {"lowest_inside": lowest, "version": version})

    small.page.route("**/api/exam/standing", told)
    small.show("exam/rank")
    expect(small.at("standing")).to_be_visible()
    moved = small.at("line-moved")
    expect(moved).to_have_text(re.compile(f"{STANDING['lowest_inside']} → 655.50"), timeout=20_000)
    picture(small, "exam/rank", "line-moved")
    assert small.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
