"""Merkle trees as in RFC 6962, and the salted leaves of the ledger's lists."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from verify.folder import canonical

SALT_DOMAIN = b"sunroll-salt/v1"


def salt_of(key: bytes, listed: str, index: int) -> str:
    """The salt of row `index` of the list "input" or "output", 32 bytes in hex."""
    message = b"\0".join([SALT_DOMAIN, listed.encode(), str(index).encode()])
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def leaf_of(row: Any, salt: str | None) -> bytes:
    """The bytes of a leaf: the row with its salt, or the row alone where the list is not salted."""
    return canonical(row if salt is None else {"row": row, "salt": salt})


def root_of(leaves: Sequence[bytes]) -> str:
    """The root in hex; split at the largest power of two below the size, as the RFC defines it."""
    return _root(leaves).hex()


def _root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def root_from_proof(leaf: bytes, index: int, size: int, beside: list[bytes]) -> str | None:
    """The root to which a proof leads, or None where the proof has not the length that the place asks for."""
    steps = _sides(index, size)
    if len(steps) != len(beside):
        return None
    reached = hashlib.sha256(b"\x00" + leaf).digest()
    for is_left, other in zip(steps, beside, strict=True):
        pair = other + reached if is_left else reached + other
        reached = hashlib.sha256(b"\x01" + pair).digest()
    return reached.hex()


def _sides(index: int, size: int) -> list[bool]:
    """From the leaf up: whether the hash beside the path stands to the left."""
    if size == 1:
        return []
    split = 1 << ((size - 1).bit_length() - 1)
    if index < split:
        return [*_sides(index, split), False]
    return [*_sides(index - split, size - split), True]
