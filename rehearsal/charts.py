"""Pictures of a season as inline SVG: the funnel, waiting times, seats by school. Values in, text out; no clock, no file."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 720
LABEL_WIDTH = 190
ROW = 30
INK, QUIET, LINE = "#1d2129", "#4e5969", "#d9dde3"
BLUE, GREEN, AMBER, RED = "#2b6cb0", "#2f855a", "#b7791f", "#c53030"
BINS = 20
NICE = (1, 2, 5)

STEP_NAMES = {
    "registered": "已登记",
    "submitted": "已提交",
    "verified": "核验通过",
    "settled": "学位类型已定",
    "frozen": "进入派位",
    "placed": "已派位",
    "confirmed": "已确认",
    "enrolled": "已录取",
    "recorded": "已建学籍",
}


@dataclass(frozen=True)
class SeatBar:
    """One school in the seats chart; `name` as people know it."""

    name: str
    seats: int
    placed: int
    confirmed: int


def svg(width: int, height: int, title: str, body: str) -> str:
    """A whole picture with its title for screen readers; it scales with the page."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}" font-family="inherit" font-size="14" shape-rendering="geometricPrecision">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK, size: int = 14) -> str:
    """One line of text; `y` is its base line."""
    return (
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">'
        f"{escape(words)}</text>"
    )


def box(x: float, y: float, width: float, height: float, fill: str, said: str = "") -> str:
    """A filled rectangle; `said` shows when a pointer rests on it."""
    inside = f"<title>{escape(said)}</title>" if said else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(0, width))}" height="{number(max(0, height))}" '
        f'fill="{fill}">{inside}</rect>'
    )


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def funnel(steps: Sequence[tuple[str, int]], title: str = "从登记到学籍") -> str:
    """How many applications reached each step: (step, count) from the first to the last; steps are those of figures.json."""
    most = max((count for _, count in steps), default=0) or 1
    room = WIDTH - LABEL_WIDTH - 110
    first = steps[0][1] if steps else 0
    parts = []
    for index, (step, count) in enumerate(steps):
        y = 8 + index * ROW
        share = f"{count * 100 // first}%" if first else ""
        parts.append(text(LABEL_WIDTH - 10, y + 19, STEP_NAMES.get(step, step), anchor="end"))
        parts.append(box(LABEL_WIDTH, y + 3, room * count / most, ROW - 8, BLUE, f"{count} 人"))
        parts.append(text(LABEL_WIDTH + room * count / most + 8, y + 19, f"{count}  {share}", fill=QUIET))
    return svg(WIDTH, 16 + max(1, len(steps)) * ROW, title, "".join(parts))


def nice_step(longest: int, bins: int = BINS) -> int:
    """The smallest width of 1, 2 or 5 times a power of ten with which `bins` bins reach `longest`."""
    scale = 1
    while True:
        for factor in NICE:
            if factor * scale * bins >= longest:
                return factor * scale
        scale *= 10


def histogram(values_ms: Sequence[int], title: str) -> str:
    """Waiting times in milliseconds as bars; what is longer than the 99th hundredth stands together in the last bar."""
    if not values_ms:
        return svg(WIDTH, 60, title, text(WIDTH / 2, 36, "没有数据", anchor="middle", fill=QUIET))
    ordered = sorted(values_ms)
    step = nice_step(ordered[-(-len(ordered) * 99 // 100) - 1] + 1)
    counts = [0] * (BINS + 1)
    for value in ordered:
        counts[min(BINS, value // step)] += 1
    most, height, left, width = max(counts), 190, 56, (WIDTH - 80) / (BINS + 1)
    parts = [f'<line x1="{left}" y1="{height}" x2="{WIDTH - 20}" y2="{height}" stroke="{LINE}"/>']
    parts.append(text(left - 8, 22, str(most), anchor="end", fill=QUIET, size=12))
    for index, count in enumerate(counts):
        tall = (height - 16) * count / most
        said = (
            f"{seconds(index * step)} 以上"
            if index == BINS
            else f"{seconds(index * step)} 至 {seconds((index + 1) * step)}"
        )
        colour = AMBER if index == BINS else BLUE
        parts.append(box(left + index * width + 1, height - tall, width - 2, tall, colour, f"{said}：{count}"))
        if index % 4 == 0:
            parts.append(text(left + index * width, height + 18, seconds(index * step), fill=QUIET, size=12))
    middle, slow = ordered[(len(ordered) - 1) // 2], ordered[-(-len(ordered) * 99 // 100) - 1]
    note = f"共 {len(ordered)} 次，一半在 {seconds(middle)} 内，99% 在 {seconds(slow)} 内，最长 {seconds(ordered[-1])}"
    parts.append(text(left, height + 42, note, fill=INK, size=13))
    return svg(WIDTH, height + 56, title, "".join(parts))


def seconds(ms: int) -> str:
    """Milliseconds in words for people: "250毫秒", "1.5秒", "12分钟", "3.5小时"."""
    for limit, unit, name in ((1_000, 1, "毫秒"), (60_000, 1_000, "秒"), (3_600_000, 60_000, "分钟")):
        if ms < limit:
            return f"{number(ms / unit)}{name}"
    return f"{number(ms / 3_600_000)}小时"


def seat_bars(schools: Sequence[SeatBar], title: str = "各校学位") -> str:
    """Seats (frame), placed (pale) and confirmed (full) for each school; red where more are placed than there are seats."""
    most = max((max(each.seats, each.placed) for each in schools), default=0) or 1
    room, left = WIDTH - 340, 230
    parts = [
        box(left, 8, 12, 12, GREEN), text(left + 18, 19, "已确认", fill=QUIET, size=12),
        box(left + 76, 8, 12, 12, "#9ad1b3"), text(left + 94, 19, "已派位", fill=QUIET, size=12),
        text(left + 152, 19, "框线：招生计划", fill=QUIET, size=12),
    ]  # fmt: skip
    for index, each in enumerate(schools):
        y = 30 + index * 24
        is_over = each.placed > each.seats
        parts.append(text(left - 10, y + 14, each.name, anchor="end", size=13))
        said = f"{each.name}：计划 {each.seats}，派位 {each.placed}，确认 {each.confirmed}"
        parts.append(box(left, y + 3, room * each.placed / most, 14, RED if is_over else "#9ad1b3", said))
        parts.append(box(left, y + 3, room * min(each.confirmed, each.seats) / most, 14, GREEN, said))
        parts.append(
            f'<rect x="{left}" y="{y + 1}" width="{number(room * each.seats / most)}" height="18" fill="none" '
            f'stroke="{INK}" stroke-width="1"/>'
        )
        longest = max(each.seats, each.placed)
        fill = RED if is_over else QUIET
        parts.append(text(left + room * longest / most + 8, y + 14, f"{each.placed}/{each.seats}", fill=fill, size=12))
    return svg(WIDTH, 40 + max(1, len(schools)) * 24, title, "".join(parts))
