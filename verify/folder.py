"""Reading a ledger folder: canonical JSON, digests, and the two ways in which a folder can fail."""

import hashlib
import json
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, NoReturn


class Unreadable(Exception):
    """The folder is no ledger that this checker can read; nothing is said about its truth."""


class Lie(Exception):
    """Something in the folder does not agree with something else in it. `where` is a path inside the folder."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> bytes:
    """Keys sorted, real characters, two spaces of indent, one newline at the end."""
    return (_written(value, "\n") + "\n").encode("utf-8")


def _written(value: Any, line: str) -> str:
    inner = line + "  "
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict) and value:
        pairs = [f"{encode_basestring(key)}: {_written(value[key], inner)}" for key in sorted(value)]
        return f"{{{inner}{f',{inner}'.join(pairs)}{line}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{inner}{f',{inner}'.join([_written(entry, inner) for entry in value])}{line}]"
    return json.dumps(value)


def parse_canonical(data: bytes, where: str) -> Any:
    """The JSON in `data`, which must be written canonically, so that nobody reads it in two ways. Raises Lie."""

    def no_fraction(literal: str) -> NoReturn:
        raise ValueError(f"the number {literal} is no integer")

    try:
        value = json.loads(data.decode("utf-8"), parse_float=no_fraction, parse_constant=no_fraction)
        is_canonical = canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise Lie(where, f"is not JSON: {error}") from error
    if not is_canonical:
        raise Lie(where, "is not written canonically")
    return value


def read_bytes(root: Path, where: str) -> bytes:
    """The bytes of a file that has to be in the folder. Raises Lie where it is missing."""
    try:
        return (root / where).read_bytes()
    except OSError as error:
        raise Lie(where, f"cannot be read: {error.strerror}") from error


def demand_keys(value: Any, keys: set[str], where: str) -> dict[str, Any]:
    """The value as an object with exactly these keys. Raises Lie."""
    if not isinstance(value, dict) or set(value) != keys:
        raise Lie(where, f"must be an object with the keys {', '.join(sorted(keys))}")
    return value


def demand_equal(found: Any, expected: Any, where: str, what: str) -> None:
    """Raise Lie where the two differ; `what` names the thing that is compared."""
    if isinstance(found, str) and isinstance(expected, str) and found == expected:
        return
    if canonical(found) != canonical(expected):
        raise Lie(where, f"{what} is {_shown(found)}, and must be {_shown(expected)}")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 100 else f"{text[:100]}…"  # noqa: PLR2004 (a line that can be read)
