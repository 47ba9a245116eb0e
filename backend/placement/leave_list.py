"""After the freeze: a list frozen by mistake is given back, a child that withdraws is struck out."""

import uuid

from sqlalchemy import select

from backend.enrolment.applications import move_application, open_application
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.rounds import hold_stage, run_under_way
from backend.placement.rows import PrivateWish
from backend.placement.special_cases import NotForThisState
from backend.publication.rows import Run, RunWithdrawal
from backend.publication.runs import ENDED, frozen_input_of
from backend.publication.scopes import place_of, private_scope, stage_of
from backend.publication.strike_out import strike_out
from backend.publication.withdraw_run import withdraw_run


def give_back_list(actor: Actor, run_id: uuid.UUID, reason: str) -> RunWithdrawal:
    """Withdraw a placement run; its children can be frozen anew. Raises what `withdraw_run` raises."""
    run = db.session.get(Run, run_id)
    if run is None or run.kind != "placement":
        raise NotFound
    hold_stage(place_of(run.scope), stage_of(run.scope))
    wanted = withdraw_run(actor, run_id, reason)
    if wanted.withdrawn_at is not None:
        receipts = [one["id"] for one in frozen_input_of(run)["applicants"]]
        frozen = select(Application).where(Application.receipt.in_(receipts), Application.state == "frozen")
        for application in db.session.execute(frozen.with_for_update()).scalars():
            move_application(application, "settled", f"名单撤回：{wanted.reason}")
    return wanted


def leave_frozen_list(actor: Actor, application_id: uuid.UUID, reason: str) -> Application:
    """The guardian withdraws after the freeze: struck out, never removed. Raises NotFound, NotForThisState, RunNotReady."""
    _, application = open_application(actor, application_id, "application.withdraw", lock=True)
    _strike(actor, application, reason.strip() or "家长退出")
    return application


def strike_from_list(actor: Actor, banner: str, stage: str, receipt: str, reason: str) -> Application:
    """An official strikes a child out (moved away, on paper). Raises NotFound, NotAllowed, NotForThisState."""
    authorize_office(actor, "run.freeze", banner_scopes(banner))
    application = db.session.execute(
        select(Application)
        .where(Application.receipt == receipt, Application.banner == banner, Application.stage == stage)
        .with_for_update()
    ).scalar_one_or_none()
    if application is None:
        raise NotFound
    _strike(actor, application, reason)
    return application


def _strike(actor: Actor, application: Application, reason: str) -> None:
    run = _list_holding(application)
    if application.state != "frozen" or run is None:
        raise NotForThisState(state=application.state)
    strike_out(run, application.receipt or "", reason, actor)


def _list_holding(application: Application) -> Run | None:
    """The frozen list in which the child stands: of its private school before that is drawn, else of the public ones."""
    wish = db.session.get(PrivateWish, application.id)
    if wish is not None:
        scope = private_scope(wish.school, application.year)
        drawn = select(Run).where(Run.kind == "draw", Run.scope == scope, Run.state.not_in(ENDED))
        if (run := db.session.execute(drawn).scalar_one_or_none()) is not None:
            return run
    return run_under_way(application.banner, application.stage)
