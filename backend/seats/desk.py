"""The department's page of claims to a preference, each answered with a reason; an official's look at a home's locks."""

from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.desk import DeskRoom, MenuEntry, tried
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.policy.rules.facts import STAGES
from backend.seats.address_locks import LOOK, locks_of_home
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


@desk.get("/banners/<banner>/homes")
@policy(official_who_may(LOOK))
def homes(banner: str) -> str:
    """The way to a home's locks: the look is written down."""
    authorize_office(actor(), LOOK, banner_scopes(banner))
    return render_template("seats/locks.html", banner=banner, unit="", locks=None)


@desk.post("/banners/<banner>/homes")
@policy(official_who_may(LOOK))
def look_at_home(banner: str) -> str:
    """A home's locks, and by whose word each stands."""
    unit = request.form.get("unit", "")
    locks = tried(lambda: locks_of_home(actor(), banner, unit), "这次查询已记录。")
    return render_template("seats/locks.html", banner=banner, unit=unit, locks=locks, stages=STAGES)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
