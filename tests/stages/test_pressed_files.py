"""Files of ours on a slow line: pressed for whoever takes them so, whole for others, and not sent twice."""

import gzip

import pytest

STYLES = "/bootstrap/static/css/bootstrap.min.css"


def test_styles_come_pressed_and_are_the_same_styles(app) -> None:
    client = app.test_client()
    whole, pressed = (
        client.get(STYLES, buffered=True),
        client.get(STYLES, headers={"Accept-Encoding": "gzip, br"}, buffered=True),
    )
    assert (whole.content_encoding, pressed.content_encoding) == (None, "gzip")
    assert len(pressed.data) * 5 < len(whole.data)
    assert gzip.decompress(pressed.data) == whole.data
    assert {whole.headers["Vary"], pressed.headers["Vary"]} == {"Accept-Encoding"}


def test_what_a_browser_has_already_is_not_sent_again(app) -> None:
    client, takes = app.test_client(), {"Accept-Encoding": "gzip"}
    etag = client.get(STYLES, headers=takes, buffered=True).headers["ETag"]
    again = client.get(STYLES, headers={**takes, "If-None-Match": etag}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/public/zhongkao", "/alive"])
def test_answers_that_speak_of_somebody_are_never_pressed(app, path: str) -> None:
    """What is pressed together with a secret could be guessed by its length."""
    assert app.test_client().get(path, headers={"Accept-Encoding": "gzip"}).content_encoding is None
