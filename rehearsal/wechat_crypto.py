"""The WeChat platform's side of encrypted messages: AES-256-CBC, the signature, and the envelopes both ways.

After the platform's published description of the encrypted mode: base64(AES-CBC(16 random bytes + length + message +
app id)), the key also giving the vector, padding to blocks of 32; signature = sha1 of the sorted texts.
"""

import base64
import hashlib
import hmac
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
RANDOM_BYTES = 16
LENGTH_BYTES = 4


class BadEnvelope(Exception):
    """An answer in the encrypted mode that is not what the platform takes; the text says why."""


@dataclass(frozen=True)
class Envelopes:
    """Seals and opens messages of one official account. `aes_key` has 43 characters, as the platform hands it out."""

    app_id: str
    token: str
    aes_key: str

    @property
    def _key(self) -> bytes:
        return base64.b64decode(self.aes_key + "=")

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def encrypt(self, message: bytes) -> str:
        """The message, encrypted, in base64."""
        content = secrets.token_bytes(RANDOM_BYTES) + struct.pack(">I", len(message)) + message + self.app_id.encode()
        padding = BLOCK - len(content) % BLOCK
        content += bytes([padding]) * padding
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(content) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message of an encrypted text. Raises BadEnvelope where it is broken or made for another account."""
        try:
            decryptor = self._cipher().decryptor()
            content = decryptor.update(base64.b64decode(encrypted)) + decryptor.finalize()
        except ValueError as error:
            raise BadEnvelope(f"the encrypted text is broken: {error}") from error
        if not content or not 1 <= content[-1] <= BLOCK:
            raise BadEnvelope("the padding is wrong")
        content = content[: -content[-1]]
        start = RANDOM_BYTES + LENGTH_BYTES
        (length,) = struct.unpack(">I", content[RANDOM_BYTES:start].rjust(LENGTH_BYTES, b"\0"))
        if content[start + length :] != self.app_id.encode():
            raise BadEnvelope("the message is not meant for this account")
        return content[start : start + length]

    def signature(self, timestamp: str, nonce: str, encrypted: str = "") -> str:
        """The platform's signature over token, timestamp, nonce and, where there is one, the encrypted text."""
        parts = [self.token, timestamp, nonce] + ([encrypted] if encrypted else [])
        return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()

    def open_reply(self, body: bytes) -> ET.Element | None:
        """The passive reply in the body of an answer; None for "" and "success". Raises BadEnvelope for anything else."""
        if body.strip() in (b"", b"success"):
            return None
        told = parse_xml(body)
        encrypted, signature, timestamp, nonce = (
            (told.findtext(name) or "") for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
        )
        if not encrypted:
            raise BadEnvelope("the reply is not encrypted")
        wanted = self.signature(timestamp, nonce, encrypted)
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise BadEnvelope("the signature of the reply is wrong")
        return parse_xml(self.decrypt(encrypted))


def parse_xml(body: bytes) -> ET.Element:
    """The root element. Raises BadEnvelope where the body is no XML, or declares entities."""
    if b"<!" in body.replace(b"<![CDATA[", b""):
        raise BadEnvelope("declarations are not taken")
    try:
        return ET.fromstring(body)  # noqa: S314 - declarations, and so entities, were refused above
    except ET.ParseError as error:
        raise BadEnvelope(f"the body is no XML: {error}") from error


def xml(fields: Mapping[str, Any]) -> bytes:
    """The fields as the platform writes them: numbers bare, texts in CDATA, mappings as elements inside."""
    return f"<xml>{_inside(fields)}</xml>".encode()


def _inside(fields: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())


def _content(value: Any) -> str:
    if isinstance(value, Mapping):
        return _inside(value)
    return str(value) if isinstance(value, int) else _cdata(str(value))


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
