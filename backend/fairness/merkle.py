"""Merkle trees as in RFC 6962 (RFC 9162, 2.1): a root for a list, and the proof that one row stands in it."""

import hashlib
from collections.abc import Sequence

LEAF = b"\x00"
NODE = b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf, SHA-256(00 ‖ data), 32 bytes. Rows with personal data carry a salt of their own."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node, SHA-256(01 ‖ left ‖ right), 32 bytes."""
    return hashlib.sha256(NODE + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree over `leaves` (their data, in order), 32 bytes; SHA-256 of nothing for no leaf."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    return _levels(leaves)[-1][0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the path from leaf `index` (0-based) up to the root, lowest first. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} among {len(leaves)}")
    return _path(_levels(leaves), index)


def inclusion_proofs(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The inclusion proof of every leaf, in order; the tree is hashed once."""
    levels = _levels(leaves)
    return [_path(levels, index) for index in range(len(leaves))]


def _path(levels: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    proof = []
    for level in levels[:-1]:
        beside = index ^ 1
        if beside < len(level):
            proof.append(level[beside])
        index >>= 1
    return proof


def proves_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `leaf` (its data) stands at `index` of the list of `size` leaves with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, reached = index, size - 1, leaf_hash(leaf)
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(beside, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """All levels from the leaves up to the root: a lone last node moves up as it is, so the tree is RFC 6962's."""
    levels = [[leaf_hash(leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [node_hash(below[place], below[place + 1]) for place in range(0, len(below) - 1, 2)]
        if len(below) % 2:
            above.append(below[-1])
        levels.append(above)
    return levels
