"""Answers that are the same for everybody: any cache between us and the reader may carry them for some seconds."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request

SECONDS = 5
"""How long a cache shared by many may answer by itself; a browser asks again each time."""


def carried(
    *, seconds: int = SECONDS, unless: str | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Mark a public view of which nothing depends on who asks.

    Its answers say so and carry an ETag: whoever has this very answer is told 304. Where the query argument `unless` is
    given the address itself is somebody's own, and nobody keeps the answer.
    """

    def dress(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def answered(*arguments: Any, **values: Any) -> Response:
            answer = current_app.make_response(view(*arguments, **values))
            if answer.status_code == HTTPStatus.OK and not request.args.get(unless or ""):
                answer.headers["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}"
                answer.add_etag(weak=True)
                answer.make_conditional(request)
            return answer

        return answered

    return dress
