"""A corpus of hostile files, twenty and more of each kind that P15 names: each is refused or becomes a clean picture.

Every suite looks at a quarter of it, `SUNROLL_PROVE=1` (make prove) at the whole.
"""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from backend.documents.picture_box import PictureBox
from backend.documents.read_upload import read_upload
from backend.documents.rules.plain_jpeg import is_plain_jpeg
from backend.foundation.problems import Refusal
from tests.hostile_pictures import KINDS, OF_EACH, Hostile, corpus

WHOLE = os.environ.get("SUNROLL_PROVE") == "1"
EVERY = 1 if WHOLE else 4
MANY_PARTS = 100_000
CANARIES = (b"canary", b"Canary", b"Exif", b"GPS", b"<script", b"PK\x03\x04", b"<?php", b"%PDF", b"ICC_PROFILE")


@pytest.fixture(scope="module")
def box() -> Iterator[PictureBox]:
    made = PictureBox()
    yield made
    made.close()


@pytest.fixture(scope="module")
def files() -> dict[str, list[Hostile]]:
    kept: dict[str, list[Hostile]] = {}
    for file in corpus(EVERY):
        kept.setdefault(file.kind, []).append(file)
    return kept


def test_the_corpus_has_three_hundred_files_and_twenty_of_each_kind() -> None:
    assert OF_EACH >= 20
    assert len(KINDS) * OF_EACH >= 300


def peak_memory_kb(box) -> int:
    """The most memory the sandbox's process has held; 0 where it was ended and has not begun again."""
    try:
        told = Path(f"/proc/{box._process.pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return 0
    return int(re.search(r"VmHWM:\s+(\d+) kB", told)[1]) if "VmHWM" in told else 0


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_hostile_file_is_refused_or_becomes_a_clean_picture(box, files, kind: str) -> None:
    """P15: the sandbox lives on, nothing of the file's metadata or tail is left, and the next picture is taken."""
    peak_kb = 0
    for file in files[kind]:
        look = box.look_at(file.data)
        peak_kb = max(peak_kb, peak_memory_kb(box))
        assert look.refused in {None, "picture-unreadable", "picture-too-large"}, (kind, file.number)
        if look.refused is None:
            assert is_plain_jpeg(look.clean, look.width, look.height)
            assert not any(canary in look.clean for canary in CANARIES), (kind, file.number)
    assert box._process is not None
    assert box._process.poll() is None
    assert 0 < peak_kb < 300 * 1024


def test_without_re_encoding_the_metadata_would_stay(files) -> None:
    """Negative control: the files do hold what is looked for."""
    assert any(canary in file.data for file in files["metadata"] for canary in CANARIES)
    assert any(canary in file.data for file in files["polyglot"] for canary in CANARIES)


def parts(count: int, number: int) -> tuple[str, bytes]:
    """A multipart body of so many parts; the numbers differ in where the file stands and how parts are written."""
    boundary = f"b{number}"
    field = f'--{boundary}\r\nContent-Disposition: form-data; name="f{number}"\r\n\r\n\r\n'.encode()
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nx\r\n'.encode()
    body = file * (count if number % 3 == 0 else 1) + field * (0 if number % 3 == 0 else count)
    tail = b"" if number % 4 == 3 else f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", (body + tail if number % 2 else file + body + tail)


@pytest.mark.parametrize("number", range(0, 20, EVERY))
def test_a_body_of_a_hundred_thousand_parts_is_refused(number: int) -> None:
    kind, body = parts(MANY_PARTS, number)
    with pytest.raises(Refusal):
        read_upload(kind, body)


class Trickle(io.RawIOBase):
    """A body that comes a few bytes at a time and may end before it said it would."""

    def __init__(self, data: bytes, step: int, ends_at: int) -> None:
        self.data, self.step, self.at, self.ends_at = data, step, 0, ends_at

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        """A few bytes."""
        piece = self.data[self.at : min(self.at + min(self.step, len(into)), self.ends_at)]
        self.at += len(piece)
        into[: len(piece)] = piece
        return len(piece)


@pytest.mark.parametrize("number", range(0, 20, EVERY))
def test_a_slow_upload_that_breaks_off_leaves_nothing_and_answers_with_a_refusal(app, number: int) -> None:
    """A phone on a bad line: bytes trickle, then stop; no picture is taken from half a body, the service goes on."""
    kind, body = parts(1, number + 1)
    body += bytes(20_000)
    environ = EnvironBuilder(
        path="/api/applications/00000000-0000-0000-0000-000000000000/papers", method="POST"
    ).get_environ()
    environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"] = kind, str(len(body))
    environ["wsgi.input"] = Trickle(body, 1 + number * 7, len(body) * number // 24)
    _, status, _ = run_wsgi_app(app.wsgi_app, environ)
    assert 400 <= int(status.split()[0]) < 500
    assert Client(app.wsgi_app).get("/alive").status_code == 200
