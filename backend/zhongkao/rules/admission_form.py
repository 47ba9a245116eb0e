"""The form of an admission's result (contract 4), looked at before anything in it is believed."""

from collections.abc import Iterator, Mapping
from typing import Any

Shape = Any
"""A type, a tuple of shapes (any of them), a list of one shape, or a dict of shapes by key."""

NOTHING = type(None)
SCORES = {"total": str, "ties": [str]}
FORM: Shape = {
    "events": [{"line": int, "accepted": bool, "reason": (str, NOTHING)}],
    "units": [
        {"id": str, "plan": int, "chosen": int, "admitted": [str], "over_plan": int, "lowest": (SCORES, NOTHING)}
    ],
    "candidates": [{"id": str, "unit": (str, NOTHING), "rank": (int, NOTHING), "level_with": int, "admitted": bool}],
    "statistics": [
        {
            "at": str,
            "units": [{"id": str, "plan": int, "chosen": int, "vacant": int, "lowest_inside": (SCORES, NOTHING)}],
        }
    ],
    "input_sha256": str,
}


def form_faults(output: Any) -> list[str]:
    """The places in which the result has another form, as JSON pointers."""
    return list(_faults(output, FORM, ""))


def _faults(value: Any, shape: Shape, where: str) -> Iterator[str]:
    if isinstance(shape, tuple):
        if all(any(True for _ in _faults(value, one, where)) for one in shape):
            yield f"{where or '/'} has another form"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where or '/'} is no list"
            return
        for index, entry in enumerate(value):
            yield from _faults(entry, shape[0], f"{where}/{index}")
    elif isinstance(shape, dict):
        if not isinstance(value, Mapping) or value.keys() != shape.keys():
            yield f"{where or '/'} has other keys"
            return
        for key, inside in shape.items():
            yield from _faults(value[key], inside, f"{where}/{key}")
    elif type(value) is not shape:
        yield f"{where or '/'} is no {shape.__name__}"
