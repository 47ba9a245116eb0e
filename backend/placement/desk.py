"""The desk's page of a stage: settle → freeze → run → check → release, special cases and corrections beside it."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from backend.enrolment.deferrals import ANSWER as DEFERRAL
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.desk import DeskRoom, MenuEntry, tried
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.deferring.desk import deferrals
from backend.placement.file_results import FILE, file_results, posted_until
from backend.placement.freeze_placement import freeze_placement
from backend.placement.interviews import interviews_due
from backend.placement.leave_list import give_back_list, strike_from_list
from backend.placement.mending.desk import mending
from backend.placement.moves.desk import ABSENT, moves
from backend.placement.objection_views import look_at_objection, queue
from backend.placement.objections import ANSWER, answer_objection
from backend.placement.pre_admission import filings_of
from backend.placement.private_draw import draws_of, freeze_private, schools_not_drawn
from backend.placement.rounds import free_seats, over_plan, public_plan, published_rounds, runs_of_stage
from backend.placement.rows import Proposal
from backend.placement.same_fault import FAULTS
from backend.placement.special_cases import WORDS, approve, propose
from backend.placement.stage_counts import by_state, migrants, open_transfers, outcome_of, public_counts
from backend.placement.zone_balance import outside_zones, zone_balance
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.facts import STAGES
from backend.publication.views import STATE_NAMES
from backend.publication.withdraw_run import WITHDRAWABLE, wanted_withdrawal
from backend.seats.settle_seats import order_settlement, waiting_for_facts
from backend.verification.queries import banners_of

UNRELEASED = ("checked", "approved", "failed")
"""States of a run whose outcome is shown to those who are to release it."""
desk = DeskRoom(
    "placement",
    __name__,
    menu=(
        MenuEntry(46, "缓学", "placement_desk.deferrals.registers", DEFERRAL),
        MenuEntry(50, "学位与派位", "placement_desk.stages", "run.freeze"),
        MenuEntry(55, "异议", "placement_desk.all_objections", ANSWER),
        MenuEntry(58, "未报到", "placement_desk.moves.absences", ABSENT),
    ),
)
desk.register_blueprint(moves)
desk.register_blueprint(deferrals)
desk.register_blueprint(mending)


@desk.get("/stages")
@policy(official_who_may("run.freeze"))
def stages() -> str:
    """The stages of the banners this official works for."""
    banners = banners_of(actor(), "run.freeze")
    rows = [
        {"banner": banner, "stage": stage, "name": STAGES[stage], "counts": by_state(banner, stage)}
        for banner in banners
        for stage in book_in_force(banner).stages
    ]
    return render_template("placement/stages.html", rows=rows)


@desk.get("/stages/<banner>/<stage>")
@policy(official_who_may("run.freeze"))
def stage_page(banner: str, stage: str) -> str:
    """One stage: what is settled, what waits, the runs, the special cases."""
    authorize_office(actor(), "run.freeze", banner_scopes(banner))
    runs = runs_of_stage(banner, stage)
    proposals = db.session.execute(
        select(Proposal, Application.receipt)
        .join(Application, Application.id == Proposal.application_id)
        .where(Proposal.banner == banner, Proposal.stage == stage)
        .order_by(Proposal.proposed_at)
    )
    return render_template(
        "placement/stage.html",
        banner=banner,
        stage=stage,
        stage_name=STAGES[stage],
        counts=by_state(banner, stage),
        waiting=waiting_for_facts(banner, stage),
        runs=runs,
        private=schools_not_drawn(banner, stage),
        draws=draws_of(banner),
        withdrawals={run.id: wanted_withdrawal(run.id) for run in runs},
        withdrawable=WITHDRAWABLE,
        is_further=bool(published_rounds(banner, stage)),
        outside=outside_zones(banner, stage),
        balance=zone_balance(banner, stage),
        over_plan=over_plan(banner, stage),
        state_names=STATE_NAMES,
        proposals=list(proposals),
        asked=open_transfers(banner, stage),
        outcomes={run.id: outcome_of(run) for run in runs if run.state in UNRELEASED},
        free=free_seats(banner, stage) if published_rounds(banner, stage) else {},
        interviews=interviews_due(banner, stage),
        migrants=migrants(banner, stage),
        public=public_counts(banner, stage),
        posted_until=posted_until(banner, stage),
        filings=filings_of(banner, stage),
        schools=sorted(public_plan(banner, stage)),
        me=actor().account_id,
    )


@desk.post("/stages/<banner>/<stage>/filings")
@policy(official_who_may(FILE))
def file_stage(banner: str, stage: str) -> Response:
    """File the stage's lists with the bureau."""
    tried(lambda: file_results(actor(), banner, stage), "已备案，并记入公开账本。")
    return _back(banner, stage)


def _back(banner: str, stage: str) -> Response:
    return redirect(url_for("placement_desk.stage_page", banner=banner, stage=stage))


