"""The WSGI application behind an asynchronous door: each request goes to one of its threads once its body is here whole.

While a phone on a slow line sends its pictures nobody's thread waits for it: what has come lies in memory, and on disk
from half a megabyte on.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

from werkzeug.test import run_wsgi_app

from backend.foundation.doors import ARRIVED, LARGEST_BODY
from backend.foundation.places_inside import PlacesInside

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]
KEPT_IN_MEMORY = 500_000


class Headed(Protocol):
    """The headers of a request, their names in lower case."""

    def get(self, key: str, default: str = "") -> str:
        """The first value of the name."""

    def items(self) -> Headers:
        """Every line, as often as it came."""


class Scope(Protocol):
    """A request as RSGI tells it; `path` is decoded, `client` and `server` are `host:port`."""

    method: str
    path: str
    query_string: str
    http_version: str
    scheme: str
    client: str
    server: str

    @property
    def headers(self) -> Headed:
        """The request's headers."""


class Exchange(Protocol):
    """The body that comes and the answer that goes, as RSGI has them."""

    async def __call__(self) -> bytes:
        """The body whole."""

    def __aiter__(self) -> Any:
        """The body piece by piece."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer."""


class BehindDoor:
    """The application and its threads: at most `at_once` requests are in it, the others wait in the order they came."""

    def __init__(self, app: Application, at_once: int) -> None:
        self._app = app
        self._places = PlacesInside(at_once)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="page")

    async def answer(
        self, scope: Scope, exchange: Exchange, arrived_at: datetime, body: IO[bytes] | None = None
    ) -> None:
        """Answer the request; `body` is what of it was read already, None: nothing."""
        with await _body(scope, exchange) if body is None else body as whole:
            environ = environ_of(scope, whole, arrived_at)
            async with self._places:
                told = await asyncio.get_running_loop().run_in_executor(self._threads, self._run, environ)
        exchange.response_bytes(*told)

    def _run(self, environ: Environ) -> tuple[int, Headers, bytes]:
        pieces, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        return int(status.split(" ", 1)[0]), list(headers), b"".join(pieces)


async def _body(scope: Scope, exchange: Exchange) -> IO[bytes]:
    """The body from its beginning. Of one that is too large no more is read than shows that it is."""
    told = scope.headers.get("content-length", "")
    if told.isdecimal() and int(told) > LARGEST_BODY:
        return io.BytesIO()
    if told.isdecimal() and int(told) <= KEPT_IN_MEMORY:
        return io.BytesIO(await exchange())
    kept = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115  # whoever answers closes it
    async for piece in exchange:
        kept.write(piece)
        if kept.tell() > LARGEST_BODY:
            break
    return kept


def environ_of(scope: Scope, body: IO[bytes], arrived_at: datetime) -> Environ:
    """The request as WSGI tells it (PEP 3333), stamped with its arrival; a body that came in chunks has a length, too."""
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        ARRIVED: arrived_at,
    }
    for name, value in scope.headers.items():
        variable = name.upper().replace("-", "_")
        if variable not in {"CONTENT_LENGTH", "CONTENT_TYPE"}:
            variable = f"HTTP_{variable}"
        between = "; " if variable == "HTTP_COOKIE" else ","
        environ[variable] = f"{environ[variable]}{between}{value}" if variable in environ else value
    environ.setdefault("CONTENT_LENGTH", str(body.seek(0, io.SEEK_END)))
    body.seek(0)
    return environ
