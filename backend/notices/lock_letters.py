"""Time-locked letters (wishes 13): cipher texts lie with the families before the hour; one short key opens them all at it.

The key's hash is public from the beginning, so that nobody can change what was locked; the key itself leaves the service
at `opens_at` and not before, and for letters about a run not before the switch that publishes the run. AES-256-GCM under
SHA-256(label + key), bound to the letter's id; blanks make all letters of a batch look alike from outside.
"""

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import or_, select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal_for_service, unseal_for_service
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.notices.rows import LetterKey, LockedLetter
from backend.publication.rows import Run

LABEL = b"sunroll letter 1\n"
SAME_LENGTH = 1024
"""Bytes that a letter's text is filled up to, or a multiple of it: its length tells nothing of the result."""
KEY_BYTES, NONCE_BYTES = 16, 12


class LettersLocked(Refusal):
    """The hour has not come; `opens_at` says when it does."""

    code = "letters-locked"


@dataclass(frozen=True)
class Written:
    """One letter: to whom, about what (unique for the account), and what it says."""

    account_id: uuid.UUID
    reference: str
    text: str


def lock_letters(
    scope: str, letters: Iterable[Written], opens_at: datetime, run_id: uuid.UUID | None = None
) -> LetterKey:
    """The key's row of this scope, made at the first call; each letter is locked once for its account and reference."""
    key = db.session.execute(select(LetterKey).where(LetterKey.scope == scope).with_for_update()).scalar_one_or_none()
    key = key or _new_key(scope, opens_at, run_id)
    lying = select(LockedLetter.account_id, LockedLetter.reference).where(LockedLetter.key_id == key.id)
    held = {(row.account_id, row.reference) for row in db.session.execute(lying)}
    cipher = AESGCM(derived(_opened(key)))
    for letter in letters:
        if (letter.account_id, letter.reference) in held:
            continue
        letter_id, nonce = uuid.uuid4(), os.urandom(NONCE_BYTES)
        sealed = nonce + cipher.encrypt(nonce, _filled(letter.text), letter_id.bytes)
        db.session.add(
            LockedLetter(
                id=letter_id,
                key_id=key.id,
                account_id=letter.account_id,
                reference=letter.reference,
                cipher=sealed,
                made_at=clock.now(),
            )
        )
    db.session.flush()
    return key


def _filled(text: str) -> bytes:
    told = text.encode()
    return told + b" " * (-len(told) % SAME_LENGTH)


def _new_key(scope: str, opens_at: datetime, run_id: uuid.UUID | None) -> LetterKey:
    material = os.urandom(KEY_BYTES)
    key = LetterKey(
        id=uuid.uuid4(),
        scope=scope,
        run_id=run_id,
        key_sha256=hashlib.sha256(material).hexdigest(),
        opens_at=opens_at,
        made_at=clock.now(),
    )
    key.key_sealed = seal_for_service(f"letter_key.key.{key.id}", material)
    db.session.add(key)
    db.session.flush()
    record("letters.locked", "letter_key", key.id, scope=scope, key_sha256=key.key_sha256)
    return key


def _opened(key: LetterKey) -> bytes:
    return unseal_for_service(f"letter_key.key.{key.id}", key.key_sealed)


def derived(material: bytes) -> bytes:
    """The AES key that the published key stands for."""
    return hashlib.sha256(LABEL + material).digest()


def published_key(scope: str) -> str:
    """The key in hex, once the hour has come. Raises NotFound, LettersLocked."""
    key = db.session.execute(select(LetterKey).where(LetterKey.scope == scope)).scalar_one_or_none()
    if key is None:
        raise NotFound
    if clock.now() < key.opens_at or not _is_switched(key):
        raise LettersLocked(opens_at=key.opens_at.isoformat())
    return _opened(key).hex()


def _is_switched(key: LetterKey) -> bool:
    """Whether the run that the letters tell of was published; letters of nothing but their hour always are."""
    if key.run_id is None:
        return True
    return db.session.execute(select(Run.state).where(Run.id == key.run_id)).scalar_one() == "published"


def opens_at_of(reference: str) -> datetime | None:
    """When the letter about `reference` (a receipt) opens, None where none waits."""
    found = db.session.execute(
        select(LetterKey.opens_at)
        .join(LockedLetter, LockedLetter.key_id == LetterKey.id)
        .join(Run, Run.id == LetterKey.run_id)
        .where(LockedLetter.reference == reference, Run.state == "approved")
        .limit(1)
    )
    return found.scalar_one_or_none()


def letters_of(account_id: uuid.UUID) -> list[tuple[LockedLetter, LetterKey]]:
    """The account's letters with the rows of their keys, the newest first."""
    found = db.session.execute(
        select(LockedLetter, LetterKey)
        .join(LetterKey, LetterKey.id == LockedLetter.key_id)
        .outerjoin(Run, Run.id == LetterKey.run_id)
        .where(LockedLetter.account_id == account_id, or_(Run.state.is_(None), Run.state != "withdrawn"))
        .order_by(LockedLetter.made_at.desc(), LockedLetter.id)
    )
    return [(letter, key) for letter, key in found]


def read_letter(letter_id: uuid.UUID, cipher: bytes, key_hex: str) -> str:
    """What a letter says under the published key, as a family's phone computes it. Raises InvalidTag for a wrong key."""
    plain = AESGCM(derived(bytes.fromhex(key_hex))).decrypt(cipher[:NONCE_BYTES], cipher[NONCE_BYTES:], letter_id.bytes)
    return plain.decode().rstrip(" ")
