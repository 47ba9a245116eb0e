"""Sixteen ways in which a photograph of a paper is worse than a scan, each by itself and mild enough that a person reads it."""

import io
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

Damage = Callable[[Image.Image, np.random.Generator], Image.Image]
ROOM = (96, 92, 88)


def _array(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, dtype=np.float32)


def _image(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def blurred(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """A little out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(1.6))


def moved(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """The hand moved sideways by five pixels."""
    values = _array(picture)
    return _image(np.mean([np.roll(values, shift, axis=1) for shift in range(-2, 3)], axis=0))


def noisy(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Taken in poor light with a high gain."""
    return _image(_array(picture) + chance.normal(0, 18, (picture.height, picture.width, 1)))


def squeezed(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Sent on by a messenger that compressed it hard."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=22)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def dim(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Half the light."""
    return ImageEnhance.Brightness(picture).enhance(0.55)


def bright(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Overexposed, the paper nearly white."""
    return ImageEnhance.Brightness(picture).enhance(1.28)


def pale(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Faded ink: half the contrast."""
    return ImageEnhance.Contrast(picture).enhance(0.5)


def tilted(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Turned by two and a half degrees."""
    return picture.rotate(2.5, Image.Resampling.BICUBIC, expand=True, fillcolor=ROOM)


def askew(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Turned by five degrees the other way."""
    return picture.rotate(-5, Image.Resampling.BICUBIC, expand=True, fillcolor=ROOM)


def from_below(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Held at an angle: the upper edge is a tenth shorter."""
    width, height = picture.size
    shift = width * 0.05
    quad = (-shift, 0, 0, height, width, height, width + shift, 0)
    return picture.transform(picture.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=ROOM)


def shaded(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """A shadow falls over one half."""
    fall = np.linspace(1.0, 0.45, picture.width, dtype=np.float32)[None, :, None]
    return _image(_array(picture) * fall)


def shining(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """A soft reflection somewhere on the page."""
    down, across = np.mgrid[0 : picture.height, 0 : picture.width]
    x, y = chance.uniform(0.3, 0.7) * picture.width, chance.uniform(0.3, 0.7) * picture.height
    far = ((across - x) ** 2 + (down - y) ** 2) / (0.16 * picture.width) ** 2
    return _image(_array(picture) + 95 * np.exp(-far)[:, :, None])


def small(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Taken from far away: six tenths of the size."""
    return picture.resize((picture.width * 6 // 10, picture.height * 6 // 10), Image.Resampling.LANCZOS)


def folded(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """A fold across the page: a dark and a light line."""
    folded_page = picture.copy()
    pen = ImageDraw.Draw(folded_page)
    middle = picture.height * 47 // 100
    pen.line((0, middle, picture.width, middle + 14), fill=(150, 140, 126), width=3)
    pen.line((0, middle + 4, picture.width, middle + 18), fill=(252, 250, 246), width=3)
    return folded_page


def stained(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Brown spots of tea."""
    cover = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(cover)
    for _ in range(9):
        x, y = chance.uniform(0.1, 0.9) * picture.width, chance.uniform(0.1, 0.9) * picture.height
        radius = chance.uniform(0.02, 0.05) * picture.width
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=90)
    brown = Image.new("RGB", picture.size, (140, 104, 62))
    return Image.composite(brown, picture, cover.filter(ImageFilter.GaussianBlur(6)))


def off_a_screen(picture: Image.Image, _: np.random.Generator) -> Image.Image:
    """Taken off a screen: fine stripes."""
    down, across = np.mgrid[0 : picture.height, 0 : picture.width]
    stripes = 14 * np.sin(across * 1.3 + down * 0.2) + 10 * np.sin(down * 1.7)
    return _image(_array(picture) + stripes[:, :, None])


DAMAGES: Mapping[str, Damage] = {
    "blurred": blurred,
    "moved": moved,
    "noisy": noisy,
    "squeezed": squeezed,
    "dim": dim,
    "bright": bright,
    "pale": pale,
    "tilted": tilted,
    "askew": askew,
    "from-below": from_below,
    "shaded": shaded,
    "shining": shining,
    "small": small,
    "folded": folded,
    "stained": stained,
    "off-a-screen": off_a_screen,
}
"""Name → damage; each takes the picture and its own chance."""
