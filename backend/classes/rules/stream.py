"""The stream of random numbers: SHA-256 in counter mode, keyed by the seed text (docs/formats/class-draw.md)."""

import hashlib

import numpy as np
from numpy.typing import NDArray

LABEL = b"sunroll-classes/v1\0"
WORDS_PER_BLOCK = 4
WORD_RANGE = 1 << 64
BLOCKS_AT_ONCE = 64

Integers = NDArray[np.int64]


class Stream:
    """Words of 64 bits of one named stream; the same seed and name give the same words on any machine.

    Block i is SHA-256(LABEL + SHA-256(seed) + name + 0x00 + i as 8 bytes, big-endian); it gives four big-endian
    words. Integers below m are taken by rejection, so that every value has exactly the same chance.
    """

    def __init__(self, seed: str, name: str) -> None:
        self._prefix = hashlib.sha256(LABEL + hashlib.sha256(seed.encode()).digest() + name.encode() + b"\0")
        self._block = 0
        self._words: list[int] = []

    def below(self, bound: int) -> int:
        """An integer from 0 to bound − 1, each with the same chance; 1 ≤ bound ≤ 2^63."""
        limit = WORD_RANGE - WORD_RANGE % bound
        while True:
            if not self._words:
                self._words = self._next_blocks(BLOCKS_AT_ONCE).tolist()[::-1]
            word = self._words.pop()
            if word < limit:
                return word % bound

    def many_below(self, bound: int, count: int) -> Integers:
        """The next `count` integers below `bound`, as `below` would give them one by one; shape (count,)."""
        limit = WORD_RANGE - WORD_RANGE % bound
        taken: list[NDArray[np.uint64]] = [np.array(self._words[::-1], dtype=np.uint64)]
        have = self._accepted(taken[0], limit)
        while have < count:
            blocks = self._next_blocks(-(-(count - have) // WORDS_PER_BLOCK))
            taken.append(blocks)
            have += self._accepted(blocks, limit)
        words = np.concatenate(taken)
        good = words < limit if limit < WORD_RANGE else np.ones(len(words), dtype=bool)
        used = int(np.flatnonzero(good)[count - 1]) + 1 if count else 0
        self._words = words[used:].tolist()[::-1]
        return np.asarray((words[:used][good[:used]] % np.uint64(bound)).astype(np.int64))

    def shuffled(self, count: int) -> list[int]:
        """The numbers 0 … count − 1 in a random order: Fisher-Yates from the last place down."""
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    @staticmethod
    def _accepted(words: NDArray[np.uint64], limit: int) -> int:
        return len(words) if limit == WORD_RANGE else int(np.count_nonzero(words < limit))

    def _next_blocks(self, count: int) -> NDArray[np.uint64]:
        digests = bytearray()
        for block in range(self._block, self._block + count):
            digest = self._prefix.copy()
            digest.update(block.to_bytes(8, "big"))
            digests += digest.digest()
        self._block += count
        return np.frombuffer(bytes(digests), dtype=">u8").astype(np.uint64)
