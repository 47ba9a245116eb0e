"""The one desk shell: every room's pages for officials hang into it, and say where they stand in its menu."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import Blueprint, Flask, current_app, flash, url_for

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal


@dataclass(frozen=True)
class MenuEntry:
    """A line of the desk's menu: shown to who may do `action`; `order` follows the eight steps (10, 20 … 80)."""

    order: int
    title: str
    endpoint: str
    action: str


class DeskRoom(Blueprint):
    """A blueprint of pages under /desk, with its lines in the menu."""

    def __init__(self, name: str, import_name: str, menu: tuple[MenuEntry, ...] = (), **options: Any) -> None:
        super().__init__(f"{name}_desk", import_name, url_prefix="/desk", template_folder="templates", **options)
        self.menu = menu


def hang_menu(app: Flask, may: Callable[[str], bool]) -> None:
    """Give every template the menu of whoever looks, and a fresh request key for each form."""

    def shell() -> dict[str, Any]:
        entries = [
            entry
            for room in app.blueprints.values()
            if isinstance(room, DeskRoom)
            for entry in room.menu
            if may(entry.action)
        ]
        menu = [(entry.title, url_for(entry.endpoint)) for entry in sorted(entries, key=lambda entry: entry.order)]
        return {"desk_menu": menu}

    app.context_processor(shell)
    app.jinja_env.globals["new_request_key"] = lambda: uuid.uuid4().hex  # imported macros see globals alone


def tried(step: Callable[[], Any], done: str) -> Any:
    """Do the step; what happened is flashed, a refusal in the catalogue's words. What is refused changes nothing."""
    try:
        with db.session.begin_nested():
            result = step()
    except Refusal as refusal:
        say = cast("Callable[[Refusal], str]", current_app.jinja_env.globals["say_problem"])
        flash(say(refusal), "danger")
        return None
    flash(done, "success")
    return result


def day_of(written: str) -> date:
    """The day that a form's date field names; one that names none lies long ago, so that no deadline accepts it."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return date.min


def moment_of(written: str) -> datetime:
    """The instant that a form's field of day and hour names, in Shanghai's time; one that names none lies long ago."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return datetime.min.replace(tzinfo=clock.SHANGHAI)
