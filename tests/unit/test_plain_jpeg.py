"""What the sandbox hands out is one JPEG and nothing besides, or it is thrown away (promises P15)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.documents.rules.plain_jpeg import is_plain_jpeg
from tests.enrolment_builders import jpeg, page

WIDTH, HEIGHT = 320, 240
PLAIN = jpeg(page(WIDTH, HEIGHT))
SEGMENT = b"\xff\xe1\x00\x06Exif"
FAULTY = {
    "nothing": b"",
    "only a beginning": PLAIN[:2],
    "cut off": PLAIN[:-10],
    "something behind its end": PLAIN + b"<script>",
    "another picture behind its end": PLAIN + PLAIN,
    "EXIF": PLAIN[:20] + SEGMENT + PLAIN[20:],
    "a comment": jpeg(page(WIDTH, HEIGHT), comment=b"hello"),
    "a colour profile": jpeg(page(WIDTH, HEIGHT), icc_profile=b"x" * 200),
    "another size": jpeg(page(WIDTH + 1, HEIGHT)),
    "a second head": PLAIN[:20] + PLAIN[2:],
    "no frame": PLAIN[:20] + b"\xff\xda\x00\x02" + b"\x00" * 50 + b"\xff\xd9",
    "another format": b"\x89PNG\r\n\x1a\n",
}


def test_a_picture_as_the_sandbox_makes_it_is_plain() -> None:
    assert is_plain_jpeg(PLAIN, WIDTH, HEIGHT)
    assert is_plain_jpeg(jpeg(page(WIDTH, HEIGHT), progressive=True), WIDTH, HEIGHT)


@pytest.mark.parametrize("name", FAULTY)
def test_a_picture_with_anything_besides_is_not_plain(name: str) -> None:
    assert not is_plain_jpeg(FAULTY[name], WIDTH, HEIGHT)


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert not is_plain_jpeg(data, WIDTH, HEIGHT)
    assert not is_plain_jpeg(PLAIN[:2] + data, WIDTH, HEIGHT)
