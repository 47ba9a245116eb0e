"""Whether bytes are a JPEG and nothing besides: what the sandbox hands out is checked before it is kept."""

_START, _END = b"\xff\xd8", b"\xff\xd9"
_HEAD, _SCAN = 0xE0, 0xDA
_FRAMES = {0xC0, 0xC2}
_TABLES = {0xC4, 0xDB, 0xDD}


def is_plain_jpeg(data: bytes, width: int, height: int) -> bool:
    """Whether `data` is one JPEG of that size: JFIF head, tables, one frame, scan data, end, and no byte after it.

    No comment and no application segment (EXIF, GPS, profiles, thumbnails) is let through (promises P15).
    """
    if not data.startswith(_START) or data.find(_END) != len(data) - len(_END):
        return False
    at, framed = len(_START), False
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004  # every JPEG marker begins with this byte
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            return framed
        if marker in _FRAMES:
            size = (int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big"))
            framed = size == (width, height)
        elif marker not in _TABLES and not (marker == _HEAD and at == len(_START)):
            return False
        at += 2 + length
    return False
