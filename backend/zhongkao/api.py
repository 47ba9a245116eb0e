"""HTTP for candidates: log in, look at oneself, choose, leave a standing order, the diary, admission and report-in."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel, Field

from backend.foundation.doors import arrived_at, keyless
from backend.foundation.idempotency import HEADER
from backend.identity.actors import CANDIDATE, PUBLIC, actor, policy
from backend.identity.sessions import token_of
from backend.zhongkao.admission_view import admission_view
from backend.zhongkao.candidate_codes import ExamCodeWrong, send_change_code
from backend.zhongkao.candidate_diary import diary_of
from backend.zhongkao.candidate_lists import units_view
from backend.zhongkao.candidate_view import candidate_view, codes_of
from backend.zhongkao.change_my_choice import Asked, category_under_way, change_my_choice, session_in_force
from backend.zhongkao.counter.api import counter_api
from backend.zhongkao.exam_places import session_named
from backend.zhongkao.give_standing_order import end_standing_order, give_standing_order
from backend.zhongkao.letters import letter_of
from backend.zhongkao.log_in_candidate import (
    ask_login_code,
    candidate_of,
    log_in_candidate,
    log_out_candidate,
    present_login,
    require_change_code,
)
from backend.zhongkao.public_lines import own_lines
from backend.zhongkao.recheck_score import ask_recheck, rechecks_of
from backend.zhongkao.report_in import report_in
from backend.zhongkao.what_was_seen import what_i_saw

api = APIBlueprint("zhongkao", __name__, url_prefix="/api/exam", tag="zhongkao")
api.register_blueprint(counter_api)


class NumberBody(BaseModel):
    """An exam number (准考证号)."""

    exam_number: str = Field(min_length=4, max_length=30)


class LoginBody(NumberBody):
    """An exam number with the code, and a lasting name of the device."""

    code: str = Field(max_length=10)
    device: str = Field(min_length=1, max_length=200)


class ChoiceBody(BaseModel):
    """The unit to choose; the code where the log-in is on a new device."""

    unit: str = Field(min_length=1, max_length=100)
    code: str | None = Field(default=None, max_length=10)


class ClearBody(BaseModel):
    """The code where the log-in is on a new device."""

    code: str | None = Field(default=None, max_length=10)


class OrderBody(BaseModel):
    """The units of a standing order, best first; the category where it is not the one under way."""

    units: list[str] = Field(min_length=1, max_length=200)
    category: str | None = Field(default=None, max_length=40)
    code: str | None = Field(default=None, max_length=10)


class CategoryQuery(BaseModel):
    """A category of choices."""

    category: str = Field(max_length=40)


class SeenQuery(BaseModel):
    """A session and a span of time, ISO 8601."""

    session: str = Field(max_length=40)
    since: str = Field(max_length=40)
    until: str = Field(max_length=40)


def _address() -> str:
    return request.remote_addr or "-"


@api.post("/login/code")
@policy(PUBLIC)
@keyless
@api.input(NumberBody, arg_name="body")
def ask_code(body: NumberBody) -> dict[str, str]:
    """Send a log-in code to the phone stored for the exam number."""
    return {"phone_masked": ask_login_code(body.exam_number, _address())}


@api.post("/login")
@policy(PUBLIC)
@keyless
@api.input(LoginBody, arg_name="body")
def log_in(body: LoginBody) -> dict[str, Any]:
    """Log in with number and code. A wrong try is kept even though it is refused."""
    done = log_in_candidate(body.exam_number, body.code, body.device)
    if done is None:
        raise ExamCodeWrong
    return {"token": done.token, "candidate": candidate_view(done.candidate), "new_device": done.new_device}


@api.delete("/session")
@policy(CANDIDATE)
@keyless
def leave() -> tuple[str, int]:
    """Log out on this device."""
    log_out_candidate(present_login(token_of(request) or ""), arrived_at())
    return "", 204


@api.get("/me")
@policy(CANDIDATE)
def me() -> dict[str, Any]:
    """The candidate's own page."""
    return candidate_view(candidate_of(actor()))


@api.get("/units")
@policy(CANDIDATE)
@api.input(CategoryQuery, location="query", arg_name="query")
def units(query: CategoryQuery) -> dict[str, Any]:
    """The units of a category with whether he may choose each."""
    return {"items": units_view(candidate_of(actor()), query.category)}