@desk.post("/stages/<banner>/<stage>/settlement")
@policy(official_who_may("seats.settle"))
def settle(banner: str, stage: str) -> Response:
    """Settle the seat types."""
    tried(lambda: order_settlement(banner, stage, actor()), "正在确定学位类型，刷新可看进度。")
    return _back(banner, stage)


@desk.post("/stages/<banner>/<stage>/runs")
@policy(official_who_may("run.freeze"))
def freeze(banner: str, stage: str) -> Response:
    """Freeze the roster and go on to the public draw."""
    draw = request.form.get("draw", "").strip() or f"{banner}/{stage}"
    reason = request.form.get("reason", "")
    run = tried(lambda: freeze_placement(banner, stage, draw, actor(), reason), "名单已封存。")
    return _back(banner, stage) if run is None else redirect(url_for("publication_desk.ceremony_page", run_id=run.id))


@desk.post("/stages/<banner>/<stage>/runs/<run_id>/withdrawal")
@policy(official_who_may("run.freeze"))
def give_back(banner: str, stage: str, run_id: str) -> Response:
    """Withdraw a list frozen by mistake."""
    reason = request.form.get("reason", "")
    tried(
        lambda: give_back_list(actor(), parse_id(run_id), reason),
        "已记录撤回。种子已经产生的，还需第二名工作人员同意。",
    )
    return _back(banner, stage)


@desk.post("/stages/<banner>/<stage>/private")
@policy(official_who_may("run.freeze"))
def freeze_draw(banner: str, stage: str) -> Response:
    """Freeze a private school's list and go on to its public draw."""
    school = request.form.get("school", "")
    name = f"{school} {book_in_force(banner).year}"
    run = tried(lambda: freeze_private(actor(), school, name), "民办学校名单已封存。")
    return _back(banner, stage) if run is None else redirect(url_for("publication_desk.ceremony_page", run_id=run.id))


@desk.post("/stages/<banner>/<stage>/struck-out")
@policy(official_who_may("run.freeze"))
def strike(banner: str, stage: str) -> Response:
    """Strike a child out of the frozen list."""
    receipt, reason = request.form.get("receipt", "").strip().upper(), request.form.get("reason", "")
    tried(lambda: strike_from_list(actor(), banner, stage, receipt, reason), "已在名单上划去，不占学位。")
    return _back(banner, stage)


@desk.post("/stages/<banner>/<stage>/proposals")
@policy(official_who_may("special.propose"))
def propose_case(banner: str, stage: str) -> Response:
    """Propose a special case or a correction, by receipt number."""
    form = request.form
    application = db.session.execute(
        select(Application.id).where(
            Application.receipt == form.get("receipt", "").strip().upper(),
            Application.banner == banner,
            Application.stage == stage,
        )
    ).scalar_one_or_none()
    if application is None:
        flash("没有这个回执号。", "danger")
        return _back(banner, stage)
    kind = form.get("kind", "") if form.get("kind") in WORDS else "special-case"
    tried(
        lambda: propose(kind, actor(), application, form.get("school", ""), form.get("reason", "")),
        "已提出，等待第二名工作人员签字。",
    )
    return _back(banner, stage)


@desk.get("/objections/<banner>")
@policy(official_who_may(ANSWER))
def objections(banner: str) -> str:
    """The objections of a banner, the most urgent first."""
    return render_template("placement/objections.html", banner=banner, rows=queue(actor(), banner))


@desk.get("/objections")
@policy(official_who_may(ANSWER))
def all_objections() -> str:
    """The banners whose objections this official answers."""
    return render_template("placement/objections.html", banner=None, banners=banners_of(actor(), ANSWER))


@desk.post("/objections/<banner>/<objection_id>/look")
@policy(official_who_may(ANSWER))
def look_at_one(banner: str, objection_id: str) -> str:
    """One objection; the look is written down."""
    one = look_at_objection(actor(), parse_id(objection_id))
    return render_template("placement/objection.html", banner=banner, one=one, faults=FAULTS)


@desk.post("/objections/<banner>/<objection_id>/answer")
@policy(official_who_may(ANSWER))
def answer_one(banner: str, objection_id: str) -> Response:
    """The one answer."""
    form = request.form
    fault = form.get("fault") or None
    upholds = form.get("word") == "uphold"
    tried(
        lambda: answer_objection(actor(), parse_id(objection_id), form.get("answer", ""), fault, upholds=upholds),
        "已答复并通知家长。异议成立的，同类差错的报名已列入排查。",
    )
    return redirect(url_for("placement_desk.objections", banner=banner))


@desk.post("/proposals/<kind>/<proposal_id>/approval")
@policy(official_who_may("special.approve"))
def approve_case(kind: str, proposal_id: str) -> Response:
    """Sign a proposal as the second official."""
    proposal = tried(lambda: approve(kind, actor(), parse_id(proposal_id)), "已签字生效，计入公开统计。")
    if proposal is None:
        return redirect(url_for("placement_desk.stages"))
    return _back(proposal.banner, proposal.stage)
