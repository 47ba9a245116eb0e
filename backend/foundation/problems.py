"""Refusals, and how they leave the house: RFC 9457 problems with a permanent code and a sentence for people."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from apiflask.exceptions import _ValidationError
from flask import Flask, Response, current_app, jsonify, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from backend.foundation.logging import log, request_id

CONTENT_TYPE = "application/problem+json"
HTML = "text/html"
MACHINES = ("/api/", "/gateways/")
KEPT_HEADERS = {"allow", "retry-after"}
TITLES = {
    401: "请先登录",
    403: "您不能看这一页",
    404: "没有找到这一页",
    429: "请稍等一会儿",
    500: "系统出了故障",
    503: "请再试一次",
}
"""What a page that could not be shown is called, by its status."""


class Refusal(Exception):
    """Something a rule does not allow. Subclasses are statements with a permanent kebab-case `code` and a `status`.

    `facts` fill the sentence `problem.<code>` of the catalogue; `errors` point at single fields
    (`{"pointer", "code", "detail"}`, or `says` for the detail: the code of a sentence of the catalogue). A refusal that `keeps_effects` is committed: a wrong try is counted.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    keeps_effects: ClassVar[bool] = False

    def __init__(self, errors: Sequence[dict[str, str]] = (), **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts
        self.errors = list(errors)


class NotFound(Refusal):
    """There is no such thing, or it is not yours: the answer is the same."""

    code = "not-found"
    status = 404


class Malformed(Refusal):
    """The request's fields are not as the interface says; `errors` names each."""

    code = "fields-invalid"
    status = 422


class Unavailable(Refusal):
    """Whether the request took effect is not known; the same key may be sent again."""

    code = "try-again"
    status = 503


STATUS_CODES = {
    400: "request-malformed",
    401: "login-needed",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "media-type-unsupported",
    422: "fields-invalid",
    429: "too-many-requests",
}

Sentences = Callable[[str, dict[str, Any], str], str]
"""Says a refusal: its code, its facts, and the languages that are asked for as in an Accept-Language header."""


def problem_of(code: str, status: int, detail: str, request: str) -> dict[str, Any]:
    """The members that every problem has (RFC 9457, and the code and the request's id besides)."""
    return {
        "type": f"urn:sunroll:problem:{code}",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request,
    }


def answer_with_problems(app: Flask, sentences: Sentences) -> None:
    """Let every refusal, HTTP error and fault leave as a problem; `sentences` says it to people.

    Data are told in the language that is asked for; a page is Chinese, and so is what it tells.
    """

    def problem(code: str, status: int, facts: dict[str, Any], errors: list[dict[str, str]]) -> Response:
        is_page = _a_person_reads()
        asked = "" if is_page else request.headers.get("Accept-Language", "")
        body = problem_of(code, status, sentences(code, facts, asked), request_id.get())
        if errors:
            body["errors"] = [with_detail(error, lambda told: sentences(told, {}, asked)) for error in errors]
        if is_page:
            return _page(body)
        answer = jsonify(body)
        answer.status_code = status
        answer.content_type = CONTENT_TYPE
        return answer

    def refused(refusal: Refusal) -> Response:
        return problem(refusal.code, refusal.status, refusal.facts, refusal.errors)

    def malformed(error: Exception) -> Response:
        return problem(Malformed.code, Malformed.status, {}, _field_errors(getattr(error, "detail", {})))

    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        answer = problem(STATUS_CODES.get(status, "request-refused"), status, {}, [])
        kept = [(name, value) for name, value in error.get_headers(request.environ) if name.lower() in KEPT_HEADERS]
        answer.headers.update(kept)
        return answer

    def fault(error: Exception) -> Response:
        log(__name__).error("fault", exc_info=error, path=request.path)
        return problem(*_unknown_or_ours(error), {}, [])

    app.register_error_handler(Refusal, refused)
    app.register_error_handler(_ValidationError, malformed)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, fault)


def with_detail(error: dict[str, str], say: Callable[[str], str]) -> dict[str, str]:
    """One of a refusal's `errors` with its detail as a sentence; `say` tells the sentence that it names by a code."""
    told = dict(error)
    says = told.pop("says", None)
    return told if says is None else {**told, "detail": say(says)}


def _unknown_or_ours(error: Exception) -> tuple[str, int]:
    """A database that went away in the middle leaves it open what became of the request; anything else is our fault."""
    away = isinstance(error, OperationalError)
    return (Unavailable.code, Unavailable.status) if away else ("internal-fault", 500)


def _a_person_reads() -> bool:
    """Whether a browser's window asks for a page, not one of our own scripts for data."""
    if request.path.startswith(MACHINES):
        return False
    return request.accept_mimetypes.best_match([CONTENT_TYPE, HTML], default=CONTENT_TYPE) == HTML


def _page(body: dict[str, Any]) -> Response:
    """The problem as a page. No context processor runs: they may be what failed."""
    template = current_app.jinja_env.get_template("public/problem.html")
    told = {name: body[name] for name in ("code", "detail", "request_id")}
    title = TITLES.get(body["status"], "这一步没有办成")
    return Response(
        template.render(**told, title=title, desk=request.path.startswith("/desk")),
        body["status"],
        content_type=f"{HTML}; charset=utf-8",
    )


def _field_errors(detail: Any) -> list[dict[str, str]]:
    errors = []
    for location in detail.values() if isinstance(detail, dict) else []:
        for field, messages in location.items() if isinstance(location, dict) else []:
            pointer = "/" + str(field).replace(".", "/").removeprefix("_schema")
            errors += [{"pointer": pointer, "code": "invalid", "detail": str(message)} for message in messages]
    return errors


def parse_id(text: str) -> uuid.UUID:
    """A public id from a path or a form. Raises NotFound where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound from error
