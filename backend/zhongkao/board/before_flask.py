"""The service's door (RSGI): one's own rank and a change of choice are answered here, everything else goes to Flask.

Both hot paths check the same signed token as Flask does. Whatever is not plain (no token, an ended log-in, a log-in that
needs a code, a question with options, a candidate or a unit that is not of the board's session) goes on to Flask.
Refusals are said here in the same words: at a close as many come too late as in time, and those in time must not wait
behind them. A wish that waits for its commit holds neither a thread nor a connection to the database.
Every request is stamped with its arrival here, before anything else looks at it (P3).
"""

import asyncio
import io
import json
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import IO

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # documented; exported without saying so
from sqlalchemy.exc import SQLAlchemyError

from backend.foundation import clock
from backend.foundation.behind_door import BehindDoor, Exchange, Headed, Headers, Scope
from backend.foundation.doors import arrival_of
from backend.foundation.problems import CONTENT_TYPE, Refusal, Sentences, problem_of
from backend.identity.candidate_tokens import CandidateToken, read_candidate_token
from backend.zhongkao.board.boards import Boards, Seat
from backend.zhongkao.board.layout import compact
from backend.zhongkao.board.standing import instant, standing_json
from backend.zhongkao.refusals import REFUSALS, NotInSession
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.wishes import Told, Wish

Keep = Callable[[int, Wish], Awaitable[Told]]
Answer = tuple[int, Headers, bytes]

STANDING = "/api/exam/standing"
CHOICES = "/api/exam/choices/"
LARGEST_WISH = 4096
LONGEST_KEY = 200
SAFE = [
    ("content-type", "application/json"),
    ("cache-control", "private, no-cache"),
    ("x-content-type-options", "nosniff"),
]
OK, NOT_MODIFIED = 200, 304
ASK_AGAIN_FROM_MS, ASK_AGAIN_WITHIN_MS = 2000, 3000


class BeforeFlask:
    """The hot paths, and Flask behind them."""

    def __init__(
        self,
        behind: BehindDoor,
        boards: Boards,
        keep: Keep,
        key: bytes,
        sentences: Sentences,
        *,
        ahead: Callable[[], timedelta] | None = None,
        trusted_proxy: bool = False,
    ) -> None:
        """`ahead` asks how far a rehearsal has moved the clock, which may need the database; None outside a rehearsal."""
        self._behind = behind
        self._boards = boards
        self._keep = keep
        self._key = key
        self._sentences = sentences
        self._ahead = ahead
        self._trusted_proxy = trusted_proxy

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer a hot path; or stamp the arrival and hand on. Who hangs up before his request is whole gets no answer."""
        with suppress(ProtocolClosed):
            await self._answer(scope, exchange)

    async def _answer(self, scope: Scope, exchange: Exchange) -> None:
        path, headers = scope.path, scope.headers
        if path == STANDING and scope.method == "GET" and not scope.query_string:
            answer = self._standing(headers)
            if answer is not None:
                exchange.response_bytes(*answer)
                return
        arrived_at = await self._arrival(headers)
        body: IO[bytes] | None = None
        if scope.method == "PUT" and path.startswith(CHOICES) and _is_small(headers):
            raw = await exchange()
            answer = await self._choose(path[len(CHOICES) :], headers, raw, arrived_at)
            if answer is not None:
                exchange.response_bytes(*answer)
                return
            body = io.BytesIO(raw)
        await self._behind.answer(scope, exchange, arrived_at, body)

    async def _arrival(self, headers: Headed) -> datetime:
        if self._ahead is None:
            seen = clock.now()
        else:
            seen = clock.machine_now()
            seen += await asyncio.get_running_loop().run_in_executor(None, self._ahead)
        return arrival_of(headers.get("x-sunroll-arrived") if self._trusted_proxy else None, seen)

    def _standing(self, headers: Headed) -> Answer | None:
        token = self._token(headers)
        seat = self._seat(token) if token else None
        if seat is None:
            return None
        tag = f'W/"{seat.view.book.said["session"]}-{seat.view.version}"'
        told = [*SAFE, ("etag", tag), *freshness(seat)]
        if headers.get("if-none-match") == tag:
            return NOT_MODIFIED, told, b""
        return OK, told, standing_json(seat)

    async def _choose(self, category: str, headers: Headed, raw: bytes, arrived_at: datetime) -> Answer | None:
        asked = self._wish(category, headers, raw, arrived_at)
        if asked is None:
            return None
        try:
            kept, standing = await self._keep(*asked)
        except (Refusal, SQLAlchemyError):
            return None
        if kept.refused is not None and kept.refused != NotInSession.code:
            return self._refuse(REFUSALS[kept.refused], headers.get("accept-language", ""))
        if kept.refused is not None or standing is None:
            return None
        told = {
            "receipt": kept.receipt,
            "arrived_at": instant(milliseconds(kept.arrived_at)),
            "version": kept.version,
            "standing": standing,
        }
        return OK, SAFE, compact(told)

    def _wish(self, category: str, headers: Headed, raw: bytes, arrived_at: datetime) -> tuple[int, Wish] | None:
        """The session and the wish of a plain request; None where Flask must look at it."""
        token = self._token(headers)
        key = headers.get("idempotency-key", "")
        if token is None or token.needs_code or not 0 < len(key) <= LONGEST_KEY:
            return None
        seat = self._seat(token)
        wanted = _unit_in(raw)
        if seat is None or wanted is None or seat.view.book.said["category"] != category:
            return None
        book = seat.view.book
        number = book.number_of.get(wanted)
        if number is None:
            return None
        unit = book.units[number]["id"]
        wish = Wish(token.candidate_id, "choose", unit, arrived_at, login_id=token.login_id, request_key=key)
        return book.said["session"], wish

    def _refuse(self, refusal: type[Refusal], asked: str) -> Answer:
        """What the record refused, said as Flask would."""
        request = uuid.uuid4().hex
        told = problem_of(refusal.code, refusal.status, self._sentences(refusal.code, {}, asked), request)
        headers = [("content-type", CONTENT_TYPE), *SAFE[1:], ("x-request-id", request)]
        return refusal.status, headers, compact(told)

    def _token(self, headers: Headed) -> CandidateToken | None:
        header = headers.get("authorization", "")
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
        ("sunroll-age-ms", str(seat.age_ms)),
        ("sunroll-server-ms", str(seat.server_time)),
        ("sunroll-ask-again-ms", str(ASK_AGAIN_FROM_MS + spread)),
    ]


def _is_small(headers: Headed) -> bool:
    length = headers.get("content-length", "0")
    return length.isdecimal() and 0 < int(length) <= LARGEST_WISH


def _unit_in(raw: bytes) -> str | None:
    """The unit's code out of a plain wish."""
    try:
        said = json.loads(raw)
    except ValueError:
        return None
    unit = said.get("unit") if isinstance(said, dict) and said.keys() <= {"unit", "code"} else None
    return unit if isinstance(unit, str) and said.get("code") is None else None
