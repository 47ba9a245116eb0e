"""A Chromium that shows the built phone page with canned answers: no service, no network, one second a page."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from tests.phone.canned import REFUSED, STORED, answer_to

SMALL = {"viewport": {"width": 320, "height": 568}, "device_scale_factor": 1, "is_mobile": True, "has_touch": True}
PICTURES = Path(__file__).parents[2] / "var" / "screenshots" / "phone"
ORIGIN = "http://phone.localhost"
KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".woff2": "font/woff2"}


class CannedPhone:
    """One phone: a browser context of this size and language, logged in as a guardian and as a candidate."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.bytes_of: dict[str, int] = {}
        self.faults: list[str] = []

    def show(self, route: str) -> None:
        """Open a page, the first one afresh and later ones by their hash, and wait until nothing is loading."""
        if self.page.url == "about:blank":
            self.page.goto(f"{ORIGIN}/phone/?lang={self.language}#/pages/{route}")
        else:
            self.page.evaluate("route => { location.hash = '#/pages/' + route }", route)
        self.page.locator(f'uni-page[data-page="pages/{route.split("?", maxsplit=1)[0]}"]:visible').last.wait_for()
        self.page.locator('[data-testid^="page-"]:visible').last.wait_for()
        self.page.locator('[data-testid="loading"]:visible').wait_for(state="detached")

    def at(self, testid: str) -> Any:
        """The newest visible thing of this name."""
        return self.page.locator(f'[data-testid="{testid}"]:visible').last


@contextmanager
def canned_phone(
    browser: Browser, built: Path, device: dict[str, Any], language: str = "zh-CN", *, logged_in: bool = True
) -> Iterator[CannedPhone]:
    """A phone of this kind with the page built in `built`."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **device)
    context.set_default_timeout(20_000)
    phone = CannedPhone(context.new_page(), language)

    def serve(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path.startswith("/phone/"):
            file = built / (address.path.removeprefix("/phone/") or "index.html")
            phone.bytes_of[address.path] = file.stat().st_size
            route.fulfill(path=file, content_type=KINDS.get(file.suffix, "application/octet-stream"))
        elif refused := REFUSED.get(address.path):
            route.fulfill(status=refused[0], json={"code": refused[1], "detail": "时间还没有到。"})
        elif (told := answer_to(address.path)) is not None:
            route.fulfill(status=200, json=told)
        else:
            route.fulfill(status=404, json={"code": "not-found", "detail": "没有找到。"})

    context.route("**/*", serve)
    context.on("weberror", lambda fault: phone.faults.append(str(fault.error)))
    if logged_in:
        kept = {name: json.dumps({"type": "object", "data": data}) for name, data in STORED.items()}
        script = "for (const [name, text] of Object.entries(%s)) localStorage.setItem(name, text)"
        context.add_init_script("if (location.host) { " + script % json.dumps(kept) + " }")
    try:
        yield phone
    finally:
        context.close()


def picture(phone: CannedPhone, route: str, kind: str, **options: Any) -> None:
    """A picture to be looked at, where pictures are wanted."""
    if os.environ.get("SUNROLL_SCREENSHOTS") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = route.split("?", maxsplit=1)[0].replace("/", "-")
        phone.page.screenshot(path=PICTURES / f"{kind}-{name}.png", **options)
