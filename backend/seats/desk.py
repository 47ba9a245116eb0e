"""The department's page of claims to a preference, the bureau's register of deferrals: each answered with a reason."""

from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.desk import DeskRoom, MenuEntry, tried
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.policy.rules.facts import STAGES
from backend.seats.deferrals import ANSWER as DEFERRAL
from backend.seats.deferrals import answer_deferral, deferral_register
from backend.seats.preferences import APPROVE, answer_preference, claims_waiting
from backend.verification.queries import banners_of

desk = DeskRoom(
    "seats",
    __name__,
    menu=(
        MenuEntry(45, "优待审核", "seats_desk.waiting", APPROVE),
        MenuEntry(46, "缓学", "seats_desk.deferrals", DEFERRAL),
    ),
)


@desk.get("/preferences")
@policy(official_who_may(APPROVE))
def waiting() -> str:
    """The way to the claims: opening them is written down."""
    return render_template("seats/claims.html", claims=None)


@desk.post("/preferences")
@policy(official_who_may(APPROVE))
def look() -> str:
    """The claims that wait for this department; the look is written down."""
    return render_template("seats/claims.html", claims=claims_waiting(actor()))


@desk.post("/preferences/<claim_id>/answer")
@policy(official_who_may(APPROVE))
def answer(claim_id: str) -> Response:
    """Approve or refuse one."""
    form = request.form
    until = form.get("valid_until", "")
    tried(
        lambda: answer_preference(
            actor(),
            parse_id(claim_id),
            form.get("reason", ""),
            _day(until),
            approves=form.get("word") == "approve",
        ),
        "已记录，批准的进入公开名单。",
    )
    return redirect(url_for("seats_desk.waiting"))


@desk.get("/deferrals")
@policy(official_who_may(DEFERRAL))
def deferrals() -> str:
    """The way to the registers: opening one is written down."""
    return render_template("seats/deferrals.html", rows=None, banners=banners_of(actor(), DEFERRAL))


@desk.post("/deferrals/<banner>/look")
@policy(official_who_may(DEFERRAL))
def look_at_deferrals(banner: str) -> str:
    """A banner's register (E39 缓学名册) with the open requests; each child's look is written down."""
    return render_template("seats/deferrals.html", rows=deferral_register(actor(), banner), stages=STAGES)


@desk.post("/deferrals/<deferral_id>/answer")
@policy(official_who_may(DEFERRAL))
def answer_deferral_asked(deferral_id: str) -> Response:
    """Approve or refuse one."""
    reason, approves = request.form.get("reason", ""), request.form.get("word") == "approve"
    tried(lambda: answer_deferral(actor(), parse_id(deferral_id), reason, approves=approves), "已答复，记入缓学名册。")
    return redirect(url_for("seats_desk.deferrals"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
