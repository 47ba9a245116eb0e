"""How a sentence's template is filled: `{name}`, `{until:date}`, `{stage:@stage}`, `{papers:@paper|lines}`; a line with `{use:?@use}`
is left out where that fact is not known. Pure.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8), "+08:00")
"""The offset that every time is told in; Asia/Shanghai has kept it since 1992, the first year the system speaks of."""


def parameters(template: str) -> frozenset[str]:
    """The names of the facts that `template` tells."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def fill(template: str, params: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """`template` with its facts filled in; `words` is the catalogue that `:@group`, dates and times are told from.

    Raises ValueError for a format that does not exist and KeyError for a word that is not in the catalogue.
    """
    lines = (_line(line, params, words) for line in template.split("\n"))
    return "\n".join(line for line in lines if line is not None)


def sample_of(template: str, words: Mapping[str, str]) -> str:
    """`template` with 【a word】 for each of its facts, from the group `fact` of the catalogue `words`."""
    parts = string.Formatter().parse(template)
    return "".join(text + (f"【{words[f'word.fact.{name}']}】" if name else "") for text, name, _, _ in parts)


def _line(line: str, params: Mapping[str, Any], words: Mapping[str, str]) -> str | None:
    """One line, or None where a fact that it would tell (`{work:?@work}`) is not known: then nothing is said of it."""
    pieces: list[str] = []
    for text, name, spec, _ in string.Formatter().parse(line):
        pieces.append(text)
        if name and (spec or "").startswith("?") and params[name] in (None, "", [], {}):
            return None
        if name:
            pieces.append(_told(params[name], (spec or "").removeprefix("?"), words))
    return "".join(pieces)


def _told(value: Any, spec: str, words: Mapping[str, str]) -> str:
    for one in filter(None, spec.split("|")):
        value = _one_step(value, one, words)
    if isinstance(value, str):
        return value
    return words["word.list.between"].join(map(str, value)) if _is_list(value) else str(value)


def _one_step(value: Any, step: str, words: Mapping[str, str]) -> Any:
    if step.startswith("@"):
        return _each(value, lambda one: words[f"word.{step[1:]}.{one}"])
    if step == "date":
        return _each(value, lambda one: _date(one, words))
    if step == "moment":
        return _each(value, lambda one: _moment(one, words))
    lines = list(value) if _is_list(value) else [value]
    if step == "lines":
        return "\n".join(f"· {line}" for line in lines)
    if step == "numbered":
        return "\n".join(f"{number} {line}" for number, line in enumerate(lines, start=1))
    if step == "joined":
        return words["word.list.between"].join(map(str, lines))
    raise ValueError(f"no format {step!r}")


def _each(value: Any, change: Any) -> Any:
    return [change(one) for one in value] if _is_list(value) else change(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _date(value: Any, words: Mapping[str, str]) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return words["word.time.date"].format(year=day.year, month=day.month, day=day.day)


def _moment(value: Any, words: Mapping[str, str]) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    here = moment.astimezone(CHINA) if moment.tzinfo else moment
    clock = f"{here.hour:02d}:{here.minute:02d}"
    return words["word.time.moment"].format(year=here.year, month=here.month, day=here.day, clock=clock)
