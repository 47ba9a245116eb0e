"""Styles, scripts and the phone page are sent pressed: on a slow line they are nearly all of a first page."""

import gzip
from functools import lru_cache
from http import HTTPStatus

from flask import Flask, Response, request

FOLDERS = ("/static", "/bootstrap", "/phone")
TEXTS = frozenset({"text/css", "text/javascript", "application/javascript", "text/html", "application/json"})
LEAST = 1024
"""Shorter files are sent as they are."""


def press_files(app: Flask) -> None:
    """Send the files of these folders pressed to whoever takes them so."""
    app.after_request(_pressed)


def _pressed(answer: Response) -> Response:
    if not request.path.startswith(FOLDERS) or answer.status_code != HTTPStatus.OK or answer.mimetype not in TEXTS:
        return answer
    answer.vary.add("Accept-Encoding")
    if request.method != "GET" or not request.accept_encodings.quality("gzip") or answer.content_encoding:
        return answer
    answer.direct_passthrough = False
    whole = answer.get_data()
    if len(whole) >= LEAST:
        answer.set_data(_small(whole))
        answer.content_encoding = "gzip"
        if etag := answer.get_etag()[0]:
            answer.set_etag(etag, weak=True)
    return answer


@lru_cache(maxsize=256)
def _small(whole: bytes) -> bytes:
    return gzip.compress(whole, mtime=0)
