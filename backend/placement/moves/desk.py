"""The desk's pages of places that change hands after the publication: transfers by free seats, children who did not come."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from backend.enrolment.rows import Application
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.desk import day_of, tried
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.report_absence import absent_list
from backend.placement.return_by import send_return_by
from backend.placement.special_cases import propose, schools_with_room
from backend.policy.rules.facts import STAGES
from backend.verification.queries import banners_of

moves = Blueprint("moves", __name__)
PROPOSE = "special.propose"
ABSENT = "seats.settle"
STATE_NAMES = {"placed": "已派位，待确认", "confirmed": "已确认"}


@moves.get("/stages/<banner>/<stage>/transfers")
@policy(official_who_may(PROPOSE))
def transfers(banner: str, stage: str) -> str:
    """Where a child's receipt is asked for."""
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
        lambda: propose("transfer", actor(), key, form.get("school", ""), form.get("reason", "")),
        "转学已提出，等待第二名工作人员签字。",
    )
    return redirect(url_for("placement_desk.stage_page", banner=banner, stage=stage))


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
    room = schools_with_room(banner, stage, application.unit_code or "") if application else []
    return render_template(
        "placement/transfers.html",
        banner=banner,
        stage=stage,
        stage_name=STAGES[stage],
        receipt=application.receipt if application else "",
        state=STATE_NAMES.get(application.state) if application else None,
        room=room,
    )
