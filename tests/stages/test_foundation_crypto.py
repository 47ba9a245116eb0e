"""The encryption envelope: bound to its place, found by blind index, gone when its key is shredded (promises D10, P11)."""

import hashlib
import uuid

import pytest

from backend.foundation.crypto import SealBroken, blind_index, seal, shred, unseal
from backend.foundation.database import db

ID_NUMBER = "150603201909010018"


def test_what_is_sealed_opens_at_its_place_only(app) -> None:
    """Swapping two ciphertexts between rows is refused."""
    someone = uuid.uuid4()
    sealed = seal(someone, "child.id_number.1", ID_NUMBER)
    assert unseal(someone, "child.id_number.1", sealed) == ID_NUMBER
    with pytest.raises(SealBroken):
        unseal(someone, "child.id_number.2", sealed)


def test_one_persons_seal_does_not_open_under_anothers_key(app) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    seal(other, "x", "y")
    with pytest.raises(SealBroken):
        unseal(other, "child.name.1", seal(one, "child.name.1", "其其格"))


@pytest.mark.parametrize("at", [1, 14, -1])
def test_a_changed_byte_is_noticed(app, at: int) -> None:
    someone = uuid.uuid4()
    sealed = bytearray(seal(someone, "child.name.1", "其其格"))
    sealed[at] ^= 1
    with pytest.raises(SealBroken):
        unseal(someone, "child.name.1", bytes(sealed))


def test_equal_values_are_sealed_differently(app) -> None:
    someone = uuid.uuid4()
    assert seal(someone, "a", ID_NUMBER) != seal(someone, "a", ID_NUMBER)


def test_after_shredding_nothing_can_be_read(app) -> None:
    someone = uuid.uuid4()
    sealed = seal(someone, "a", ID_NUMBER)
    db.session.flush()
    shred(someone)
    db.session.expire_all()
    with pytest.raises(SealBroken):
        unseal(someone, "a", sealed)


def test_a_blind_index_finds_equal_values_in_its_column_only(app) -> None:
    assert blind_index("child.id", "15060320190901001x") == blind_index("child.id", " 15060320190901001X ")
    assert blind_index("child.id", ID_NUMBER) != blind_index("guardian.id", ID_NUMBER)
    assert len(blind_index("child.id", ID_NUMBER)) == 16


def test_without_the_key_a_blind_index_cannot_be_searched(app) -> None:
    """The negative control of a dictionary attack: plain digests of the number are not the index."""
    index = blind_index("child.id", ID_NUMBER)
    guesses = [hashlib.sha256(text.encode()).digest()[:16] for text in (ID_NUMBER, f"child.id{ID_NUMBER}")]
    assert index not in guesses
