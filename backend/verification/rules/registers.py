"""A department's answer before it is believed: declared fields alone, each of the right kind (promises P19).

What is not so is no answer at all: it is asked again, and at last a person is asked.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

TRUTHS = {"none", "same_household", "back_paid", "handed_over"}
DATES = {
    "born_on",
    "moved_in_on",
    "registered_on",
    "founded_on",
    "issued_on",
    "valid_until",
    "signed_on",
    "began_on",
    "ends_on",
}
LISTS = {"homes", "moves", "kinds"}
PEOPLE = {"owners", "buyers", "tenants", "parents"}
NUMBERS = {"months"}
EITHER = {"share"}
LONGEST = 500


class RecordUnreadable(ValueError):
    """The answer is not of the shape that the department declared; the message names the field."""


def read_record(told: Any, declared: Collection[str]) -> dict[str, Any] | None:
    """The declared fields of a record, the others dropped unread; None stays None. Raises RecordUnreadable."""
    if told is None:
        return None
    if not isinstance(told, Mapping):
        raise RecordUnreadable("the record is no object")
    record = {name: told[name] for name in declared if told.get(name) is not None}
    for name, value in record.items():
        if not _is_right(name, value):
            raise RecordUnreadable(name)
    if not record:
        raise RecordUnreadable("the record has none of its fields")
    return record


def _is_right(name: str, value: Any) -> bool:
    if name in TRUTHS:
        return isinstance(value, bool)
    if name in NUMBERS or (name in EITHER and isinstance(value, int)):
        return _is_count(value)
    if name in LISTS or name in PEOPLE:
        return isinstance(value, list) and (name in LISTS or all(isinstance(person, str) for person in value))
    if not isinstance(value, str) or len(value) > LONGEST:
        return False
    return name not in DATES or _is_date(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6  # months, per cent


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
