"""The HTTP door: arrival stamp, request id, one transaction a request, safe headers, and no route without a policy."""

import re
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from apiflask import APIFlask
from flask import Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, ValidationError

from backend.foundation import clock
from backend.foundation.idempotency import RequestKeyMissing, earlier_answer, keep_answer, request_key
from backend.foundation.logging import principal, request_id
from backend.foundation.problems import Refusal
from backend.foundation.unit_of_work import reading, retrying, unit_of_work

LOOKS = {"GET", "HEAD", "OPTIONS"}
ARRIVAL_VARIABLE = "HTTP_X_SUNROLL_ARRIVED"
ARRIVED = "sunroll.arrived_at"
LARGEST_BODY = 14 * 1024 * 1024
ZERO_IN_JSON = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
LARGEST_INTEGER = 2**31 - 1
POLICY = "__sunroll_policy__"
KEYLESS = "__sunroll_keyless__"
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self' {listens_at}; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
}


class RouteWithoutPolicy(Exception):
    """A route does not say who may take it; the service does not start."""


class FittingInteger(IntegerConverter):
    """A number in a path that a column can hold; a larger one is no address of ours."""

    def to_python(self, value: str) -> int:
        """The number. Raises werkzeug's ValidationError, which lets the route not match."""
        number = int(super().to_python(value))
        if number > LARGEST_INTEGER:
            raise ValidationError
        return number


class Application(APIFlask):
    """A Flask application in which every request is one transaction, committed before it is answered."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.url_map.converters["int"] = FittingInteger

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view: a look is rolled back, a change is committed, with its answer kept under its request key."""
        if request.method in LOOKS:
            with reading():
                return self.make_response(super().dispatch_request())
        return retrying(self._change)

    def _change(self) -> Response:
        view = self.view_functions[request.endpoint] if request.endpoint else None
        needs_key = view is not None and not getattr(view, KEYLESS, False)
        with unit_of_work():
            key = request_key(request) if needs_key else None
            if needs_key and key is None:
                raise RequestKeyMissing
            if key is not None and (answer := earlier_answer(request, principal.get(), key)) is not None:
                return answer
            answer = self._answer()
            if key is not None:
                keep_answer(request, principal.get(), key, answer)
            return answer

    def _answer(self) -> Response:
        try:
            return self.make_response(super().dispatch_request())
        except Refusal as refusal:
            if not refusal.keeps_effects:
                raise
            return self.make_response(self.handle_user_exception(refusal))


def keyless(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a change that carries no request key: log-in steps and machine callbacks that have ids of their own."""
    setattr(view, KEYLESS, True)
    return view


def arrived_at() -> datetime:
    """The instant that decides about deadlines: stamped by the trusted proxy, or by this process before anything else."""
    return cast("datetime", g.arrived_at)


def arrival_of(stamped: str | None, now: datetime) -> datetime:
    """The instant that a trusted proxy has stamped (seconds since 1970), else `now`."""
    return datetime.fromtimestamp(float(stamped), tz=clock.SHANGHAI) if stamped else now


def stamp_arrival(environ: dict[str, Any], *, trusted_proxy: bool) -> None:
    """Stamp the arrival once: by the trusted proxy, or by whichever of our own layers sees the request first."""
    if ARRIVED not in environ:
        stamped = environ.get(ARRIVAL_VARIABLE) if trusted_proxy else None
        environ[ARRIVED] = arrival_of(stamped, clock.now())


def stamp_requests(app: Application, *, trusted_proxy: bool, push_url: str) -> None:
    """Stamp arrival and id on every request, and safe headers on every answer; pages may listen at `push_url`.

    Behind a trusted proxy the address and the scheme of a request are those that the proxy tells.
    """
    listens_at = f"{push_url} {push_url.replace('http', 'ws', 1)}"
    safe = {name: value.format(listens_at=listens_at) for name, value in SAFE_HEADERS.items()}
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = 500_000
    app.config["MAX_FORM_PARTS"] = 200

    def stamp() -> None:
        stamp_arrival(request.environ, trusted_proxy=trusted_proxy)
        g.arrived_at = request.environ[ARRIVED]
        request_id.set(uuid.uuid4().hex)
        principal.set("anonymous")

    def dress(answer: Response) -> Response:
        for name, value in safe.items():
            answer.headers.setdefault(name, value)
        if not request.path.startswith(("/static", "/phone", "/bootstrap")):
            answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers["X-Request-Id"] = request_id.get()
        return answer

    if trusted_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.before_request_funcs.setdefault(None, []).insert(0, stamp)
    app.before_request_funcs[None].insert(1, refuse_zero_bytes)
    app.after_request(dress)


def refuse_zero_bytes() -> None:
    """Refuse a request that holds a NUL character: no text of ours has one, and no column takes one."""
    texts = [request.path, *(text for pair in request.args.items(multi=True) for text in pair)]
    if request.mimetype == "application/x-www-form-urlencoded":
        texts += [text for pair in request.form.items(multi=True) for text in pair]
    if any("\0" in text for text in texts) or (request.is_json and ZERO_IN_JSON.search(request.get_data())):
        raise BadRequest


def refuse_open_routes(app: Application, exempt: Iterable[str]) -> None:
    """Raise RouteWithoutPolicy unless every route says who may take it; `exempt` are the frameworks' own endpoints."""
    free = set(exempt)
    open_routes = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in free and not hasattr(app.view_functions[rule.endpoint], POLICY)
    )
    if open_routes:
        raise RouteWithoutPolicy("routes without a policy: " + ", ".join(open_routes))
