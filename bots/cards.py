"""Mini-program cards inside a text message: a link that WeChat opens as a page of the mini-program."""

from __future__ import annotations

from html import escape

from flask import current_app

PAGES = {
    "result": "pages/result/index",
    "papers": "pages/papers/index",
    "zone": "pages/guide/index",
}
"""What is better seen than told, and the page that shows it."""


def card(name: str, title: str) -> str:
    """The link; where there is no mini-program (a browser), it opens the phone page."""
    page, app_id = PAGES[name], current_app.config["WECHAT"].app_id
    address = f"{current_app.config['PUBLIC_URL']}/phone/#/{page}"
    told = {"href": address, "data-miniprogram-appid": app_id, "data-miniprogram-path": page}
    inside = " ".join(f'{key}="{escape(value)}"' for key, value in told.items())
    return f"<a {inside}>{escape(title)}</a>"
