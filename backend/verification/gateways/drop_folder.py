"""The folder where batch files are dropped and picked up: sealed for one department under their own name, whole or not there.

`{drop}/{department}/out` holds our questions, `{drop}/{department}/in` the department's answers. A file is the letters
SRB1, a nonce of 12 bytes and AES-256-GCM over the table, with the file's name bound in; the key comes from the
exchange's key by HKDF for each department. Nothing lies there in clear (promises P11).
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

MARK = b"SRB1"
NONCE, KEY = 12, 32
LARGEST = 64 * 1024 * 1024
ANSWERS = (".csv", ".xlsx")


class FileNotOurs(Exception):
    """The file is not sealed for this department under this name, or too large: nothing in it is believed."""


class DropFolder:
    """The drop folder of all departments."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self._key = key.encode()

    def put(self, department: str, name: str, table: bytes) -> None:
        """Drop our file durably; a second one of the name replaces it whole."""
        path = self.folder / department / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{secrets.token_hex(8)}.part")
        with unfinished.open("wb") as out:
            out.write(sealed(self._key, department, name, table))
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(path)

    def answers(self, department: str) -> list[str]:
        """The names of the answers that wait, oldest first by name."""
        found = (self.folder / department / "in").glob("*")
        return sorted(path.name for path in found if path.suffix in ANSWERS)

    def take(self, department: str, name: str) -> bytes:
        """The table in an answer. Raises FileNotOurs."""
        path = self.folder / department / "in" / Path(name).name
        if path.stat().st_size > LARGEST:
            raise FileNotOurs("the file is too large")
        return opened(self._key, department, name, path.read_bytes())

    def remove(self, department: str, answer: str, question: str | None) -> None:
        """Take away an answer that was read, with the question that it answered."""
        (self.folder / department / "in" / Path(answer).name).unlink(missing_ok=True)
        if question is not None:
            (self.folder / department / "out" / Path(question).name).unlink(missing_ok=True)


def sealed(key: bytes, department: str, name: str, table: bytes) -> bytes:
    """The bytes of a file."""
    nonce = secrets.token_bytes(NONCE)
    return MARK + nonce + AESGCM(_key_of(key, department)).encrypt(nonce, table, name.encode())


def opened(key: bytes, department: str, name: str, data: bytes) -> bytes:
    """The table in a file. Raises FileNotOurs."""
    head = len(MARK) + NONCE
    if not data.startswith(MARK) or len(data) <= head:
        raise FileNotOurs("the file is not sealed")
    try:
        return AESGCM(_key_of(key, department)).decrypt(data[len(MARK) : head], data[head:], name.encode())
    except InvalidTag as broken:
        raise FileNotOurs("the file is sealed for somebody else, under another name, or was changed") from broken


def _key_of(key: bytes, department: str) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=f"batch files/{department}".encode()).derive(key)


def drop_folder() -> DropFolder:
    """The drop folder the app was assembled with."""
    found: DropFolder = current_app.extensions["drop_folder"]
    return found
