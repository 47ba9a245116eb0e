"""The typeface of traditional Mongolian is the phone page's own file, and pages of another address may draw with it."""

import re
from pathlib import Path
from typing import Any

import pytest

import backend.results.pages

ROOT = Path(__file__).parents[2]
TYPEFACE = "/phone/fonts/noto-sans-mongolian.woff2"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "fonts" / "noto-sans-mongolian.woff2").write_bytes(b"wOF2")
    monkeypatch.setattr(backend.results.pages, "PHONE", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("built")
def test_the_typeface_may_be_used_elsewhere_and_nothing_else_may(app: Any) -> None:
    client = app.test_client()
    with client.get(TYPEFACE) as typeface, client.get("/phone/") as page:
        assert typeface.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Origin" not in page.headers


def test_the_chat_page_and_the_phone_page_draw_with_the_file_that_the_build_makes() -> None:
    made = re.search(r"fileName: '(fonts/[^']+)'", (ROOT / "miniprogram/vite.config.ts").read_text(encoding="utf-8"))
    assert made is not None
    assert f"/phone/{made.group(1)}" == TYPEFACE
    for user in ("rehearsal/pages/chat.js", "miniprogram/src/screen/font.ts"):
        assert TYPEFACE in (ROOT / user).read_text(encoding="utf-8")
