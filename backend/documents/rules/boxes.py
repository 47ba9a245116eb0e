"""Texts with their places on a page: straightened, put into rows, and found beside or below a label.

A reader gives boxes, not sentences. Which text belongs to which label is told by where it stands, never by the order
in which it was read: joined text mixes the columns of a table.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

WIDE = 3.0
"""A box so many times as wide as high tells the slant of its line."""
SAME_ROW = 0.55


@dataclass(frozen=True)
class Box:
    """One text: `left`, `top`, `right`, `bottom` in pixels, `slant` in radians, `sure` from 0 to 100."""

    text: str
    sure: int
    left: float
    top: float
    right: float
    bottom: float
    slant: float = 0.0

    @property
    def height(self) -> float:
        """Of its letters."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Down the page."""
        return (self.top + self.bottom) / 2


def straightened(boxes: Sequence[Box]) -> list[Box]:
    """The boxes with the page's slant taken out: the median slant of the wide ones."""
    slants = [box.slant for box in boxes if box.right - box.left >= WIDE * box.height]
    angle = median(slants) if slants else 0.0
    if abs(angle) < math.radians(0.3):
        return list(boxes)
    sine, cosine = math.sin(-angle), math.cos(-angle)

    def turned(box: Box) -> Box:
        across, down = (box.left + box.right) / 2, box.middle
        x, y = across * cosine - down * sine, across * sine + down * cosine
        width = (box.right - box.left) / 2
        height = max(4.0, (box.height - abs(math.sin(angle)) * 2 * width) / 2)
        return replace(box, left=x - width, right=x + width, top=y - height, bottom=y + height, slant=0.0)

    return [turned(box) for box in boxes]


def same_row(one: Box, other: Box) -> bool:
    """Whether two boxes stand on one line: they overlap by more than half of the lower one."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= SAME_ROW * min(one.height, other.height)


def right_of(label: Box, boxes: Sequence[Box], until: float) -> list[Box]:
    """The boxes on the label's line between it and `until`, from the left."""
    found = [
        box
        for box in boxes
        if box is not label
        and same_row(label, box)
        and box.left >= label.right - label.height * 0.6
        and box.left < until
    ]
    return sorted(found, key=lambda box: box.left)


def below(first: Box, boxes: Sequence[Box], until: float, right: float) -> list[Box]:
    """The lines that go on under a first line: beginning where it begins, close under each other, above `until`."""
    lines: list[Box] = []
    last = first
    for box in sorted(boxes, key=lambda each: each.top):
        starts_there = abs(box.left - first.left) <= 1.6 * first.height and box.left < right
        goes_on = 0 < box.middle - last.middle <= 2.1 * max(last.height, first.height)
        if starts_there and goes_on and box.middle < until:
            lines.append(box)
            last = box
    return lines


def in_reading_order(boxes: Sequence[Box]) -> list[Box]:
    """Line by line from above, each from the left; boxes that stand over each other are two lines, however close."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda each: each.middle):
        row = rows[-1] if rows else []
        is_beside = all(same_row(other, box) and (box.left >= other.right or box.right <= other.left) for other in row)
        if row and is_beside:
            row.append(box)
        else:
            rows.append([box])
    return [box for row in rows for box in sorted(row, key=lambda each: each.left)]
