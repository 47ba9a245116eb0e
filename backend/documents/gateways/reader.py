"""The reader of letters (extra `[ocr]`): a clean picture in, texts with their places out. Without the extra there is none."""

import importlib
import io
import math
import os
from functools import cache
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from flask import current_app
from PIL import Image

from backend.documents.rules.boxes import Box

LOOKED_AT_SIDE = 1600
PARAMS: dict[str, Any] = {
    "Global.log_level": "error",
    "Global.use_cls": False,
    "Global.max_side_len": LOOKED_AT_SIDE,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Reader(Protocol):
    """Reads the letters on a picture."""

    def read(self, jpeg: bytes) -> list[Box]:
        """Every text with its place."""


class RapidReader:
    """rapidocr on one thread; the models are inside its wheel, nothing is fetched."""

    def __init__(self) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        self._engine: Any = importlib.import_module("rapidocr").RapidOCR(params=PARAMS)

    def read(self, jpeg: bytes) -> list[Box]:
        """Every text with its place in pixels of the picture as it was looked at."""
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
            picture = opened.convert("RGB")
        picture.thumbnail((LOOKED_AT_SIDE, LOOKED_AT_SIDE))
        found = self._engine(np.asarray(picture)[:, :, ::-1])
        if found.boxes is None or found.txts is None or found.scores is None:
            return []
        return [
            _box(corners, text, score)
            for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]


def _box(corners: Any, text: str, score: float) -> Box:
    """`corners` are four (x, y), clockwise from the upper left of the text."""
    across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    slant = math.atan2(down[1] - down[0], across[1] - across[0])
    return Box(text, round(score * 100), min(across), min(down), max(across), max(down), slant)


def is_installed() -> bool:
    """Whether the extra `ocr` is there; nothing is loaded."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


@cache
def reader() -> Reader | None:
    """The reader of this process, its models loaded at first use; None where the extra is not installed."""
    return RapidReader() if is_installed() else None


def is_switched_on() -> bool:
    """Whether the app was assembled with a reader; nothing is loaded."""
    return current_app.extensions.get("reader") is not None


def present_reader() -> Reader | None:
    """The reader the app was assembled with; None where the extra is not installed or not switched on."""
    make = current_app.extensions.get("reader")
    return make() if make is not None else None
