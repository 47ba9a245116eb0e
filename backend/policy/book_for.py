"""A model's rule-book put on another banner and other dates: for rehearsals, trials and the first draft of a banner."""

import copy
import datetime as dt
from typing import Any

from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.book import Book
from backend.policy.rules.parse_book import book_of
from backend.policy.rules.times import BEIJING


def book_for(
    model: str,
    banner: str,
    banner_name: str,
    year: int,
    opens_at: dt.datetime,
    closes_at: dt.datetime | None = None,
) -> Book:
    """The rule-book of `model` (a folder of `books/`) for a banner and year, its calendar moved to `opens_at`.

    The earliest registration opens at `opens_at` (aware); all windows and dates keep their distances from it. With
    `closes_at` every stage registers in [opens_at, closes_at), and supplements follow as long after the close as
    the model has it. On another banner than the model's own, town lists and 小区 are dropped (the area is the whole
    banner). Raises OSError for a model that is not there, `BookFaulty` where the result is no sound book.
    """
    template = read_book(BOOKS / model)
    content = copy.deepcopy(template.content)
    first = min(window.opens_at for window in template.windows if window.kind == "registration")
    moved_by = opens_at - first
    content["windows"] = [_moved(window, moved_by) for window in content["windows"]]
    content["dates"] = [_moved_days(line, moved_by) for line in content.get("dates", [])]
    _move_after(content, moved_by)
    if closes_at is not None:
        _close_all(content, opens_at, closes_at)
    if banner != content["banner"]:
        content["area"] = {"name": banner_name}
        content.pop("estates", None)
    content |= {"banner": banner, "banner_name": banner_name, "year": year}
    return book_of(content)


def _moved(window: dict[str, Any], by: dt.timedelta) -> dict[str, Any]:
    times = {name: _beijing(dt.datetime.fromisoformat(window[name]) + by) for name in ("opens_at", "closes_at")}
    return window | times


def _moved_days(line: dict[str, Any], by: dt.timedelta) -> dict[str, Any]:
    days = {name: (dt.date.fromisoformat(line[name]) + by).isoformat() for name in ("from_on", "to_on")}
    return line | days


def _move_after(content: dict[str, Any], by: dt.timedelta) -> None:
    """The days of transfers and of reporting absences, where the model has them."""
    for section, names in (("transfers", ("from_on", "to_on")), ("no_show", ("reports_from",))):
        for name in names:
            if day := content.get(section, {}).get(name):
                content[section][name] = (dt.date.fromisoformat(day) + by).isoformat()


def _close_all(content: dict[str, Any], opens_at: dt.datetime, closes_at: dt.datetime) -> None:
    """Registration of every stage in the one given span; a supplement keeps its distance from its stage's close."""
    closes = {w["stage"]: w["closes_at"] for w in content["windows"] if w.get("kind", "registration") == "registration"}
    for window in content["windows"]:
        if window.get("kind", "registration") == "registration":
            window.update({"opens_at": _beijing(opens_at), "closes_at": _beijing(closes_at)})
        else:
            by = closes_at - dt.datetime.fromisoformat(closes[window["stage"]])
            window.update(_moved(window, by))


def _beijing(instant: dt.datetime) -> str:
    return instant.astimezone(BEIJING).isoformat()
