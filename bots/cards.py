"""Mini-program cards inside a text message: a link that WeChat opens as a page of the mini-program."""

from __future__ import annotations

from html import escape

from backend.notices.gateways import mini_program

PAGES = {
    "result": "pages/result/index",
    "papers": "pages/papers/index",
    "zone": "pages/guide/index",
    "line": "pages/children/index",
}
"""What is better seen than told, and the page that shows it."""


def card(name: str, title: str) -> str:
    """The link; where there is no mini-program (a browser), it opens the phone page."""
    page = PAGES[name]
    app_id, public_url = mini_program()
    address = f"{public_url}/phone/#/{page}"
    told = {"href": address, "data-miniprogram-appid": app_id, "data-miniprogram-path": page}
    inside = " ".join(f'{key}="{escape(value)}"' for key, value in told.items())
    return f"<a {inside}>{escape(title)}</a>"
