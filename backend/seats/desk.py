"""The department's page of claims to a preference: each answered with a reason."""

from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.desk import DeskRoom, MenuEntry, tried
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.seats.preferences import APPROVE, answer_preference, claims_waiting

desk = DeskRoom(
    "seats",
    __name__,
    menu=(MenuEntry(45, "优待审核", "seats_desk.waiting", APPROVE),),
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


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
