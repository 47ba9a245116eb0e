"""Answers that are the same for everybody: any cache between us and the reader may carry them for some seconds."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request

SECONDS = 5
"""How long a cache shared by many may answer by itself; a browser asks again each time."""


def carried(
    *, seconds: int = SECONDS, unless: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Mark a public view of which nothing depends on who asks.

    Its answers say so and carry an ETag: whoever has this very answer is told 304. Where a query argument of `unless` is
    filled in the address itself is somebody's own, and nobody keeps the answer.
    """

    def dress(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def answered(*arguments: Any, **values: Any) -> Response:
            answer = current_app.make_response(view(*arguments, **values))
            if answer.status_code == HTTPStatus.OK and not any(request.args.get(name) for name in unless):
                answer.headers["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}"
                answer.add_etag(weak=True)
                answer.make_conditional(request)
            return answer

        return answered

    return dress
