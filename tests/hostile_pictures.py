"""Three hundred files that are no honest photographs, made from a seed: twenty and more of each kind that P15 names."""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, PngImagePlugin
from pillow_heif import register_heif_opener

SEED = 20260520
OF_EACH = 24
SMALL = (320, 240)


@dataclass(frozen=True)
class Hostile:
    """One file: its kind, its number in the kind, its bytes, the name it comes under."""

    kind: str
    number: int
    data: bytes
    name: str = "photo.jpg"


def corpus(every: int = 1) -> Iterator[Hostile]:
    """All files, kind by kind, always the same; or every so-manieth of each kind."""
    register_heif_opener()
    for kind, make in KINDS.items():
        for number in range(0, OF_EACH, every):
            chance = random.Random(f"{SEED}/{kind}/{number}")
            made = make(chance, number)
            data, name = made if isinstance(made, tuple) else (made, "photo.jpg")
            yield Hostile(kind, number, data, name)


def page(chance: random.Random, size: tuple[int, int] = SMALL) -> Image.Image:
    """A small picture with something on it."""
    picture = Image.effect_noise(size, 60).convert("RGB")
    picture.paste((chance.randrange(256), 200, 180), (20, 20, size[0] // 2, size[1] // 2))
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture in a format."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(chance: random.Random, number: int) -> bytes:
    """A few kilobytes that say they are gigapixels: PNG heads, and honest but huge planes."""
    side = chance.choice((8000, 13_000, 20_000, 60_000)) + number
    head = struct.pack(">IIBBBBB", side, side, chance.choice((1, 8)), chance.choice((0, 2)), 0, 0, 0)
    rows = zlib.compress(bytes(chance.choice((10_000, 2_000_000))), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) * chance.randint(1, 3) + chunk(b"IEND", b"")
    )


def text_bomb(chance: random.Random, number: int) -> bytes:
    """A PNG whose comments unpack to many megabytes."""
    info = PngImagePlugin.PngInfo()
    for line in range(chance.randint(1, 4)):
        info.add_text(f"Comment{line}", "A" * (3_000_000 + number), zip=True)
    return encoded(page(chance), "PNG", pnginfo=info)


def polyglot(chance: random.Random, number: int) -> tuple[bytes, str]:
    """A JPEG that is also a web page, an archive, a script or a PDF."""
    tail = (
        b"<html><script>alert(1)</script></html>",
        b"PK\x03\x04" + bytes(chance.randbytes(60)) + b"PK\x05\x06" + bytes(18),
        b"#!/bin/sh\nrm -rf /\n",
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
        b"<?php system($_GET['c']); ?>",
        b"GIF89a/*" + chance.randbytes(40) + b"*/=1;alert(1)",
    )[number % 6]
    data = encoded(page(chance))
    if number % 2:
        inside = tail[:60_000]
        return data[:2] + b"\xff\xfe" + struct.pack(">H", len(inside) + 2) + inside + data[2:], "photo.jpg.html"
    return data + tail, "photo.jpg"


def with_metadata(chance: random.Random, number: int) -> bytes:
    """A good picture that tells where it was taken, by whom, with what thumbnail."""
    exif = Image.Exif()
    exif[0x010F] = f"Canary maker {number}"
    exif[0x9286] = "canary comment"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0 + number, 36.0, 5.0)
    exif[0x0112] = chance.randint(0, 12)
    kind = ("JPEG", "PNG", "HEIF")[number % 3]
    extra = {"comment": b"canary"} if kind == "JPEG" else {}
    return encoded(page(chance), kind, exif=exif, **extra)


def vector(chance: random.Random, number: int) -> tuple[bytes, str]:
    """SVG and its kin: scripts, entities, files from outside, endless uses."""
    inside = (
        "<script>alert(1)</script>",
        '<image href="file:///etc/passwd"/>',
        '<image href="http://127.0.0.1:9/x"/>',
        "<foreignObject><body onload='x()'/></foreignObject>",
        '<use href="#a"/>' * 400,
    )[number % 5]
    entities = "".join(f'<!ENTITY e{n + 1} "&e{n};&e{n};&e{n};&e{n};">' for n in range(chance.randint(3, 12)))
    head = f'<!DOCTYPE svg [<!ENTITY e0 "ha">{entities}]>' if number % 2 else ""
    svg = f'<?xml version="1.0"?>{head}<svg xmlns="http://www.w3.org/2000/svg" id="a">{inside}</svg>'.encode()
    return (zlib.compress(svg) if number % 7 == 6 else svg), f"photo{number}.svg"