@api.post("/change-code")
@policy(CANDIDATE)
@keyless
def ask_change_code() -> dict[str, str]:
    """Send the code that a change on a new device needs."""
    login = present_login(token_of(request) or "")
    return {"phone_masked": send_change_code(candidate_of(actor()), login, _address())}


@api.put("/choices/<category>")
@policy(CANDIDATE)
@api.input(ChoiceBody, arg_name="body")
def choose(category: str, body: ChoiceBody) -> dict[str, Any]:
    """Choose a unit, or change to another; judged at the arrival of the request."""
    asked = Asked(category, body.unit, body.code, _address(), request.headers.get(HEADER))
    return change_my_choice(candidate_of(actor()), present_login(token_of(request) or ""), asked, arrived_at())


@api.delete("/choices/<category>")
@policy(CANDIDATE)
@api.input(ClearBody, location="query", arg_name="query")
def clear(category: str, query: ClearBody) -> dict[str, Any]:
    """Take the choice back, where the session's locks allow it."""
    asked = Asked(category, None, query.code, _address(), request.headers.get(HEADER))
    return change_my_choice(candidate_of(actor()), present_login(token_of(request) or ""), asked, arrived_at())


@api.put("/standing-order")
@policy(CANDIDATE)
@api.input(OrderBody, arg_name="body")
def leave_order(body: OrderBody) -> dict[str, Any]:
    """Leave an ordered list that the system moves along."""
    candidate, login = candidate_of(actor()), present_login(token_of(request) or "")
    require_change_code(candidate, login, body.code, _address())
    session = session_in_force(candidate.year, body.category or category_under_way(candidate.year))
    order = give_standing_order(candidate, session, body.units, arrived_at())
    return {"standing_order": codes_of(order), "given_at": order.given_at.isoformat(timespec="milliseconds")}


@api.delete("/standing-order")
@policy(CANDIDATE)
@api.input(ClearBody, location="query", arg_name="query")
def take_order_back(query: ClearBody) -> tuple[str, int]:
    """Take the list back; what is held stays held."""
    candidate, login = candidate_of(actor()), present_login(token_of(request) or "")
    require_change_code(candidate, login, query.code, _address())
    end_standing_order(candidate, session_in_force(candidate.year, category_under_way(candidate.year)), arrived_at())
    return "", 204


@api.get("/diary")
@policy(CANDIDATE)
def diary() -> dict[str, Any]:
    """Everything that was asked in his name."""
    return {"items": diary_of(candidate_of(actor()))}


@api.get("/seen")
@policy(CANDIDATE)
@api.input(SeenQuery, location="query", arg_name="query")
def seen(query: SeenQuery) -> dict[str, Any]:
    """What his figures were, moment by moment, by the record (T-1.5)."""
    candidate = candidate_of(actor())
    return {"items": what_i_saw(candidate, session_named(candidate.year, query.session), query.since, query.until)}


@api.get("/rechecks")
@policy(CANDIDATE)
def rechecks() -> dict[str, Any]:
    """What he asked to have looked at again, with the answers."""
    return {"items": rechecks_of(candidate_of(actor()))}


@api.post("/rechecks/<subject>")
@policy(CANDIDATE)
def recheck(subject: str) -> tuple[dict[str, Any], int]:
    """Ask to have one subject's score looked at again."""
    candidate = candidate_of(actor())
    ask_recheck(candidate, subject, arrived_at())
    return {"items": rechecks_of(candidate)}, 201


@api.get("/admission")
@policy(CANDIDATE)
def admission() -> dict[str, Any]:
    """Whether and where he is admitted."""
    return admission_view(candidate_of(actor()))


@api.get("/lines")
@policy(CANDIDATE)
def lines() -> dict[str, Any]:
    """The published lines of the units he had a right to, beside his own scores."""
    return own_lines(candidate_of(actor()))


@api.post("/report-in")
@policy(CANDIDATE)
def come() -> dict[str, Any]:
    """Report in at the school that admitted him."""
    candidate = candidate_of(actor())
    report_in(candidate, arrived_at())
    return admission_view(candidate)


@api.get("/letter.pdf")
@policy(CANDIDATE)
def letter() -> Response:
    """The letter of admission."""
    candidate = candidate_of(actor())
    answer = Response(letter_of(candidate), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "inline; filename=luqu-tongzhishu.pdf"
    return answer
