"""How each department is asked: its transport, how fast, how often a day, how long its answer is waited for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

TRANSPORTS = ("json", "xml", "batch")
DEPARTMENTS = ("police", "land", "housing", "labour", "market", "welfare")
DAY_S = 86_400


class LinesFaulty(ValueError):
    """The table of departments is not fit to start with; the message says which line and why."""


@dataclass(frozen=True)
class Line:
    """One department.

    `transport` is json (signed HTTP), xml (signed envelope) or batch (files dropped and picked up); `rate` is
    questions a second, `quota` questions a day; `every_s` is the period of batch files in seconds, counted from
    midnight; `patience_s` is how long a question waits for its answer before a person looks.
    """

    transport: str = "json"
    rate: int = 50
    quota: int = 200_000
    every_s: int = DAY_S
    patience_s: int = 3 * DAY_S


def read_lines(text: str) -> dict[str, Line]:
    """The departments of a TOML text, a table each; those not named are asked as `Line()`. Raises LinesFaulty."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LinesFaulty(f"no TOML: {error}") from error
    return {name: _line(name, told.pop(name, {})) for name in DEPARTMENTS} | {
        name: _line(name, values) for name, values in told.items()
    }


def _line(name: str, told: Any) -> Line:
    if name not in DEPARTMENTS:
        raise LinesFaulty(f"[{name}] is no department; they are {', '.join(DEPARTMENTS)}")
    known = {field.name for field in fields(Line)}
    if not isinstance(told, Mapping) or set(told) - known:
        raise LinesFaulty(f"[{name}] may set {', '.join(sorted(known))}")
    line = Line(**told)
    if line.transport not in TRANSPORTS:
        raise LinesFaulty(f"[{name}] transport is one of {', '.join(TRANSPORTS)}")
    if not all(isinstance(value, int) and value > 0 for key, value in told.items() if key != "transport"):
        raise LinesFaulty(f"[{name}] takes whole numbers above zero")
    return line


def as_usual() -> dict[str, Line]:
    """Every department asked by signed HTTP, where nothing else is set."""
    return {name: Line() for name in DEPARTMENTS}
