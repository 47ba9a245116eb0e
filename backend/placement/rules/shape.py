"""The shape of a result document (contracts 2): looked at before anything else, so that no checker stumbles."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any


@dataclass(frozen=True, slots=True)
class _Maybe:
    """null, or a value of this shape."""

    shape: Any


@dataclass(frozen=True, slots=True)
class _Types:
    """A value of exactly one of these types."""

    types: frozenset[type]


_TEXT, _NUMBER = _Types(frozenset({str})), _Types(frozenset({int}))
_TEXT_OR_NULL, _NUMBER_OR_NULL = _Types(frozenset({str, NoneType})), _Types(frozenset({int, NoneType}))
_STAND = {"class": _TEXT, "keys": _Types(frozenset({dict})), "ticket": _TEXT}
_SHAPES = {
    "choice": {
        "placements": [{"id": _TEXT, "school": _TEXT_OR_NULL, "choice": _NUMBER_OR_NULL}],
        "schools": [
            {"id": _TEXT, "seats": _NUMBER, "taken": _NUMBER, "cutoff": _Maybe({"priority": _NUMBER, "ticket": _TEXT})}
        ],
        "input_sha256": _TEXT,
    },
    "zone": {
        "placements": [
            {
                "id": _TEXT,
                "school": _TEXT_OR_NULL,
                "step": _TEXT_OR_NULL,
                "position": _NUMBER,
                "reason": _STAND | {"last_in": _Maybe(_STAND)},
            }
        ],
        "schools": [{"id": _TEXT, "seats": _NUMBER, "taken": _NUMBER}],
        "input_sha256": _TEXT,
    },
}


def shape_faults(document: Any, mechanism: str) -> list[str]:
    """Where the document is not of the shape that contracts 2 gives the results of this mechanism."""
    faults: list[str] = []
    if not _fit([document], _SHAPES[mechanism]):
        _look(document, _SHAPES[mechanism], "", faults)
    return faults


def _fit(values: Sequence[Any], shape: Any) -> bool:
    """Whether all the values are of the shape: the short way, column by column, which names no fault."""
    if isinstance(shape, _Types):
        return shape.types.issuperset(map(type, values))
    if isinstance(shape, _Maybe):
        return _fit([value for value in values if value is not None], shape.shape)
    if isinstance(shape, list):
        return {list}.issuperset(map(type, values)) and _fit([item for value in values for item in value], shape[0])
    return (
        {dict}.issuperset(map(type, values))
        and all(set(keys) == shape.keys() for keys in set(map(tuple, values)))
        and all(_fit([value[key] for value in values], inner) for key, inner in shape.items())
    )


def _look(value: Any, shape: Any, pointer: str, faults: list[str]) -> None:
    if isinstance(shape, _Types):
        if type(value) not in shape.types:
            faults.append(f"{pointer}: is a {type(value).__name__}")
    elif isinstance(shape, _Maybe):
        if value is not None:
            _look(value, shape.shape, pointer, faults)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            faults.append(f"{pointer}: is no list")
            return
        for place, item in enumerate(value):
            _look(item, shape[0], f"{pointer}/{place}", faults)
    elif not isinstance(value, dict) or value.keys() != shape.keys():
        faults.append(f"{pointer or '/'}: is no object with the keys {', '.join(shape)}")
    else:
        for key, inner in shape.items():
            _look(value[key], inner, f"{pointer}/{key}", faults)
