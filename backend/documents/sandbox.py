"""The room in which hostile pictures are opened: `python -m backend.documents.sandbox`, started by picture_box.

This process holds no key, no address and no connection. It reads nothing of a picture itself: for each one it is
handed a socket and forks a child, which takes limits upon itself, decodes, makes a new picture, answers and ends.
"""

import io
import json
import os
import resource
import signal
import socket
import sys
import warnings
from typing import IO

import numpy as np
from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin
from pillow_heif import options as heif
from pillow_heif import register_heif_opener

from backend.documents.rules.legibility import LOOKED_AT_WIDTH, judge_picture

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000
QUALITY = 85
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
MEMORY = 640 * 1024 * 1024
CPU_SECONDS = 5
FORMATS = ("JPEG", "PNG", "HEIF")
ONE_PICTURE = b"1"
TAKEN = b"+"


def learn_formats() -> None:
    """Load what opens JPEG, PNG and HEIC, and let a bomb be an error; afterwards no file needs to be opened."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    heif.DECODE_THREADS = 1
    register_heif_opener(thumbnails=False)
    for plugin in (JpegImagePlugin, PngImagePlugin):
        if plugin is None:
            raise ImportError
    turned = Image.Exif()
    turned[ORIENTATION] = 6
    for mode in ("RGB", "L"):
        for kind in ("JPEG", "PNG", "HEIF"):
            sample = io.BytesIO()
            Image.new(mode, (1600, 1200), 200).save(sample, kind, exif=turned)
            remake(sample.getvalue())


class PictureRefused(Exception):
    """The bytes are no picture that we take; the argument is the code."""


def remake(data: bytes) -> tuple[dict[str, object], bytes]:
    """({reasons, figures, width, height}, a new JPEG of at most 2000 pixels without any metadata) of a picture.

    Raises PictureRefused, and whatever a decoder raises on hostile bytes.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS or min(width, height) < 1:
            raise PictureRefused("picture-too-large")
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        turned = _orientation(opened)
        small = _small_copy(opened)
    fresh = _on_fresh_ground(small, turned)
    if turned in {5, 6, 7, 8}:
        width, height = height, width
    verdict = judge_picture(_grey(fresh), width, height)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    told: dict[str, object] = {
        "reasons": verdict.reasons,
        "figures": verdict.figures,
        "width": fresh.width,
        "height": fresh.height,
    }
    return told, out.getvalue()


def _orientation(opened: Image.Image) -> int:
    """How the phone was held, 1 to 8; 1 where it is not said, or said in nonsense. HEIC is turned by its decoder."""
    if opened.format == "HEIF":
        return 1
    try:
        told = opened.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001  # metadata of strangers may say anything; the pixels still count
        return 1
    return told if told in range(1, 9) else 1


def _small_copy(opened: Image.Image) -> Image.Image:
    plain = opened if opened.mode in {"RGB", "L", "RGBA"} else opened.convert("RGBA" if _has_alpha(opened) else "RGB")
    if max(plain.size) > LONGEST_SIDE:
        scale = LONGEST_SIDE / max(plain.size)
        size = (max(1, round(plain.width * scale)), max(1, round(plain.height * scale)))
        return plain.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return plain


def _has_alpha(opened: Image.Image) -> bool:
    return opened.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in opened.info


def _on_fresh_ground(small: Image.Image, turned: int) -> Image.Image:
    """The pixels alone on a new white image, turned upright: comments and metadata stay behind with the old one."""
    if turned != 1:
        small = small.transpose(UPRIGHT[turned])
    fresh = Image.new("RGB", small.size, (255, 255, 255))
    fresh.paste(small, mask=small.getchannel("A") if small.mode == "RGBA" else None)
    return fresh


def _grey(fresh: Image.Image) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    height = max(3, round(fresh.height * LOOKED_AT_WIDTH / fresh.width))
    grey = fresh.convert("L").resize((LOOKED_AT_WIDTH, min(height, 4 * LOOKED_AT_WIDTH)), Image.Resampling.BOX)
    return np.asarray(grey)


def _limit_myself() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _look(line: socket.socket) -> None:
    """In the child: say that the picture is taken, then one picture in, one answer out."""
    line.sendall(TAKEN)
    _limit_myself()
    with line.makefile("rb") as incoming:
        data = incoming.read()
    try:
        told, clean = remake(data)
    except PictureRefused as refused:
        told, clean = {"refused": refused.args[0]}, b""
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        told, clean = {"refused": "picture-too-large"}, b""
    except Exception:  # noqa: BLE001  # whatever a decoder says about hostile bytes, they are no picture
        told, clean = {"refused": "picture-unreadable"}, b""
    line.sendall(json.dumps(told).encode() + b"\n" + clean)


def serve(control: socket.socket, errors: IO[str]) -> None:
    """Fork a child for every socket that comes over `control`, until it closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    learn_formats()
    while True:
        word, handed, _, _ = socket.recv_fds(control, 1, 1)
        if word != ONE_PICTURE or not handed:
            return
        line = socket.socket(fileno=handed[0])
        if os.fork() == 0:
            status = 1
            try:
                control.close()
                _look(line)
                status = 0
            except BaseException as fault:  # noqa: BLE001  # the child must never come back into this loop
                errors.write(f"a picture ended its child: {type(fault).__name__}\n")
            finally:
                os._exit(status)
        line.close()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.stderr)
