"""Photographs of papers that do not exist, as phones take them: 1600 × 1200, sharp, or blurred or too dark on purpose."""

import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

SIZE = (1600, 1200)
MARGIN = 90
CONDITIONS = ("good", "blurred", "dark")
TITLES = {
    "household": "常住人口登记卡",
    "property": "不动产权证书",
    "contract": "商品房买卖合同",
    "lease": "房屋租赁备案证明",
    "residence": "居住证",
    "birth": "出生医学证明",
    "insurance": "社会保险缴费证明",
    "licence": "个体工商户营业执照",
    "other": "其他材料",
}
PAPER = {"household": (246, 238, 214), "property": (250, 232, 226), "residence": (226, 240, 246)}
PLAIN_PAPER = (247, 245, 238)
DESK = (118, 96, 78)
INK = (38, 34, 40)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "~/.fonts", "~/Library/Fonts")
FONT_NAMES = ("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "SourceHanSansCN-Regular.otf", "wqy-microhei.ttc",
              "wqy-zenhei.ttc", "PingFang.ttc", "STHeiti Medium.ttc", "DroidSansFallbackFull.ttf")  # fmt: skip
SIMPLIFIED_IN_NOTO = 2
QUALITY = 84
SMALLEST_LETTERS = 18

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def chinese_font() -> Path:
    """A font file with Chinese glyphs: this machine's, or the one that comes as a wheel."""
    for folder in FONT_FOLDERS:
        for name in FONT_NAMES:
            for found in Path(folder).expanduser().rglob(name):
                return found
    return _font_of_a_wheel()


def _font_of_a_wheel() -> Path:
    folder = Path(str(files("pylopdf_fonts_zh_cn")))
    return next(path for path in sorted(folder.rglob("*")) if path.suffix in {".ttf", ".otf", ".ttc"})


def letters(size: int) -> Font:
    """Chinese letters of this size in pixels."""
    return _font(size)


@cache
def _font(size: int) -> Font:
    file = chinese_font()
    return ImageFont.truetype(file, size, index=SIMPLIFIED_IN_NOTO if "NotoSansCJK" in file.name else 0)


@cache
def _grain() -> np.ndarray:
    """The grain of a phone's sensor: always the same, added to every picture."""
    return np.random.default_rng(7).normal(0, 3.4, (SIZE[1], SIZE[0], 1)).astype(np.float32)


def photograph(kind: str, lines: Mapping[str, str], condition: str = "good") -> bytes:
    """A JPEG of 1600 × 1200 of one paper.

    `kind` is a kind of paper, `lines` is label → text as printed on it, `condition` is good, blurred or dark. Where no
    font on the machine has Chinese glyphs the page is lettered in Latin. KeyError for an unknown kind, ValueError for
    an unknown condition.
    """
    if condition not in CONDITIONS:
        raise ValueError(f"{condition!r} is no condition; they are {', '.join(CONDITIONS)}")
    picture = _page(kind, lines)
    if condition == "blurred":
        picture = picture.filter(ImageFilter.GaussianBlur(7))
    if condition == "dark":
        picture = ImageEnhance.Brightness(picture).enhance(0.14)
    grain = _grain() * (0.15 if condition == "blurred" else 1.0)
    pixels = np.clip(np.asarray(picture, dtype=np.float32) + grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _page(kind: str, lines: Mapping[str, str]) -> Image.Image:
    picture = Image.new("RGB", SIZE, DESK)
    draw = ImageDraw.Draw(picture)
    draw.rectangle(
        (40, 40, SIZE[0] - 40, SIZE[1] - 40), fill=PAPER.get(kind, PLAIN_PAPER), outline=(160, 140, 120), width=3
    )
    _guilloche(draw)
    title = TITLES[kind]
    draw.text((SIZE[0] // 2, MARGIN + 20), title, font=_font(64), fill=(150, 30, 30), anchor="ma")
    top = MARGIN + 150
    step = min(108, (SIZE[1] - top - 150) // max(1, len(lines)))
    for number, (label, text) in enumerate(lines.items()):
        _line(draw, top + number * step, step, label, text)
    note = "演练样张 · 人员与号码均为虚构"
    draw.text((SIZE[0] // 2, SIZE[1] - 110), note, font=_font(36), fill=(120, 60, 60), anchor="ma")
    _stamp(draw)
    return picture


def _line(draw: ImageDraw.ImageDraw, top: int, step: int, label: str, text: str) -> None:
    bottom = top + step - 8
    draw.rectangle((MARGIN, top, SIZE[0] - MARGIN, bottom), outline=(120, 110, 100), width=2)
    draw.line((MARGIN + 360, top, MARGIN + 360, bottom), fill=(120, 110, 100), width=2)
    size = min(44, step - 34)
    draw.text((MARGIN + 24, top + (step - 8) // 2), label, font=_font(size), fill=INK, anchor="lm")
    room = SIZE[0] - 2 * MARGIN - 400
    while size > SMALLEST_LETTERS and draw.textlength(text, font=_font(size)) > room:
        size -= 2
    draw.text((MARGIN + 384, top + (step - 8) // 2), text, font=_font(size), fill=INK, anchor="lm")


def _guilloche(draw: ImageDraw.ImageDraw) -> None:
    """The fine waves of security paper; they also give the picture its detail."""
    across = np.arange(44, SIZE[0] - 44, 8)
    for number in range(46):
        down = 60 + number * 24 + 14 * np.sin(across / 61 + number / 3)
        draw.line([(int(x), int(y)) for x, y in zip(across, down, strict=True)], fill=(222, 196, 178), width=1)


def _stamp(draw: ImageDraw.ImageDraw) -> None:
    x, y = SIZE[0] - 300, 60
    draw.ellipse((x, y, x + 160, y + 160), outline=(196, 40, 40), width=7)
    draw.text((x + 80, y + 80), "演练专用", font=_font(32), fill=(196, 40, 40), anchor="mm")


def made_unique(jpeg: bytes, tag: str) -> bytes:
    """The same picture with a comment in its file, so that no two families send the same bytes."""
    comment = tag.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
