"""Whether a photographed paper can be read: a verdict from grey values, with reasons that a family can act on.

All figures are whole numbers. A verdict never decides about a family: it asks for another photograph, twice at most.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

LOOKED_AT_WIDTH = 800
"""Pixels of width at which grey values are judged; thresholds below hold at this width only."""

SHORTEST_SIDE = 600
"""A paper photographed with fewer pixels on its shorter side has letters of less than ten."""

SHARP_FROM = 100
"""Variance of the Laplacian: a clean page has more than 370, one blurred by 3 pixels about 5 (measured)."""

PAPER_IN_LIGHT_FROM = 90
CONTRAST_FROM = 35
BURNT = 250
TILE = 20
BURNT_SHARE_OF_TILE = 0.9
GLARE_FROM_PERMILLE = 25
SCAN_BRIGHTNESS = 248
EDGE_STRIP = 0.012
STROKE = 60
CUT_SHARE = 0.85
STROKES_THAT_TELL = 0.02


@dataclass(frozen=True)
class Verdict:
    """`reasons` are codes, worst first, none for a good picture; `figures` what they were judged by."""

    reasons: tuple[str, ...]
    figures: dict[str, int]


def judge_picture(grey: Grey, width: int, height: int) -> Verdict:
    """The verdict on a picture of `width` × `height` pixels whose grey values, LOOKED_AT_WIDTH wide, are `grey`.

    Codes: picture-too-small, picture-dark, picture-blurred, picture-glare, picture-cut (B05; wishes 10).
    """
    counts = np.bincount(grey.ravel(), minlength=256)
    figures = {
        "width": width,
        "height": height,
        "sharpness": sharpness(grey),
        "brightness": quantile(counts, 75),
        "contrast": quantile(counts, 98) - quantile(counts, 2),
        "glare_permille": glare_permille(grey),
        "cut_percent": cut_percent(grey),
    }
    reasons = []
    if min(width, height) < SHORTEST_SIDE:
        reasons.append("picture-too-small")
    if figures["brightness"] < PAPER_IN_LIGHT_FROM or figures["contrast"] < CONTRAST_FROM:
        reasons.append("picture-dark")
    elif figures["sharpness"] < SHARP_FROM:
        reasons.append("picture-blurred")
    if figures["glare_permille"] >= GLARE_FROM_PERMILLE:
        reasons.append("picture-glare")
    if figures["cut_percent"] >= CUT_SHARE * 100:
        reasons.append("picture-cut")
    return Verdict(tuple(reasons), figures)


def quantile(counts: NDArray[Any], percent: int) -> int:
    """The lowest grey value that `percent` of all pixels do not exceed; `counts` are the pixels of each value."""
    reached = np.cumsum(counts) * 100
    return int(np.searchsorted(reached, percent * int(counts.sum())))


def sharpness(grey: Grey) -> int:
    """The variance of the Laplacian (4 neighbours) of the grey values, rounded down."""
    values: NDArray[Any] = grey.astype(np.int16)
    inner = values[1:-1, 1:-1]
    laplacian = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:] - 4 * inner
    return int(laplacian.astype(np.float32).var())


def glare_permille(grey: Grey) -> int:
    """How much of the picture is burnt out in patches, in thousandths.

    A scan or screenshot on pure white is no glare: where most of the page is that bright, nothing is counted.
    """
    if quantile(np.bincount(grey.ravel(), minlength=256), 60) >= SCAN_BRIGHTNESS:
        return 0
    rows, columns = grey.shape[0] // TILE, grey.shape[1] // TILE
    if not rows or not columns:
        return 0
    tiles = (grey[: rows * TILE, : columns * TILE] >= BURNT).reshape(rows, TILE, columns, TILE).mean(axis=(1, 3))
    return int(1000 * (tiles >= BURNT_SHARE_OF_TILE).mean())


def cut_percent(grey: Grey) -> int:
    """How densely strokes run out of the picture on its worst side, in per cent of their density inside.

    Letters that touch the border are cut; a page that ends inside, or fills the picture with its margin, has none there.
    """
    values: NDArray[Any] = grey.astype(np.int16)
    strokes = np.abs(values[:, 1:] - values[:, :-1]) > STROKE
    inside = float(strokes.mean())
    if inside < STROKES_THAT_TELL:
        return 0
    deep = max(2, int(EDGE_STRIP * max(strokes.shape)))
    sides = (strokes[:deep], strokes[-deep:], strokes[:, :deep], strokes[:, -deep:])
    return int(100 * max(float(side.mean()) for side in sides) / inside)
