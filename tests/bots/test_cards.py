"""Cards open pages that the mini-program really has."""

import json
import re
from pathlib import Path

from bots.cards import PAGES, card
from bots.conversations import spoken
from bots.dialogue.values import Reply
from bots.person import SMS, WECHAT

PAGES_JSON = Path(__file__).parents[2] / "miniprogram" / "src" / "pages.json"


def test_every_card_opens_a_page_of_the_mini_program() -> None:
    told = json.loads(re.sub(r"^\s*//.*$", "", PAGES_JSON.read_text(encoding="utf-8"), flags=re.MULTILINE))
    found = {page["path"] for page in told["pages"]}
    found |= {f"{part['root']}/{page['path']}" for part in told.get("subPackages", ()) for page in part["pages"]}
    assert set(PAGES.values()) <= found


def test_a_card_stands_in_wechat_and_not_in_an_sms(app) -> None:
    reply = Reply("chat.thanks", card="result")
    assert 'data-miniprogram-path="pages/result/index"' in spoken(reply, "zh-CN", WECHAT)
    assert "<a" not in spoken(reply, "zh-CN", SMS)


def test_a_title_cannot_break_out_of_its_link(app) -> None:
    assert "<b>" not in card("result", "<b>")
