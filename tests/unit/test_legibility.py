"""Whether a photographed paper can be read: figures measured on made-up pages, and what follows from them (wishes 10)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from backend.documents.rules.attempts import RETAKES_AT_MOST, standing_after, stands_for_kind
from backend.documents.rules.legibility import (
    LOOKED_AT_WIDTH,
    SHARP_FROM,
    Grey,
    Verdict,
    judge_picture,
    quantile,
    sharpness,
)
from tests.enrolment_builders import page


def grey_of(picture: Image.Image) -> Grey:
    height = round(picture.height * LOOKED_AT_WIDTH / picture.width)
    return np.asarray(picture.convert("L").resize((LOOKED_AT_WIDTH, height), Image.Resampling.BOX))


def judged(picture: Image.Image) -> Verdict:
    return judge_picture(grey_of(picture), picture.width, picture.height)


@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (3000, 2000), (800, 600)])
def test_a_clear_page_is_good_whichever_way_the_phone_was_held(size: tuple[int, int]) -> None:
    assert judged(page(*size)).reasons == ()


def test_a_clear_page_is_far_sharper_than_the_threshold_and_a_blurred_one_far_below() -> None:
    """Stack: variance of the Laplacian at 800 px wide, clean > 370, blurred by 3 px about 5."""
    clear, blurred = judged(page()), judged(page().filter(ImageFilter.GaussianBlur(4)))
    assert clear.figures["sharpness"] > 370
    assert blurred.figures["sharpness"] < SHARP_FROM / 2
    assert blurred.reasons == ("picture-blurred",)


def test_the_more_blur_the_less_sharpness() -> None:
    measured = [sharpness(grey_of(page().filter(ImageFilter.GaussianBlur(radius)))) for radius in (0, 1, 2, 3, 4)]
    assert measured == sorted(measured, reverse=True)


def test_a_page_in_the_dark_is_dark_and_not_also_called_blurred() -> None:
    dark = ImageEnhance.Brightness(page()).enhance(0.25)
    assert judged(dark).reasons == ("picture-dark",)


def test_a_lamp_on_the_page_is_glare_and_a_scan_on_pure_white_is_none() -> None:
    lit = page()
    ImageDraw.Draw(lit).ellipse([600, 400, 1100, 800], fill=(255, 255, 255))
    assert "picture-glare" in judged(lit).reasons
    scan = Image.eval(page(), lambda value: 255 if value > 120 else 20)
    white = Image.new("RGB", (1600, 1200), (255, 255, 255))
    white.paste(scan.crop((150, 150, 1450, 1050)), (150, 150))
    assert judged(white).reasons == ()


def test_letters_that_run_out_of_the_picture_are_cut() -> None:
    assert judged(page().crop((300, 200, 1300, 900))).reasons == ("picture-cut",)
    full_page = page().crop((100, 75, 1500, 1125))
    assert judged(full_page).reasons == ()


def test_a_thumbnail_is_too_small() -> None:
    assert judged(page(640, 480)).reasons[0] == "picture-too-small"


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_picture_of_nothing_is_never_good(value: int) -> None:
    nothing = np.full((600, 800), value, np.uint8)
    assert "picture-dark" in judge_picture(nothing, 1600, 1200).reasons


@given(arrays(np.uint8, st.tuples(st.integers(3, 60), st.integers(3, 60))))
@settings(max_examples=60)
def test_any_grey_values_get_a_verdict_of_whole_numbers(grey: Grey) -> None:
    verdict = judge_picture(grey, 1600, 1200)
    assert all(type(figure) is int for figure in verdict.figures.values())
    assert verdict == judge_picture(grey.copy(), 1600, 1200)


@given(st.lists(st.integers(0, 255), min_size=1, max_size=200), st.integers(1, 100))
@settings(max_examples=100)
def test_a_quantile_is_the_lowest_value_that_so_many_do_not_exceed(values: list[int], percent: int) -> None:
    found = quantile(np.bincount(values, minlength=256), percent)
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


@given(st.integers(0, 10))
def test_a_photograph_without_a_fault_is_good_however_often_it_was_retaken(retakes: int) -> None:
    assert standing_after([], retakes) == "good"
    assert standing_after(["picture-dark"], retakes) == ("retake" if retakes < RETAKES_AT_MOST else "human")


@given(st.lists(st.sampled_from(["waiting", "good", "retake", "human"]), max_size=5))
def test_a_kind_is_present_as_soon_as_one_photograph_need_not_be_taken_again(states: list[str]) -> None:
    expected = "present" if set(states) - {"retake"} else "retake" if states else "missing"
    assert stands_for_kind(states) == expected
