"""Long lists of a placement's input, looked at column by column: the quick way for rows that are written plainly.

Whatever is not plain is read one by one instead, which tells what is wrong or takes what is only written otherwise.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.fairness.strict_json import text_fault


def plain_columns(value: Any, required: Sequence[str], defaults: Mapping[str, Any]) -> dict[str, list[Any]] | None:
    """The columns of a list of objects that have the required keys, some optional ones and no others; None otherwise."""
    if type(value) is not list or not {dict}.issuperset(map(type, value)):
        return None
    known = {*required, *defaults}
    if not all(known.issuperset(keys) and {*keys}.issuperset(required) for keys in set(map(tuple, value))):
        return None
    columns = {field: [one[field] for one in value] for field in required}
    return columns | {field: [one.get(field, default) for one in value] for field, default in defaults.items()}


def are_plain_names(names: Sequence[Any]) -> bool:
    """Whether all are texts without faults, not empty and trimmed already."""
    return (
        {str}.issuperset(map(type, names))
        and text_fault("".join(names)) is None
        and all(name and name == name.strip() for name in names)
    )


def are_distinct(names: Sequence[str], labels: Sequence[str] = ()) -> bool:
    """Whether no name stands twice, and none is a label too."""
    return len(set(names)) == len(names) and set(names).isdisjoint(labels)
