"""The desk's page of one run: freeze → run → check → two officials → published, with a bar while it runs."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.database import db
from backend.foundation.desk import DeskRoom
from backend.foundation.problems import Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.publication.approve_run import approvals_of, approve_run
from backend.publication.runs import open_run
from backend.publication.scopes import scopes_of
from backend.publication.views import run_view

desk = DeskRoom("publication", __name__)

REFUSED = {
    "second-official-needed": "同一个人不能同意两次，请第二名工作人员来发布。",
    "content-changed": "结果与您看到的不一致，请刷新后重新核对。",
    "run-not-ready": "这一步现在还不能做：请先等独立核对通过。",
}


@desk.get("/runs/<run_id>")
@policy(official_who_may("statistics.read"))
def run_page(run_id: str) -> str:
    """One run."""
    found = open_run(actor(), parse_id(run_id), "statistics.read")
    given = any(word.account_id == actor().account_id for word in approvals_of(found.id))
    may_approve = actor().may("run.approve", scopes_of(found.scope)) is not None
    return render_template("publication/run.html", run=run_view(found), given=given, may_approve=may_approve)


@desk.post("/runs/<run_id>/approval")
@policy(official_who_may("run.approve"))
def give_word(run_id: str) -> Response:
    """Give a word for the output whose hash stood on the page."""
    try:
        with db.session.begin_nested():
            approve_run(parse_id(run_id), actor(), request.form.get("output_sha256", ""))
        flash("已记录您的同意。", "success")
    except Refusal as refusal:
        if refusal.code not in REFUSED:
            raise
        flash(REFUSED[refusal.code], "danger")
    return redirect(url_for("publication_desk.run_page", run_id=run_id))
