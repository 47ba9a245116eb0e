"""The stream of random numbers, recomputed by a second program from docs/formats/class-draw.md."""

import hashlib
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.classes.rules.stream import Stream

VECTOR = ["9b9a7d592b9d659a", "07c0fd9311a61b4b", "cd0880f27bbebe5d", "626615246da1309f"]


def words(seed: str, name: str, count: int) -> list[int]:
    """64-bit words by the document: SHA-256 blocks of four, big-endian."""
    key = hashlib.sha256(seed.encode()).digest()
    found: list[int] = []
    block = 0
    while len(found) < count:
        text = b"sunroll-classes/v1\x00" + key + name.encode() + b"\x00" + block.to_bytes(8, "big")
        digest = hashlib.sha256(text).digest()
        found += [int.from_bytes(digest[place : place + 8], "big") for place in (0, 8, 16, 24)]
        block += 1
    return found[:count]


def below(source: list[int], bound: int) -> int:
    while True:
        word = source.pop(0)
        if word < 2**64 // bound * bound:
            return word % bound


@settings(max_examples=60)
@given(st.text(max_size=4), st.sampled_from(["walk", "deal/0/0"]), st.lists(st.integers(1, 2**63), max_size=12))
def test_integers_are_those_of_the_document(seed: str, name: str, bounds: list[int]) -> None:
    stream, source = Stream(seed, name), words(seed, name, 120)
    assert [stream.below(bound) for bound in bounds] == [below(source, bound) for bound in bounds]


@settings(max_examples=40)
@given(st.text(max_size=4), st.integers(1, 2**63), st.lists(st.integers(0, 9), max_size=5))
def test_many_integers_are_the_single_ones(seed: str, bound: int, counts: list[int]) -> None:
    many, single = Stream(seed, "x"), Stream(seed, "x")
    for count in counts:
        assert many.many_below(bound, count).tolist() == [single.below(bound) for _ in range(count)]


def test_the_first_words_of_a_seed_are_published() -> None:
    """The test vector of the document."""
    assert [f"{word:016x}" for word in words("阳光分班", "walk", 4)] == VECTOR
    stream = Stream("阳光分班", "walk")
    assert [stream.below(2**63) for _ in range(2)] == [int(word, 16) % 2**63 for word in VECTOR[:2]]


def test_a_shuffle_gives_every_order_alike() -> None:
    stream = Stream("seed", "shuffle")
    seen = Counter(tuple(stream.shuffled(4)) for _ in range(2_400))
    assert len(seen) == 24
    assert sum((count - 100) ** 2 / 100 for count in seen.values()) / 23 < 2.5
