"""A hostile file can only be refused or become a clean picture (promises P15)."""

import io
import os
import resource
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from backend.documents.picture_box import Look, PictureBox
from backend.documents.rules.plain_jpeg import is_plain_jpeg
from backend.documents.sandbox import LONGEST_SIDE, MEMORY, remake
from tests.enrolment_builders import jpeg, page

GOOD = jpeg(page())


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def png_bomb(width: int, height: int, colour: int = 2, depth: int = 8) -> bytes:
    """A PNG that says it has so many pixels, all one colour, packed to almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    channels = {0: 1, 2: 3, 6: 4}[colour]
    row = b"\0" * (1 + (width * channels * depth + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(min(height, 2000))) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
REFUSED = {
    "nothing at all": b"",
    "one byte": b"\xff",
    "zeros": b"\0" * 10_000,
    "text": "户口簿".encode() * 100,
    "a program": Path("/bin/true").read_bytes(),
    "an SVG with a script": SVG,
    "an XML bomb": ENTITIES,
    "a PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</JS(app.alert(1))>>>>endobj",
    "HTML": b"<html><script>fetch('/api/me')</script>",
    "a GIF": encoded(Image.new("P", (800, 800)), "GIF"),
    "a TIFF": encoded(Image.new("RGB", (800, 800)), "TIFF"),
    "a WebP": encoded(Image.new("RGB", (800, 800)), "WEBP"),
    "a BMP": encoded(Image.new("RGB", (800, 800)), "BMP"),
    "an ICO": encoded(Image.new("RGB", (64, 64)), "ICO"),
    "half a JPEG": GOOD[: len(GOOD) // 2],
    "the head of a JPEG": GOOD[:600],
    "half a PNG": encoded(page(), "PNG")[:5000],
    "half a HEIC": None,
    "169 million pixels": png_bomb(13000, 13000),
    "400 million pixels of one bit": png_bomb(20000, 20000, 0, 1),
    "3.6 thousand million pixels": png_bomb(60000, 60000),
    "a PNG of no pixels": png_bomb(0, 0),
}


@pytest.fixture(scope="module")
def box() -> Iterator[PictureBox]:
    made = PictureBox()
    yield made
    made.close()


@pytest.fixture(scope="module")
def heic() -> bytes:
    register_heif_opener()
    return encoded(page(), "HEIF")


def look(box: PictureBox, data: bytes) -> Look:
    began = time.monotonic()
    found = box.look_at(data)
    assert time.monotonic() - began < 90, "an answer in the end, whatever the file, on however busy a machine"
    return found


def assert_clean(found: Look) -> None:
    assert found.refused is None
    assert is_plain_jpeg(found.clean, found.width, found.height)
    with Image.open(io.BytesIO(found.clean)) as opened:
        assert opened.format == "JPEG"
        assert max(opened.size) <= LONGEST_SIDE
        assert not opened.getexif()
        assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_of_ours_is_refused(box, heic, name: str) -> None:
    data = REFUSED[name] if REFUSED[name] is not None else heic[: len(heic) // 2]
    found = look(box, data)
    assert found.refused in {"picture-unreadable", "picture-too-large"}
    assert found.clean == b""


HIDDEN = b"<script>alert('hidden')</script>"
POLYGLOTS = {
    "with HTML behind its end": GOOD + HIDDEN,
    "with a ZIP behind its end": GOOD + b"PK\x03\x04" + HIDDEN,
    "with a comment": jpeg(page(), comment=HIDDEN),
    "with EXIF and a place": jpeg(page(), exif=b"Exif\0\0II*\0\x08\0\0\0\0\0" + HIDDEN),
    "with a colour profile": jpeg(page(), icc_profile=HIDDEN * 30),
    "progressive": jpeg(page(), progressive=True),
    "in CMYK": encoded(page().convert("CMYK"), "JPEG"),
    "in grey": encoded(page().convert("L"), "JPEG"),
    "as PNG with text": encoded(page(), "PNG", pnginfo=None) + HIDDEN,
    "as PNG with a palette": encoded(page().convert("P"), "PNG"),
    "as PNG, half transparent": encoded(page().convert("RGBA"), "PNG"),
    "as PNG in black and white": encoded(page().convert("1"), "PNG"),
    "of thirty million pixels": encoded(Image.new("RGB", (6000, 5000), (180, 180, 180)), "PNG"),
    "as PNG with fewer rows than it promises": png_bomb(4000, 9000),
    "very long": encoded(Image.new("RGB", (20000, 40), (180, 180, 180)), "PNG"),
    "very high": encoded(Image.new("RGB", (3, 20000), (180, 180, 180)), "PNG"),
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_a_picture_of_whatever_kind_becomes_a_clean_one(box, name: str) -> None:
    found = look(box, POLYGLOTS[name])
    assert_clean(found)
    assert b"script" not in found.clean


def test_a_heic_from_a_phone_becomes_a_clean_jpeg(box, heic) -> None:
    found = look(box, heic)
    assert_clean(found)
    assert found.reasons == ()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_taken_with_the_phone_turned_stands_upright(box, orientation: int) -> None:
    upright = Image.new("RGB", (1600, 1200), (200, 200, 200))
    upright.paste((200, 30, 30), (0, 0, 400, 300))
    turns = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright if turns[orientation] is None else upright.transpose(turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = look(box, jpeg(stored, exif=exif))
    assert (found.width, found.height) == (1600, 1200)
    with Image.open(io.BytesIO(found.clean)) as opened:
        red, _, blue = opened.getpixel((100, 100))
        assert red > blue + 100


def test_bytes_changed_at_random_are_refused_or_become_clean(box) -> None:
    chance = np.random.default_rng(7)
    small = jpeg(page(1000, 700))
    for _ in range(40):
        data = bytearray(small)
        for place in chance.integers(0, len(data), 30):
            data[place] = int(chance.integers(0, 256))
        found = look(box, bytes(data))
        assert found.refused in {"picture-unreadable", "picture-too-large"} or is_plain_jpeg(
            found.clean, found.width, found.height
        )


def test_the_sandbox_is_started_again_after_it_died(box) -> None:
    assert look(box, GOOD).refused is None
    os.kill(box._process.pid, 9)
    box._process.wait()
    assert look(box, GOOD).refused is None


def test_the_sandbox_knows_none_of_our_secrets(box) -> None:
    look(box, GOOD)
    told = Path(f"/proc/{box._process.pid}/environ").read_bytes()
    names = {part.split(b"=")[0] for part in told.split(b"\0") if part}
    assert names <= {b"OPENBLAS_NUM_THREADS", b"OMP_NUM_THREADS", b"PATH", b"LC_CTYPE"}


def test_a_picture_that_needs_too_much_memory_is_refused_and_the_next_one_is_not(box) -> None:
    """The child's memory is bounded: RSS under 300 MB for what is let in, refused beyond."""
    found = look(box, encoded(Image.new("RGBA", (6300, 6300)), "PNG"))
    assert found.refused == "picture-too-large"
    assert look(box, GOOD).refused is None


def test_without_the_limits_the_same_file_takes_what_it_wants() -> None:
    """Negative control: the limits are what refuses; the decoder itself would go on."""
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != MEMORY
    told, _ = remake(encoded(Image.new("RGBA", (6300, 6300)), "PNG"))
    assert told["width"] == LONGEST_SIDE


def test_ten_pictures_a_second_go_through_one_core(box) -> None:
    """The season's pictures (three of 1600 × 1200 a family) must not wait for the sandbox; measured alone, 23 a second."""
    look(box, GOOD)
    began = time.process_time(), time.monotonic()
    for _ in range(20):
        assert look(box, GOOD).refused is None
    assert (time.monotonic() - began[1]) / 20 < 0.5
