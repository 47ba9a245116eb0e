"""The desk's page of tip-offs: read, answer once."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.database import db
from backend.foundation.desk import DeskRoom, MenuEntry
from backend.foundation.problems import Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.notices.sentences import explain
from backend.results.file_tipoff import answer_tipoff, text_of, tipoffs_for

desk = DeskRoom("results", __name__, menu=(MenuEntry(80, "举报与投诉", "results_desk.tipoffs", "tipoff.answer"),))


@desk.get("/tipoffs")
@policy(official_who_may("tipoff.answer"))
def tipoffs() -> str:
    """The tip-offs this official answers."""
    rows = [(tipoff, text_of(tipoff)) for tipoff in tipoffs_for(actor())]
    return render_template("results/tipoffs.html", rows=rows)


@desk.post("/tipoffs/<tipoff_id>/answer")
@policy(official_who_may("tipoff.answer"))
def answer(tipoff_id: str) -> Response:
    """Give the one answer."""
    try:
        with db.session.begin_nested():
            answer_tipoff(actor(), parse_id(tipoff_id), request.form.get("answer", ""))
        flash("已答复。", "success")
    except Refusal as refusal:
        flash(explain(refusal.code, refusal.facts), "danger")
    return redirect(url_for("results_desk.tipoffs"))
