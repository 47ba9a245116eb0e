"""The desk's pages of places that change hands after the publication: transfers by free seats, children who did not come."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from backend.enrolment.rows import Application
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.desk import day_of, tried
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.ask_transfer import refuse_transfer
from backend.placement.interviews import record_interview
from backend.placement.report_absence import absent_list, report_arrival
from backend.placement.return_by import send_return_by
from backend.placement.special_cases import propose, withdraw_proposal
from backend.placement.transfer_view import PROPOSE, look_at_request, transfer_queue
from backend.placement.transfers import schools_with_room
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.after_words import transfer_words
from backend.policy.rules.facts import STAGES
from backend.verification.queries import banners_of

moves = Blueprint("moves", __name__)
ABSENT = "seats.settle"
STATE_NAMES = {"placed": "已派位，待确认", "confirmed": "已确认"}


@moves.get("/stages/<banner>/<stage>/transfers")
@policy(official_who_may(PROPOSE))
def transfers(banner: str, stage: str) -> str:
    """What families have asked for; where the receipt of a family that came in person is asked for."""
    authorize_office(actor(), PROPOSE, banner_scopes(banner))
    return _page(banner, stage, None)


@moves.post("/stages/<banner>/<stage>/transfers")
@policy(official_who_may(PROPOSE))
def look(banner: str, stage: str) -> str:
    """The schools with free seats for one child, nearest first (D15); the look is written down."""
    authorize_office(actor(), PROPOSE, banner_scopes(banner))
    application = _application(banner, stage)
    if application is None:
        flash("没有这个回执号。", "danger")
    else:
        record("transfer.looked", "application", application.id)
    return _page(banner, stage, application)


@moves.post("/stages/<banner>/<stage>/transfers/proposals")
@policy(official_who_may(PROPOSE))
def transfer(banner: str, stage: str) -> Response:
    """Propose a transfer; a second official signs it on the stage's page."""
    application = _application(banner, stage)
    if application is None:
        flash("没有这个回执号。", "danger")
        return redirect(url_for("placement_desk.moves.transfers", banner=banner, stage=stage))
    key, form = application.id, request.form
    tried(
        lambda: propose(
            "transfer", actor(), key, form.get("school", ""), form.get("reason", ""), form.get("unit") or None
        ),
        "转学已提出，等待第二名工作人员签字。",
    )
    return redirect(url_for("placement_desk.stage_page", banner=banner, stage=stage))


@moves.post("/stages/<banner>/<stage>/transfers/<request_id>/refusal")
@policy(official_who_may(PROPOSE))
def refuse(banner: str, stage: str, request_id: str) -> Response:
    """Refuse a family's request, with the reason that it reads."""
    reason = request.form.get("reason", "")
    tried(lambda: refuse_transfer(actor(), parse_id(request_id), reason), "已答复家长，孩子现在的学位不变。")
    return redirect(url_for("placement_desk.moves.transfers", banner=banner, stage=stage))


@moves.post("/stages/<banner>/<stage>/proposals/<proposal_id>/withdrawal")
@policy(official_who_may(PROPOSE))
def withdraw(banner: str, stage: str, proposal_id: str) -> Response:
    """Take back a proposal that nobody has signed yet."""
    reason = request.form.get("reason", "")
    tried(lambda: withdraw_proposal(actor(), parse_id(proposal_id), reason), "已撤回，没有改动任何学位。")
    return redirect(url_for("placement_desk.stage_page", banner=banner, stage=stage))


@moves.post("/schools/<school>/arrivals/<application_id>")
@policy(official_who_may("enrolment.confirm"))
def arrived(school: str, application_id: str) -> Response:
    """A child that was reported absent has come while its place was kept."""
    tried(lambda: report_arrival(actor(), school, parse_id(application_id)), "已撤销未报到，学位照旧。")
    return redirect(url_for("classes_desk.school_page", school=school))


@moves.post("/schools/<school>/interviews/<application_id>")
@policy(official_who_may("enrolment.confirm"))
def interview(school: str, application_id: str) -> Response:
    """A private junior school's word after its interview (D10)."""
    reason, passed = request.form.get("reason", ""), request.form.get("word") == "passed"
    tried(
        lambda: record_interview(actor(), school, parse_id(application_id), reason, passed=passed),
        "已记录，家长会收到通知。",
    )
    return redirect(url_for("classes_desk.school_page", school=school))


@moves.get("/absences")
@policy(official_who_may(ABSENT))
def absences() -> str:
    """Children who have not come to school, for the bureau that looks for them (控辍保学)."""
    groups = [(banner, absent_list(actor(), banner)) for banner in banners_of(actor(), ABSENT)]
    return render_template("placement/absences.html", groups=groups, stages=STAGES)


@moves.post("/absences/<banner>/return-by")
@policy(official_who_may(ABSENT))
def return_by(banner: str) -> Response:
    """限期复学 (E06): tell the families of these children by which day they come back to school."""
    until = day_of(request.form.get("until", ""))
    if (told := tried(lambda: send_return_by(actor(), banner, until), "限期复学通知已发出。")) is not None:
        flash(f"通知了 {told} 位家长。", "success")
    return redirect(url_for("placement_desk.moves.absences"))


def _application(banner: str, stage: str) -> Application | None:
    receipt = request.form.get("receipt", "").strip().upper()
    return db.session.execute(
        select(Application).where(
            Application.receipt == receipt, Application.banner == banner, Application.stage == stage
        )
    ).scalar_one_or_none()


def _page(banner: str, stage: str, application: Application | None) -> str:
    book, unit = book_in_force(banner), request.form.get("unit", "").strip()
    asked = look_at_request(actor(), application) if application else None
    unit = unit or (asked["unit_code"] if asked else None) or ""
    lives_at = unit or (application.unit_code if application else None) or ""
    room = schools_with_room(banner, stage, lives_at, application) if application else []
    return render_template(
        "placement/transfers.html",
        banner=banner,
        stage=stage,
        stage_name=STAGES[stage],
        receipt=application.receipt if application else "",
        state=STATE_NAMES.get(application.state) if application else None,
        room=room,
        queue=transfer_queue(actor(), banner, stage),
        asked=asked,
        unit=unit,
        rule=transfer_words(book),
        offered=book.transfers.offered,
        nearest_only=book.transfers.to == "nearest-with-room",
    )
