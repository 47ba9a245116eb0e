"""The bureau's register of deferrals at the desk (E39 缓学名册): answers, a kindergarten meanwhile, who comes back next year."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.enrolment.deferrals import ANSWER, answer_deferral, deferral_register
from backend.foundation.desk import tried
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.placement.deferring.keep_deferred import keep_in_kindergarten, kindergartens_with_room
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.facts import STAGES
from backend.verification.queries import banners_of

deferrals = Blueprint("deferrals", __name__)


@deferrals.get("/deferrals")
@policy(official_who_may(ANSWER))
def registers() -> str:
    """The way to the registers: opening one is written down."""
    return render_template("placement/deferrals.html", rows=None, banners=banners_of(actor(), ANSWER))


@deferrals.post("/deferrals/<banner>/look")
@policy(official_who_may(ANSWER))
def look(banner: str) -> str:
    """A banner's register with the open requests; each child's look is written down."""
    return render_template(
        "placement/deferrals.html",
        rows=deferral_register(actor(), banner),
        year=book_in_force(banner).year,
        room=kindergartens_with_room(banner),
        stages=STAGES,
    )


@deferrals.post("/deferrals/<deferral_id>/answer")
@policy(official_who_may(ANSWER))
def answer(deferral_id: str) -> Response:
    """Approve or refuse one."""
    reason, approves = request.form.get("reason", ""), request.form.get("word") == "approve"
    tried(lambda: answer_deferral(actor(), parse_id(deferral_id), reason, approves=approves), "已答复，记入缓学名册。")
    return redirect(url_for("placement_desk.deferrals.registers"))


@deferrals.post("/deferrals/<deferral_id>/kindergarten")
@policy(official_who_may(ANSWER))
def keep(deferral_id: str) -> Response:
    """Find the child a kindergarten until next year."""
    school = request.form.get("school", "")
    tried(lambda: keep_in_kindergarten(actor(), parse_id(deferral_id), school), "已安排幼儿园并通知家长。")
    return redirect(url_for("placement_desk.deferrals.registers"))
