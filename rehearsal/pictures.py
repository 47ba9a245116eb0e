"""Photographs of papers that do not exist, as phones take them: 1600 × 1200, sharp, or blurred or too dark on purpose."""

import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

SIZE = (1600, 1200)
MARGIN = 90
CONDITIONS = ("good", "blurred", "dark")
TITLES = {
    "household": ("常住人口登记卡", "Household register card"),
    "property": ("不动产权证书", "Property certificate"),
    "contract": ("商品房买卖合同", "Purchase contract"),
    "lease": ("房屋租赁备案证明", "Registered lease"),
    "residence": ("居住证", "Residence permit"),
    "birth": ("出生医学证明", "Birth certificate"),
    "insurance": ("社会保险缴费证明", "Social insurance record"),
    "licence": ("个体工商户营业执照", "Business licence"),
    "other": ("其他材料", "Other paper"),
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
def chinese_font() -> Path | None:
    """A font file with Chinese glyphs on this machine, or None."""
    for folder in FONT_FOLDERS:
        for name in FONT_NAMES:
            for found in Path(folder).expanduser().rglob(name):
                return found
    return _font_of_a_wheel()


def _font_of_a_wheel() -> Path | None:
    """The Chinese font that comes with the test and print requirements, where the machine has none."""
    if find_spec("pylopdf_fonts_zh_cn") is None:
        return None
    folder = Path(str(files("pylopdf_fonts_zh_cn")))
    return next((path for path in sorted(folder.rglob("*")) if path.suffix in {".ttf", ".otf", ".ttc"}), None)


def letters(size: int) -> Font:
    """Letters of this size in pixels, Chinese where a font is found."""
    return _font(size)


@cache
def _font(size: int) -> Font:
    file = chinese_font()
    if file is None:
        return ImageFont.load_default(size)
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
    in_chinese = chinese_font() is not None
    picture = Image.new("RGB", SIZE, DESK)
    draw = ImageDraw.Draw(picture)
    draw.rectangle(
        (40, 40, SIZE[0] - 40, SIZE[1] - 40), fill=PAPER.get(kind, PLAIN_PAPER), outline=(160, 140, 120), width=3
    )
    _guilloche(draw)
    title = TITLES[kind][0 if in_chinese else 1]
    draw.text((SIZE[0] // 2, MARGIN + 20), title, font=_font(64), fill=(150, 30, 30), anchor="ma")
    top = MARGIN + 150
    step = min(108, (SIZE[1] - top - 150) // max(1, len(lines)))
    for number, (label, text) in enumerate(lines.items()):
        _line(draw, top + number * step, step, label, text, in_chinese=in_chinese)
    note = "演练样张 · 人员与号码均为虚构" if in_chinese else "SAMPLE - no such person exists"
    draw.text((SIZE[0] // 2, SIZE[1] - 110), note, font=_font(36), fill=(120, 60, 60), anchor="ma")
    _stamp(draw, in_chinese=in_chinese)
    return picture


def _line(draw: ImageDraw.ImageDraw, top: int, step: int, label: str, text: str, *, in_chinese: bool) -> None:
    bottom = top + step - 8
    draw.rectangle((MARGIN, top, SIZE[0] - MARGIN, bottom), outline=(120, 110, 100), width=2)
    draw.line((MARGIN + 360, top, MARGIN + 360, bottom), fill=(120, 110, 100), width=2)
    size = min(44, step - 34)
    shown_label, shown = (label, text) if in_chinese else _in_latin(label, text)
    draw.text((MARGIN + 24, top + (step - 8) // 2), shown_label, font=_font(size), fill=INK, anchor="lm")
    room = SIZE[0] - 2 * MARGIN - 400
    while size > SMALLEST_LETTERS and draw.textlength(shown, font=_font(size)) > room:
        size -= 2
    draw.text((MARGIN + 384, top + (step - 8) // 2), shown, font=_font(size), fill=INK, anchor="lm")


def _in_latin(label: str, text: str) -> tuple[str, str]:
    """What of a line can be lettered without Chinese glyphs: digits and Latin letters, and a mark for the rest."""
    kept = "".join(character if character.isascii() else " " for character in text)
    return f"Field {sum(label.encode()) % 97:02d}", " ".join(kept.split()) or "SAMPLE TEXT"


def _guilloche(draw: ImageDraw.ImageDraw) -> None:
    """The fine waves of security paper; they also give the picture its detail."""
    across = np.arange(44, SIZE[0] - 44, 8)
    for number in range(46):
        down = 60 + number * 24 + 14 * np.sin(across / 61 + number / 3)
        draw.line([(int(x), int(y)) for x, y in zip(across, down, strict=True)], fill=(222, 196, 178), width=1)


def _stamp(draw: ImageDraw.ImageDraw, *, in_chinese: bool) -> None:
    x, y = SIZE[0] - 300, 60
    draw.ellipse((x, y, x + 160, y + 160), outline=(196, 40, 40), width=7)
    draw.text((x + 80, y + 80), "演练专用" if in_chinese else "SAMPLE", font=_font(32), fill=(196, 40, 40), anchor="mm")


def made_unique(jpeg: bytes, tag: str) -> bytes:
    """The same picture with a comment in its file, so that no two families send the same bytes."""
    comment = tag.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
