"""Photographs of papers that do not exist: the size phones take, sharp or bad on purpose, with or without Chinese fonts."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from rehearsal import pictures
from rehearsal.pictures import TITLES, made_unique, photograph

LINES = {
    "姓名": "孛儿只斤·巴特尔",
    "公民身份号码": "150603202005309980",
    "住址": "鄂尔多斯市康巴什区" + "很长的地址" * 12,
}


def sharpness(jpeg: bytes) -> float:
    """The variance of the Laplacian at 800 pixels width: above 370 is clean, about 5 is blurred by 3 pixels."""
    grey = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L").resize((800, 600)), dtype=float)
    inner = grey[1:-1, 1:-1]
    return float((grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner).var())


def brightness(jpeg: bytes) -> float:
    return float(np.asarray(Image.open(io.BytesIO(jpeg)).convert("L")).mean())


@pytest.mark.parametrize("kind", sorted(TITLES))
def test_every_kind_of_paper_is_a_sharp_jpeg_of_a_phone_s_size(kind: str) -> None:
    jpeg = photograph(kind, LINES)
    picture = Image.open(io.BytesIO(jpeg))
    assert (picture.format, picture.size) == ("JPEG", (1600, 1200))
    assert 200_000 < len(jpeg) < 450_000
    assert sharpness(jpeg) > 700
    assert brightness(jpeg) > 150


def test_the_blurred_and_the_dark_picture_are_told_from_the_good_one() -> None:
    assert sharpness(photograph("household", LINES, "blurred")) < 10
    assert brightness(photograph("household", LINES, "dark")) < 40


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert photograph("property", LINES) == photograph("property", LINES)
    assert photograph("property", LINES) != photograph("property", {**LINES, "姓名": "张伟"})


def test_unknown_kinds_and_conditions_are_refused() -> None:
    with pytest.raises(KeyError):
        photograph("diploma", LINES)
    with pytest.raises(ValueError, match="no condition"):
        photograph("household", LINES, "torn")


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pictures, "FONT_NAMES", ())
    for remembered in (pictures.chinese_font, pictures._font):
        remembered.cache_clear()
    yield
    for remembered in (pictures.chinese_font, pictures._font):
        remembered.cache_clear()


def test_without_a_chinese_font_of_the_machine_the_page_is_lettered_by_the_wheels_and_sharp(no_fonts: None) -> None:
    assert "pylopdf_fonts_zh_cn" in str(pictures.chinese_font())
    jpeg = photograph("household", LINES)
    assert sharpness(jpeg) > 700


def test_a_unique_picture_has_other_bytes_and_the_same_pixels() -> None:
    jpeg = photograph("birth", LINES)
    one, other = made_unique(jpeg, "F000001"), made_unique(jpeg, "F000002")
    assert one != other
    pixels = [np.asarray(Image.open(io.BytesIO(each))) for each in (jpeg, one)]
    assert np.array_equal(pixels[0], pixels[1])
