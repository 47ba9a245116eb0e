"""Canonical JSON and the digests made of it: the same value gives the same bytes on any machine."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

_SCALARS = {str, int, bool, type(None)}


def canonical_json(value: Any) -> bytes:
    """`value` as canonical JSON: sorted keys, 2-space indent, real characters, a newline at the end (contracts 0).

    Keys are texts; NaN and infinities raise ValueError. The bytes are those of the standard library's
    `json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2)`, written several times faster.
    """
    return b"".join([piece.encode() for piece in _pieces(value, "\n")] + [b"\n"])


def _pieces(value: Any, line: str) -> Iterator[str]:
    # The rows of a long list are handed out one by one: as one text they would stand in memory several times.
    inner = line + "  "
    if isinstance(value, dict) and value:
        before = f"{{{inner}"
        for key in sorted(value):
            yield f"{before}{encode_basestring(key)}: "
            yield from _pieces(value[key], inner)
            before = f",{inner}"
        yield f"{line}}}"
    elif isinstance(value, list | tuple) and value and not _is_flat(value):
        before = f"[{inner}"
        for entry in value:
            yield before + _written(entry, inner)
            before = f",{inner}"
        yield f"{line}]"
    else:
        yield _written(value, line)


def _written(value: Any, line: str) -> str:
    if type(value) is str:
        return encode_basestring(value)
    if type(value) is int or value is None:
        return "null" if value is None else str(value)
    inner = line + "  "
    if isinstance(value, dict) and value:
        return _object(value, line, inner)
    if isinstance(value, list | tuple) and value:
        if _is_flat(value):
            return f"[{inner}{_flat_objects(value, inner)}{line}]"
        return f"[{inner}{f',{inner}'.join([_written(entry, inner) for entry in value])}{line}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


@lru_cache(maxsize=256)
def _in_order(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """The keys sorted, each with its text: the rows of a list have the same keys."""
    return [(key, f"{encode_basestring(key)}: ") for key in sorted(keys)]


def _is_flat(value: Sequence[Any]) -> bool:
    return all(type(entry) is dict and entry and _SCALARS.issuperset(map(type, entry.values())) for entry in value)


def _object(value: dict[str, Any], line: str, inner: str) -> str:
    # Texts, numbers and nulls are written here, without a call of their own: a city's rows hold two million of them.
    pairs = []
    for key, written_key in _in_order(tuple(value)):
        item = value[key]
        kind = type(item)
        if kind is str:
            written = encode_basestring(item)
        elif kind is int:
            written = str(item)
        else:
            written = "null" if item is None else _written(item, inner)
        pairs.append(written_key + written)
    return f"{{{inner}{f',{inner}'.join(pairs)}{line}}}"


def _flat_objects(objects: Sequence[dict[str, Any]], line: str) -> str:
    # One call of the C encoder for all rows. A raw newline never stands inside an encoded text, so the seam between
    # two objects cannot be mistaken.
    inner = line + "  "
    encoded = json.dumps(objects, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(f",{inner}", ": "))
    seam = f"{line}}},{line}{{{inner}"
    return f"{{{inner}{encoded[2:-2].replace(f'}},{inner}{{', seam)}{line}}}"


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of `data` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def input_sha256(files: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """The digest that a result names as its input: files by role, and the options (contracts 0).

    `files` maps a role (the upper-case word of the command line, in lower case) to its parsed content: CSV files
    as lists of row objects sorted by the first column, lists without an order of their own sorted by id, defaults
    filled in, scores in shortest form.
    """
    return sha256_hex(canonical_json({"files": dict(files), "options": dict(options)}))


def by_bytes(text: str) -> bytes:
    """The sort key of every sorting here: UTF-8 bytes, never a locale."""
    return text.encode()
