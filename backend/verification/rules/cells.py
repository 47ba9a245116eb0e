"""Records as texts: what a register's fields look like in an XML envelope or a table, and back as values.

Texts carry no kinds, so the kind of each field is known here by its name; what does not fit is refused by
`registers.read_record`, never guessed.
"""

import json
from collections.abc import Mapping
from typing import Any

from backend.verification.rules.registers import LISTS, NUMBERS, PEOPLE, TRUTHS

YES, NO = ("true", "是"), ("false", "否")
BETWEEN = "、"


def cell_of(name: str, value: Any) -> str:
    """The value of a field as one text; people are joined by 、, tables are JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in PEOPLE:
        return BETWEEN.join(value)
    if name in LISTS:
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def value_of(name: str, told: Any) -> Any:
    """The value that a text stands for; a text that stands for none stays as it is, to be refused as unreadable."""
    if isinstance(told, list):
        return [_table_of(each) for each in told] if name in LISTS else told
    text = str(told).strip()
    if text == "" and name not in LISTS:
        return None
    if name in TRUTHS:
        return True if text in YES else False if text in NO else text
    if name in NUMBERS or name == "share":
        return int(text) if text.isascii() and text.isdecimal() else text
    if name in PEOPLE:
        return text.split(BETWEEN)
    return _table_of(text) if name in LISTS else text


def _table_of(text: str) -> Any:
    try:
        return json.loads(text) if text else []
    except ValueError:
        return text


def record_of_texts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Field → text (or list of texts) as field → value; empty ones are left out."""
    found = {name: value_of(name, told) for name, told in fields.items()}
    return {name: value for name, value in found.items() if value is not None}
