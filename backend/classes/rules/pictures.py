"""The balance report in pictures: bars and dots as plain SVG texts with a caption, drawn with integers alone."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, ROW = 960, 34
LEFT, RIGHT = 150, 90
COLOURS = ("#a8480b", "#2f6f8f", "#6b8e23", "#7a4b8b", "#b08900", "#4c5b6b")
GREY, BAND = "#5b6168", "#fbe3d3"
SCALE = 10_000
"""Means come with four decimals; inside they are ten-thousandths of a point."""


def sizes_picture(sizes: Sequence[int], sexes: Mapping[str, Sequence[int]], names: Mapping[str, str]) -> str:
    """One bar a class, its length the number of pupils, its parts the sexes."""
    most = max(sizes, default=1) or 1
    parts = []
    for place, size in enumerate(sizes):
        top, left = place * ROW + 30, LEFT
        parts.append(_text(LEFT - 12, top + 22, f"{place + 1} 班", anchor="end"))
        for turn, (sex, counts) in enumerate(sexes.items()):
            width = counts[place] * (WIDTH - LEFT - RIGHT) // most
            parts.append(_rect(left, top, width, ROW - 8, COLOURS[turn % len(COLOURS)]))
            if counts[place]:
                parts.append(
                    _text(left + width // 2, top + 20, f"{names.get(sex, sex)} {counts[place]}", "#fff", "middle")
                )
            left += width
        parts.append(_text(left + 12, top + 22, f"{size} 人"))
    return _svg("各班人数", len(sizes) * ROW + 40, parts)


def counts_picture(title: str, counts: Mapping[str, Sequence[int]], names: Mapping[str, str]) -> str:
    """One row a value: a square a class with its count; squares outside ⌊n/K⌋ … ⌈n/K⌉ are dark."""
    classes = max((len(row) for row in counts.values()), default=1)
    side = min(44, (WIDTH - LEFT - RIGHT) // classes)
    parts = [_text(LEFT + place * side + side // 2, 22, str(place + 1), GREY, "middle") for place in range(classes)]
    for turn, (value, row) in enumerate(counts.items()):
        top, total = turn * ROW + 32, sum(row)
        low, high = total // len(row), -(-total // len(row))
        parts.append(_text(LEFT - 12, top + 21, names.get(value, value), anchor="end"))
        for place, count in enumerate(row):
            inside = low <= count <= high
            parts.append(_rect(LEFT + place * side + 1, top, side - 2, ROW - 6, BAND if inside else "#8f1d1d"))
            parts.append(
                _text(LEFT + place * side + side // 2, top + 20, str(count), "#222" if inside else "#fff", "middle")
            )
        parts.append(_text(LEFT + classes * side + 10, top + 21, f"共 {total}", GREY))
    return _svg(title, len(counts) * ROW + 40, parts)


def means_picture(report: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """One line a mean, a dot a class; the two ends are named with the spread and the least that is possible."""
    parts = []
    for turn, (name, texts) in enumerate(report["means"].items()):
        known = [_units(text) for text in texts if text is not None]
        low, high, top = min(known), max(known), turn * 76 + 46
        reach = max(high - low, SCALE // 50)
        parts.append(_text(LEFT - 12, top + 6, names.get(name, name.removeprefix("score_")), anchor="end"))
        parts.append(
            f'<line x1="{LEFT}" y1="{top}" x2="{WIDTH - RIGHT}" y2="{top}" stroke="#c9ced4" stroke-width="2"/>'
        )
        for value in known:
            across = LEFT + (value - low) * (WIDTH - LEFT - RIGHT) // reach
            parts.append(f'<circle cx="{across}" cy="{top}" r="9" fill="{COLOURS[0]}" fill-opacity="0.55"/>')
        least = report["lower_bound"]["spread"][name]
        told = (
            f"{texts[known.index(low)]} 至 {_points(high)}，相差 {report['spread'][name]} 分；理论上最少相差 {least} 分"
        )
        parts.append(_text(LEFT, top + 34, told, GREY))
    return _svg("各班平均分", len(report["means"]) * 76 + 30, parts)


def _units(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole) * SCALE + int(rest)


def _points(units: int) -> str:
    return f"{units // SCALE}.{units % SCALE:04d}"


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" width="100%" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" font-size="17">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg><figcaption>{escape(title)}</figcaption>"
    )


def _rect(left: int, top: int, width: int, height: int, fill: str) -> str:
    return f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="4" fill="{fill}"/>'


def _text(left: int, top: int, text: str, fill: str = "#222", anchor: str = "start") -> str:
    return f'<text x="{left}" y="{top}" fill="{fill}" text-anchor="{anchor}">{escape(text)}</text>'
