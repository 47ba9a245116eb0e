"""Photographs a second through the sandbox, beside plain Pillow decoding and encoding in the same process (the floor)."""

import io
import time
from collections.abc import Callable

from PIL import Image

from backend.documents.picture_box import PictureBox
from rehearsal.pictures import photograph

COUNT = 60
LINES = {"姓名": "演练", "编号": "1"}


def measure() -> str:
    """A table: pictures a second of 1600 × 1200, and the ratio to the floor."""
    picture = photograph("household", LINES, "good")
    box = PictureBox()
    try:
        box.look_at(picture)
        rows = [
            ("plain Pillow: decode and encode, nothing checked, nothing fenced off", _rate(lambda: _plain(picture))),
            ("ours: limited child, orientation, clean picture, verdict", _rate(lambda: box.look_at(picture))),
        ]
    finally:
        box.close()
    floor = rows[0][1]
    lines = [f"| {name} | {rate:.1f} | {rate / floor:.2f} |" for name, rate in rows]
    head = f"# {COUNT} photographs of 1600 × 1200, one at a time\n\n| way | a second | ratio to the floor |\n|---|---:|---:|\n"
    return head + "\n".join(lines) + "\n"


def _plain(picture: bytes) -> None:
    Image.open(io.BytesIO(picture)).convert("RGB").save(io.BytesIO(), "JPEG", quality=85)


def _rate(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(COUNT):
        work()
    return COUNT / (time.perf_counter() - began)
