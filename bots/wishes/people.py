"""Wishes about the person who talks: the phone number, a tip-off, a human."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from backend.families.queries import children_of, open_child
from backend.foundation.problems import NotFound
from backend.identity.accounts import account_by_phone, bind_wechat, change_phone
from backend.identity.send_login_code import CodeWrong, send_login_code, spend_login_code
from backend.notices.call_human import call_human, has_called, place_help
from backend.notices.choose_language import choose_language
from backend.results.file_tipoff import Told, file_tipoff
from bots.person import WECHAT, Caller
from bots.wishes.guide import banners_in_force


def send_phone_code(caller: Caller, phone: str) -> dict[str, Any]:
    """A code is on its way to the phone; where there is no network address, the person has the budget of one."""
    send_login_code(phone, f"chat-{caller.person.index.hex()[:24]}")
    return {}


def set_phone(caller: Caller, phone: str, code: str) -> dict[str, Any]:
    """The number is proven and belongs to the person's account.

    Where the number has an account already (registered on the phone page) and this chat has no children yet, the chat
    becomes a way into that account; else the number moves to the chat's account. Raises CodeWrong.
    """
    proven = spend_login_code(phone, code)
    if proven is None:
        raise CodeWrong
    mine, known = caller.account_made(), account_by_phone(proven)
    if caller.person.channel == WECHAT and known is not None and known.id != mine.id and not children_of(mine.id):
        bind_wechat(known, caller.person.address)
    else:
        change_phone(mine, proven)
    return {}


def set_language(caller: Caller, lang: str) -> dict[str, Any]:
    """Notices come in this language too; whether somebody has reviewed its texts. Raises LanguageUnknown."""
    chosen = choose_language(caller.actor().account_id, lang)
    return {"is_reviewed": chosen.is_reviewed}


def tip_off(_caller: Caller, text: str) -> dict[str, Any]:
    """The receipt; nobody's account is noted with it."""
    return {"receipt": file_tipoff(Told(text)).receipt}


def ask_human(
    caller: Caller, text: str, matter: str = "", at: str = "", child: str = "", banner: str = ""
) -> dict[str, Any]:
    """The request's id, and the banners to ask about where a new request names none and several have a desk."""
    actor = caller.actor()
    child_id = None
    if child:
        with suppress(NotFound, ValueError):
            child_id = open_child(actor, uuid.UUID(child), "child.read")[1].id
    offered = [] if banner or has_called(actor.account_id) else banners_in_force()
    if len(offered) == 1:
        banner = offered.pop()["code"]
    row = call_human(actor.account_id, f"{matter}/{at}".strip("/"), text, child_id, banner or None)
    return {"id": str(row.id), "banners": offered}


def set_banner_of_help(caller: Caller, banner: str) -> dict[str, Any]:
    """The open request goes to the desk of the banner that the person lives in."""
    place_help(caller.account_made().id, banner)
    return {}
