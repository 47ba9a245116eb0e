"""WebSocket frames (RFC 6455), as small as push needs them: short texts in, texts out, ping, pong, close."""

import base64
import hashlib
import struct
from dataclasses import dataclass, field

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
LARGEST_MESSAGE = 1024
SHORT, MEDIUM = 126, 127
PROTOCOL_ERROR, UNSUPPORTED, TOO_LARGE = 1002, 1003, 1009


class Broken(Exception):
    """The peer breaks the protocol; `code` is the close code it is told."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def accept_key(key: str) -> str:
    """The answer to Sec-WebSocket-Key."""
    return base64.b64encode(hashlib.sha1(key.encode() + GUID, usedforsecurity=False).digest()).decode()


def frame(opcode: int, payload: bytes) -> bytes:
    """One whole frame from the server: never masked."""
    length = len(payload)
    if length < SHORT:
        return bytes((0x80 | opcode, length)) + payload
    if length < 1 << 16:
        return struct.pack(">BBH", 0x80 | opcode, SHORT, length) + payload
    return struct.pack(">BBQ", 0x80 | opcode, MEDIUM, length) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """The frame that ends a connection, with its code."""
    return frame(CLOSE, code.to_bytes(2, "big") + reason.encode()[:120])


@dataclass(slots=True)
class Incoming:
    """What came in and is not yet a message."""

    raw: bytearray = field(default_factory=bytearray)
    begun: bytearray | None = None

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The (opcode, payload) of every message and control frame that is whole now. Raises Broken."""
        self.raw += data
        found: list[tuple[int, bytes]] = []
        while (one := self._next()) is not None:
            fin, opcode, payload = one
            if opcode >= CLOSE:
                found.append((opcode, payload))
            elif (whole := self._join(fin=fin, opcode=opcode, payload=payload)) is not None:
                found.append((TEXT, whole))
        return found

    def _join(self, *, fin: bool, opcode: int, payload: bytes) -> bytes | None:
        if (opcode == CONTINUATION) is (self.begun is None):
            raise Broken(PROTOCOL_ERROR)
        whole = bytearray() if self.begun is None else self.begun
        whole += payload
        if len(whole) > LARGEST_MESSAGE:
            raise Broken(TOO_LARGE)
        self.begun = None if fin else whole
        return bytes(whole) if fin else None

    def _next(self) -> tuple[bool, int, bytes] | None:
        raw = self.raw
        if len(raw) < 2:  # noqa: PLR2004  # a frame's first two bytes say how long it is
            return None
        fin, opcode, length = bool(raw[0] & 0x80), raw[0] & 0x0F, raw[1] & 0x7F
        if raw[0] & 0x70 or not raw[1] & 0x80:
            raise Broken(PROTOCOL_ERROR)
        if opcode == BINARY:
            raise Broken(UNSUPPORTED)
        if opcode not in {CONTINUATION, TEXT, CLOSE, PING, PONG} or (opcode >= CLOSE and (not fin or length >= SHORT)):
            raise Broken(PROTOCOL_ERROR)
        if length == MEDIUM:
            raise Broken(TOO_LARGE)
        head = 4 if length == SHORT else 2
        if len(raw) < head + 4:
            return None
        if length == SHORT:
            length = int.from_bytes(raw[2:4], "big")
            if length > LARGEST_MESSAGE:
                raise Broken(TOO_LARGE)
        end = head + 4 + length
        if len(raw) < end:
            return None
        mask = raw[head : head + 4]
        payload = bytes(byte ^ mask[index & 3] for index, byte in enumerate(raw[head + 4 : end]))
        del raw[:end]
        return fin, opcode, payload
