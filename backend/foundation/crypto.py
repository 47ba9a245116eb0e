"""Encryption envelope and blind index (promises D10): a data key per person, wrapped by a key that is not in the database.

A sealed value is bound to its place (table, column, row), so that swapping two ciphertexts is refused. Deleting a
person's data key makes everything sealed for that person unreadable.
"""

import hashlib
import hmac
import os
import uuid
from datetime import datetime
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation import clock
from backend.foundation.database import Rows, db
from backend.settings import Keys

NONCE = 12
KEY = 32
INDEX = 16
VERSION = b"\x01"
HELD_ROWS = "data_keys_held"
MOST_HELD = 64


class CryptoProvider(Protocol):
    """What a 密码机 or key service must offer; the software provider below stands in where there is none."""

    def encrypt(self, key: bytes, plain: bytes, place: bytes) -> bytes:
        """`plain` sealed under `key`, bound to `place`."""

    def decrypt(self, key: bytes, sealed: bytes, place: bytes) -> bytes:
        """The plain bytes. Raises SealBroken where key, place or bytes are not those of the sealing."""

    def mac(self, key: bytes, data: bytes) -> bytes:
        """A keyed digest of `data`, 32 bytes."""


class SealBroken(Exception):
    """A sealed value was changed, moved to another place, or its key is gone."""


class SoftwareCrypto:
    """AES-256-GCM and HMAC-SHA256 from the `cryptography` package."""

    def encrypt(self, key: bytes, plain: bytes, place: bytes) -> bytes:
        """Version byte, nonce, ciphertext with tag."""
        nonce = os.urandom(NONCE)
        return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place)

    def decrypt(self, key: bytes, sealed: bytes, place: bytes) -> bytes:
        """The plain bytes, or SealBroken."""
        try:
            return AESGCM(key).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], place)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(place.decode(errors="replace")) from error

    def mac(self, key: bytes, data: bytes) -> bytes:
        """HMAC-SHA256."""
        return hmac.new(key, data, hashlib.sha256).digest()


class DataKey(Rows):
    """One person's (or one secret's) data key, wrapped by the key-encryption key."""

    __tablename__ = "data_key"

    subject: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    made_at: Mapped[datetime]


def provider() -> CryptoProvider:
    """The provider the app was assembled with."""
    crypto: CryptoProvider = current_app.extensions["crypto"]
    return crypto


def _keys() -> Keys:
    keys: Keys = current_app.extensions["keys"]
    return keys


def _wrap_place(subject: uuid.UUID) -> bytes:
    return f"data_key.wrapped.{subject}".encode()


def _row_of(subject: uuid.UUID) -> DataKey | None:
    """The subject's row, asked for once a transaction: the session forgets what nobody holds, so the last ones are held.

    Rows expire with their transaction; one that was shredded meanwhile is not found again.
    """
    held: dict[uuid.UUID, DataKey] = db.session.info.setdefault(HELD_ROWS, {})
    row = db.session.get(DataKey, subject)
    if row is not None:
        held[subject] = row
        if len(held) > MOST_HELD:
            del held[next(iter(held))]
    return row


def _data_key(subject: uuid.UUID) -> bytes:
    row = _row_of(subject)
    if row is None:
        key = os.urandom(KEY)
        wrapped = provider().encrypt(_keys().encryption, key, _wrap_place(subject))
        db.session.add(DataKey(subject=subject, wrapped=wrapped, made_at=clock.now()))
        db.session.flush()
        return key
    return provider().decrypt(_keys().encryption, row.wrapped, _wrap_place(subject))


def seal(subject: uuid.UUID, place: str, plain: str | bytes) -> bytes:
    """`plain` sealed under the subject's data key; `place` is `table.column.row-id`."""
    data = plain.encode() if isinstance(plain, str) else plain
    return provider().encrypt(_data_key(subject), data, place.encode())


def unseal(subject: uuid.UUID, place: str, sealed: bytes) -> str:
    """The text sealed at `place`. Raises SealBroken."""
    return unseal_bytes(subject, place, sealed).decode()


def unseal_bytes(subject: uuid.UUID, place: str, sealed: bytes) -> bytes:
    """The bytes sealed at `place`. Raises SealBroken, also once the subject's key was shredded."""
    if _row_of(subject) is None:
        raise SealBroken(place)
    return provider().decrypt(_data_key(subject), sealed, place.encode())


def shred(subject: uuid.UUID) -> None:
    """Delete the subject's data key: nothing sealed for it can be read again."""
    db.session.execute(delete(DataKey).where(DataKey.subject == subject))


def blind_index(column: str, value: str) -> bytes:
    """128 bits that find equal values without showing them; a key of its own for every column."""
    column_key = provider().mac(_keys().blind_index, column.encode())
    return provider().mac(column_key, value.strip().upper().encode())[:INDEX]


def seal_for_service(place: str, plain: bytes) -> bytes:
    """Bytes that belong to no one person (kept answers), sealed under the service's own key."""
    return provider().encrypt(_keys().encryption, plain, place.encode())


def unseal_for_service(place: str, sealed: bytes) -> bytes:
    """The bytes that were sealed for the service at `place`. Raises SealBroken."""
    return provider().decrypt(_keys().encryption, sealed, place.encode())
