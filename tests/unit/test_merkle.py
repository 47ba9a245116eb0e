"""Merkle trees: the published vectors of RFC 6962's own test data, proofs that hold, and proofs that must not."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.fairness.merkle import inclusion_proof, merkle_root, proves_inclusion

LEAVES = st.lists(st.binary(max_size=6), min_size=1, max_size=20)
VECTOR_LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]


def root_by_the_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: split at the largest power of two smaller than the size."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    halves = root_by_the_definition(leaves[:split]) + root_by_the_definition(leaves[split:])
    return hashlib.sha256(b"\1" + halves).digest()


@given(st.lists(st.binary(max_size=6), max_size=40))
def test_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert merkle_root(leaves) == root_by_the_definition(leaves)


def test_known_roots() -> None:
    """The test data that certificate-transparency implementations share."""
    assert merkle_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle_root(VECTOR_LEAVES[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(VECTOR_LEAVES[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle_root(VECTOR_LEAVES[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle_root(VECTOR_LEAVES[:7]).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"


@given(LEAVES)
def test_every_row_is_proved(leaves: list[bytes]) -> None:
    root = merkle_root(leaves)
    for index, leaf in enumerate(leaves):
        assert proves_inclusion(leaf, index, len(leaves), inclusion_proof(leaves, index), root)


@given(LEAVES, st.data())
def test_a_changed_row_root_place_or_proof_is_not_proved(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root, size, leaf = inclusion_proof(leaves, index), merkle_root(leaves), len(leaves), leaves[index]
    assert not proves_inclusion(leaf + b"x", index, size, proof, root)
    assert not proves_inclusion(leaf, index, size, proof, bytes([root[0] ^ 1]) + root[1:])
    assert not proves_inclusion(leaf, index, size, [*proof, root], root)
    assert not proves_inclusion(leaf, size, size, proof, root)
    assert not proves_inclusion(leaf, -1, size, proof, root)
    if proof:
        assert not proves_inclusion(leaf, index, size, proof[:-1], root)
        assert not proves_inclusion(leaf, index, size, [proof[0][::-1], *proof[1:]], root)
    other = data.draw(st.integers(0, size - 1))
    if leaves[other] != leaf:
        assert not proves_inclusion(leaf, other, size, inclusion_proof(leaves, other), root)


def test_an_inner_node_is_no_leaf() -> None:
    """The two prefixes keep a forger from passing the children of a node off as a row."""
    leaves = [b"a", b"b", b"c", b"d"]
    inside = hashlib.sha256(b"\0a").digest() + hashlib.sha256(b"\0b").digest()
    assert not proves_inclusion(inside, 0, 2, inclusion_proof(leaves, 0)[1:], merkle_root(leaves))


def test_there_is_no_proof_of_a_row_that_is_not_there() -> None:
    with pytest.raises(IndexError, match="no leaf 3 among 3"):
        inclusion_proof([b"a", b"b", b"c"], 3)
