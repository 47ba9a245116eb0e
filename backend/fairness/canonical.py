"""Canonical JSON and the digests made of it: the same value gives the same bytes on any machine."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical_json(value: Any) -> bytes:
    """`value` as canonical JSON: sorted keys, 2-space indent, real characters, a newline at the end (contracts 0)."""
    return (json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


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
