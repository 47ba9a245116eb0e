"""The two hot paths of a session, answered before Flask: one's own rank, and a change of choice, kept or refused.

Both check the same signed token as Flask does. Whatever is not plain (no token, an ended log-in, a log-in that needs a
code, a question with options, a candidate or a unit that is not of the board's session) goes on to Flask. Refusals are
said here in the same words: at a close as many come too late as in time, and those in time must not wait behind them.
Many wishes may wait for one commit, without a connection to the database; in Flask only so many requests are at once.
Every request is stamped with its arrival here, before anything else looks at it (P3).
"""

import io
import json
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from backend.foundation import clock
from backend.foundation.doors import ARRIVED, stamp_arrival
from backend.foundation.problems import CONTENT_TYPE, Refusal, Sentences, problem_of
from backend.identity.candidate_tokens import CandidateToken, read_candidate_token
from backend.zhongkao.board.boards import Boards, Seat
from backend.zhongkao.board.standing import instant, standing_json
from backend.zhongkao.refusals import REFUSALS, NotInSession
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.wishes import Kept, Wish

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
Context = Callable[[], AbstractContextManager[object]]
"""Within it the clock can ask how far a rehearsal has moved it."""
Writer = Callable[[int, Wish], tuple[Kept, dict[str, Any] | None]]
Headers = list[tuple[str, str]]

STANDING = "/api/exam/standing"
CHOICES = "/api/exam/choices/"
LARGEST_WISH = 4096
LONGEST_KEY = 200
SAFE = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "private, no-cache"),
    ("X-Content-Type-Options", "nosniff"),
]
_AS_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
ASK_AGAIN_FROM_MS, ASK_AGAIN_WITHIN_MS = 2000, 3000


class BeforeFlask:
    """The application with the hot paths in front."""

    def __init__(
        self,
        app: Application,
        context: Context,
        boards: Boards,
        writer: Writer,
        key: bytes,
        sentences: Sentences,
        *,
        pages_at_once: int,
        trusted_proxy: bool,
    ) -> None:
        self._app = app
        self._context = context
        self._boards = boards
        self._writer = writer
        self._key = key
        self._sentences = sentences
        self._pages = BoundedSemaphore(pages_at_once)
        self._trusted_proxy = trusted_proxy

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Stamp the arrival; answer the hot paths or hand on."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == STANDING and method == "GET" and not environ.get("QUERY_STRING"):
            answer = self._standing(environ, start)
            if answer is not None:
                return answer
        with self._context():
            stamp_arrival(environ, trusted_proxy=self._trusted_proxy)
        if method == "PUT" and path.startswith(CHOICES):
            answer = self._choose(environ, start)
            if answer is not None:
                return answer
        with self._pages:
            return self._app(environ, start)

    def _standing(self, environ: Environ, start: Start) -> list[bytes] | None:
        token = self._token(environ)
        seat = self._seat(token) if token else None
        if seat is None:
            return None
        tag = f'W/"{seat.view.book.said["session"]}-{seat.view.version}"'
        headers = [*SAFE, ("ETag", tag), *freshness(seat)]
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            start("304 Not Modified", headers)
            return [b""]
        return _answer(start, headers, standing_json(seat))

    def _choose(self, environ: Environ, start: Start) -> list[bytes] | None:
        asked = self._wish(environ)
        if asked is None:
            return None
        try:
            kept, standing = self._writer(*asked)
        except (Refusal, SQLAlchemyError):
            return None
        if kept.refused is not None and kept.refused != NotInSession.code:
            return self._refuse(start, REFUSALS[kept.refused], environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        if kept.refused is not None or standing is None:
            return None
        told = {
            "receipt": kept.receipt,
            "arrived_at": instant(milliseconds(kept.arrived_at)),
            "version": kept.version,
            "standing": standing,
        }
        return _answer(start, list(SAFE), _json(told))

    def _wish(self, environ: Environ) -> tuple[int, Wish] | None:
        """The session and the wish of a plain request; None where Flask must look at it."""
        token = self._token(environ)
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        if token is None or token.needs_code or not 0 < len(key) <= LONGEST_KEY:
            return None
        seat = self._seat(token)
        wanted = _body(environ)
        if seat is None or wanted is None or seat.view.book.said["category"] != environ["PATH_INFO"][len(CHOICES) :]:
            return None
        book = seat.view.book
        number = book.number_of.get(wanted)
        if number is None:
            return None
        unit = book.units[number]["id"]
        login, arrived_at = token.login_id, environ[ARRIVED]
        wish = Wish(token.candidate_id, "choose", unit, arrived_at, login_id=login, request_key=key)
        return book.said["session"], wish

    def _refuse(self, start: Start, refusal: type[Refusal], asked: str) -> list[bytes]:
        """What the record refused, said as Flask would."""
        request = uuid.uuid4().hex
        told = problem_of(refusal.code, refusal.status, self._sentences(refusal.code, {}, asked), request)
        headers = [("Content-Type", CONTENT_TYPE), *SAFE[1:], ("X-Request-Id", request)]
        return _answer(start, headers, _json(told), HTTPStatus(refusal.status))

    def _token(self, environ: Environ) -> CandidateToken | None:
        header = environ.get("HTTP_AUTHORIZATION", "")
        if not header.startswith("Bearer zk1."):
            return None
        ahead = self._boards.clock_ahead
        moment = datetime.fromtimestamp(clock.machine_milliseconds() // 1000 + ahead, UTC)
        return read_candidate_token(header[len("Bearer ") :], self._key, moment)

    def _seat(self, token: CandidateToken) -> Seat | None:
        """Where the holder stands; None where no board knows him or his log-in was ended."""
        seat = self._boards.seat(token.candidate_id)
        return None if seat is None or seat.view.has_ended(token.login_id) else seat


def freshness(seat: Seat) -> Headers:
    """How old the figures are, also where a 304 has no body, and when to ask again: spread out, so that no crowd forms."""
    spread = (seat.position * 7919 + seat.view.version * 104729) % ASK_AGAIN_WITHIN_MS
    return [
        ("Sunroll-Age-Ms", str(seat.age_ms)),
        ("Sunroll-Server-Ms", str(seat.server_time)),
        ("Sunroll-Ask-Again-Ms", str(ASK_AGAIN_FROM_MS + spread)),
    ]


def _answer(start: Start, headers: Headers, body: bytes, status: HTTPStatus = HTTPStatus.OK) -> list[bytes]:
    headers.append(("Content-Length", str(len(body))))
    start(f"{status.value} {status.phrase}", headers)
    return [body]


def _json(told: dict[str, Any]) -> bytes:
    return _AS_TEXT(told).encode()


def _body(environ: Environ) -> str | None:
    """The unit's code out of a plain wish. What was read is put back, for Flask may have to read it again."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or not 0 < int(length) <= LARGEST_WISH:
        return None
    raw = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(raw)
    try:
        said = json.loads(raw)
    except ValueError:
        return None
    unit = said.get("unit") if isinstance(said, dict) and said.keys() <= {"unit", "code"} else None
    return unit if isinstance(unit, str) and said.get("code") is None else None
