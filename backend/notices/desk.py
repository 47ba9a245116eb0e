"""The desk's pages of notices: who asked for a human, and how the messages fare."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.desk import DeskRoom, MenuEntry
from backend.foundation.problems import Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.notices.answer_help import answer_help
from backend.notices.child_names import child_name
from backend.notices.queries import help_requests_for, notices_by_state, notices_that_ended_badly
from backend.notices.sentences import explain, knows, say

desk = DeskRoom(
    "notices",
    __name__,
    menu=(
        MenuEntry(89, "人工求助", "notices_desk.requests", "help.answer"),
        MenuEntry(90, "消息送达", "notices_desk.deliveries", "statistics.read"),
    ),
)

MOST_SHOWN = 100


@desk.get("/help")
@policy(official_who_may("help.answer"))
def requests() -> str:
    """The requests this official answers, the longest waiting first, with the child they are about."""
    rows = [(row, text, child_name(row.child_id) if row.child_id else "") for row, text in help_requests_for(actor())]
    return render_template("notices/help.html", rows=rows)


@desk.post("/help/<request_id>/answer")
@policy(official_who_may("help.answer"))
def answer(request_id: str) -> Response:
    """Answer one; the person reads it in the chat or by SMS."""
    try:
        answer_help(actor(), parse_id(request_id), request.form.get("answer", ""))
        flash("已答复，对方会收到消息。", "success")
    except Refusal as refusal:
        flash(explain(refusal.code, refusal.facts), "danger")
    return redirect(url_for("notices_desk.requests"))


@desk.get("/deliveries")
@policy(official_who_may("statistics.read"))
def deliveries() -> str:
    """How many notices of each kind stand in which state, and the latest that did not arrive (no names, no numbers)."""
    counts: dict[str, dict[str, int]] = {}
    for code, state, count in notices_by_state():
        counts.setdefault(_title(code), {})[state] = count
    states = ["ready", "sending", "sent", "delivered", "failed", "unknown"]
    names = {state: say(f"word.delivery.{state}") for state in states}
    bad = [(row, _title(row.code)) for row in notices_that_ended_badly(MOST_SHOWN)]
    return render_template("notices/deliveries.html", counts=counts, states=states, names=names, bad=bad)


def _title(code: str) -> str:
    return say(f"notice.{code}.title") if knows(f"notice.{code}.title") else code