def heic_fuzzed(chance: random.Random, number: int) -> tuple[bytes, str]:
    """HEIC with bytes changed, boxes lengthened, the end cut."""
    data = bytearray(encoded(page(chance, (192 + number, 144)), "HEIF", quality=50))
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(8, len(data))] = chance.randrange(256)
    if number % 3 == 0:
        at = data.find(b"meta")
        data[at - 4 : at] = struct.pack(">I", chance.randrange(2**32))
    return bytes(data[: chance.randrange(40, len(data))] if number % 4 == 1 else data), "photo.heic"


def jpeg_fuzzed(chance: random.Random, number: int) -> bytes:
    """JPEG with bytes changed everywhere, its sizes and tables among them."""
    data = bytearray(encoded(page(chance), progressive=bool(number % 2)))
    for _ in range(chance.randint(1, 60)):
        data[chance.randrange(2, min(len(data), 700) if number % 3 else len(data))] = chance.randrange(256)
    return bytes(data)


def png_fuzzed(chance: random.Random, number: int) -> bytes:
    """PNG with broken sums, strange depths, palettes that are not there, endless interlacing."""
    head = struct.pack(
        ">IIBBBBB", chance.choice((0, 1, 64, 70_000)), chance.choice((1, 64, 2**31 - 1)), chance.choice((1, 2, 8, 16, 3)),
        chance.choice((0, 2, 3, 4, 6, 5)), chance.choice((0, 1)), 0, chance.choice((0, 1, 2)),
    )  # fmt: skip
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(chance.randbytes(3000 + number)))
    return data + chunk(b"IEND", b"")


def strange_name(chance: random.Random, number: int) -> tuple[bytes, str]:
    """A good picture under a name that climbs folders, turns around, ends early or is a device."""
    names = ("../../etc/cron.d/x", "..\\..\\x.exe", "\u202egpj.exe", "photo.jpg\x00.php", "CON", "/dev/null", "a" * 5000,
             ".htaccess", "%2e%2e%2fx", "photo.jpg;rm -rf", "\u0000", "照片\r\nSet-Cookie: x=1", "~root", "..", "|id|")  # fmt: skip
    return encoded(page(chance)), names[number % len(names)] + ("" if number < len(names) else f"-{number}")


def empty_or_tiny(chance: random.Random, number: int) -> bytes:
    """Nothing, next to nothing, or only the first letters of a format."""
    heads = (
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"\x00\x00\x00\x18ftypheic",
        b"GIF89a",
        b"BM",
        b"\x00",
    )
    return chance.choice(heads) + bytes(chance.randrange(0, 6)) if number else b"\x00"


def truncated(chance: random.Random, number: int) -> bytes:
    """A good picture whose end is missing."""
    data = encoded(page(chance), ("JPEG", "PNG", "HEIF")[number % 3])
    return data[: chance.randrange(20, len(data) - 1)]


def other_format(chance: random.Random, number: int) -> tuple[bytes, str]:
    """Pictures and papers of formats that are not taken: GIF, TIFF, WebP, BMP, ICO, PDF, EPS, moving ones too."""
    kinds = ("GIF", "TIFF", "WEBP", "BMP", "ICO", "PDF", "EPS", "PPM")
    kind = kinds[number % len(kinds)]
    if number >= 2 * len(kinds):
        frames = [page(chance, (64, 64)) for _ in range(6)]
        out = io.BytesIO()
        frames[0].save(out, "WEBP" if number % 2 else "GIF", save_all=True, append_images=frames[1:])
        return out.getvalue(), "moving.jpg"
    return encoded(page(chance), kind), f"photo.{kind.lower()}"


def noise(chance: random.Random, number: int) -> bytes:
    """Bytes of no format, some with the mark of one."""
    return (b"", b"\xff\xd8\xff\xdb", b"\x89PNG\r\n\x1a\n")[number % 3] + chance.randbytes(chance.randint(10, 60_000))


def nested(chance: random.Random, number: int) -> bytes:
    """A picture full of pictures: thumbnails in thumbnails, thousands of empty segments, endless restarts."""
    data = encoded(page(chance))
    piece = (b"\xff\xe1\x00\x02", b"\xff\xfe\x00\x02", b"\xff\xdd\x00\x04\x00\x01", b"\xff\xd0")[number % 4]
    return data[:2] + piece * chance.randint(1000, 60_000) + data[2:]


Made = bytes | tuple[bytes, str]
KINDS: dict[str, Callable[[random.Random, int], Made]] = {
    "bomb": bomb,
    "text-bomb": text_bomb,
    "polyglot": polyglot,
    "metadata": with_metadata,
    "vector": vector,
    "heic-fuzzed": heic_fuzzed,
    "jpeg-fuzzed": jpeg_fuzzed,
    "png-fuzzed": png_fuzzed,
    "strange-name": strange_name,
    "empty-or-tiny": empty_or_tiny,
    "truncated": truncated,
    "other-format": other_format,
    "noise": noise,
    "nested": nested,
}
"""Kind → how one file of it is made."""
