"""Canonical JSON and the digests made of it: the same value gives the same bytes on any machine."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from json.encoder import encode_basestring
from types import NoneType
from typing import Any

ROWS_AT_ONCE = 512
"""Rows of a long list are written and encoded so many at once: as one text they would stand in memory several times."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of objects with the same keys, as tuples of their values in the order of `names`: no object is made of it.

    What a tuple holds beyond the names is left out.
    """

    names: tuple[str, ...]
    tuples: Sequence[tuple[Any, ...]]


def canonical_json(value: Any) -> bytes:
    """`value` as canonical JSON: sorted keys, 2-space indent, real characters, a newline at the end (contracts 0).

    Keys are texts; NaN and infinities raise ValueError. The bytes are those of the standard library's
    `json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2)`, written several times faster: the rows of a list
    are written column by column.
    """
    return b"".join(_encoded(value))


def _encoded(value: Any) -> Iterator[bytes]:
    for piece in _pieces(value, "\n"):
        yield piece.encode()
    yield b"\n"


def _pieces(value: Any, line: str) -> Iterator[str]:
    inner = line + "  "
    if isinstance(value, dict) and value:
        before = f"{{{inner}"
        for key in sorted(value):
            yield f"{before}{encode_basestring(key)}: "
            yield from _pieces(value[key], inner)
            before = f",{inner}"
        yield f"{line}}}"
    elif isinstance(value, Rows) and value.tuples:
        yield from _listed(value.tuples, lambda part: _table(_columns(value.names, part), inner), line)
    elif isinstance(value, list | tuple) and value:
        yield from _listed(value, lambda part: _written(part, inner), line)
    else:
        yield from _written([() if isinstance(value, Rows) else value], line)


def _listed(rows: Sequence[Any], written: Callable[[Sequence[Any]], list[str]], line: str) -> Iterator[str]:
    before = f"[{line}  "
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield before + f",{line}  ".join(written(rows[start : start + ROWS_AT_ONCE]))
        before = f",{line}  "
    yield f"{line}]"


def _other(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _null(_: None) -> str:
    return "null"


_WRITERS: dict[type, Callable[[Any], str]] = {str: encode_basestring, int: int.__repr__, NoneType: _null}


def _written(values: Sequence[Any], line: str) -> list[str]:
    """The text of each value as it stands at this indent; `line` is a newline and the indent."""
    kinds = set(map(type, values))
    if len(kinds) > 1:
        return _of_many_kinds(values, kinds, line)
    for kind in kinds:
        if issubclass(kind, dict):
            return _objects(values, line)
        if issubclass(kind, list | tuple):
            return _lists(values, line)
        return list(map(_WRITERS.get(kind, _other), values))
    return []


def _of_many_kinds(values: Sequence[Any], kinds: Iterable[type], line: str) -> list[str]:
    """Each kind by itself, and what stands there many times (the last one let in) once."""
    texts: dict[int, str] = {}
    for kind in kinds:
        ones = {id(value): value for value in values if type(value) is kind}
        texts.update(zip(ones, _written(list(ones.values()), line), strict=True))
    return [texts[id(value)] for value in values]


def _lists(values: Sequence[Sequence[Any]], line: str) -> list[str]:
    inner = line + "  "
    seam, texts = f",{inner}", iter(_written([entry for one in values for entry in one], inner))
    return [f"[{inner}{seam.join(islice(texts, len(one)))}{line}]" if one else "[]" for one in values]


def _objects(values: Sequence[Mapping[str, Any]], line: str) -> list[str]:
    inner = line + "  "
    keys = set(map(tuple, values))
    if len(keys) == 1 and keys != {()}:
        return _table({name: [one[name] for one in values] for name in sorted(*keys)}, line)
    items = [item for one in values for item in sorted(one.items())]
    written = zip(items, _written([item for _, item in items], inner), strict=True)
    seam, texts = f",{inner}", (f"{encode_basestring(name)}: {text}" for (name, _), text in written)
    return [f"{{{inner}{seam.join(islice(texts, len(one)))}{line}}}" if one else "{}" for one in values]


def _columns(names: Sequence[str], tuples: Sequence[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    return dict(zip(names, zip(*tuples, strict=True), strict=False))


def _table(columns: Mapping[str, Sequence[Any]], line: str) -> list[str]:
    """Objects with the same keys, by their columns."""
    inner, names = line + "  ", sorted(columns)
    pairs = [f"{encode_basestring(name)}: ".replace("%", "%%") + "%s" for name in names]
    row = f"{{{inner}{f',{inner}'.join(pairs)}{line}}}"
    return [row % texts for texts in zip(*[_written(columns[name], inner) for name in names], strict=True)]


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of `data` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def input_sha256(files: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """The digest that a result names as its input: files by role, and the options (contracts 0).

    `files` maps a role (the upper-case word of the command line, in lower case) to its parsed content: CSV files
    as lists of row objects sorted by the first column, lists without an order of their own sorted by id, defaults
    filled in, scores in shortest form.
    """
    digest = hashlib.sha256()
    for piece in _encoded({"files": dict(files), "options": dict(options)}):
        digest.update(piece)
    return digest.hexdigest()


def by_bytes(text: str) -> bytes:
    """The sort key of every sorting here: UTF-8 bytes, never a locale."""
    return text.encode()
