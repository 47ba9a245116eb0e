"""The desk's page of a confirmed fault: every file hit, what the corrected run gives it, and the steps to mend them."""

import uuid
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.enrolment.diary_notes import objection_state
from backend.foundation.desk import tried
from backend.foundation.problems import parse_id
from backend.identity.actors import Actor, actor, official_who_may, policy
from backend.notices.sentences import explain
from backend.placement.mending.mend_fault import (
    Mended,
    answer_unchanged,
    look_at_fault,
    proposals_of,
    propose_mending,
    sign_mending,
)
from backend.placement.objections import ANSWER, STATES
from backend.placement.same_fault import FAULTS

mending = Blueprint("mending", __name__)


@mending.get("/objections/<banner>/<objection_id>/mending")
@policy(official_who_may(ANSWER))
def page(banner: str, objection_id: str) -> str:
    """The files of the fault with what was given, what is held, and what the corrected run gives."""
    origin, found = look_at_fault(actor(), parse_id(objection_id))
    return render_template(
        "placement/mending.html",
        banner=banner,
        origin=origin,
        fault=FAULTS[origin.fault or ""],
        found=found,
        known=proposals_of(found.files),
        words={state: objection_state(state) for state in STATES},
        me=actor().account_id,
    )


@mending.post("/objections/<banner>/<objection_id>/mending/proposals")
@policy(official_who_may("correction.propose"))
def propose_all(banner: str, objection_id: str) -> Response:
    """Propose the corrections for the files that are ticked."""
    why, receipts = request.form.get("reason", ""), request.form.getlist("receipt")
    said = "已提出 {count} 份更正，等待第二名工作人员签字。"
    return _done(banner, objection_id, said, lambda by, key: propose_mending(by, key, why, receipts))


@mending.post("/objections/<banner>/<objection_id>/mending/signature")
@policy(official_who_may("correction.approve"))
def sign_all(banner: str, objection_id: str) -> Response:
    """Sign them."""
    return _done(banner, objection_id, "已签字更正 {count} 份，并答复家长。", sign_mending)


@mending.post("/objections/<banner>/<objection_id>/mending/answers")
@policy(official_who_may(ANSWER))
def answer_all(banner: str, objection_id: str) -> Response:
    """Answer the files that the fault did not change."""
    return _done(banner, objection_id, "已一并答复 {count} 份结果不变的报名。", answer_unchanged)


def _done(banner: str, objection_id: str, said: str, step: Callable[[Actor, uuid.UUID], Mended]) -> Response:
    key = parse_id(objection_id)
    told = tried(lambda: step(actor(), key), "已处理。")
    if told is not None:
        flash(said.format(count=len(told.done)), "success")
        for receipt, refusal in told.left.items():
            flash(f"{receipt}：{explain(refusal.code, refusal.facts)}", "warning")
    return redirect(url_for("placement_desk.mending.page", banner=banner, objection_id=objection_id))
