"""Correct a published admission: a unit gets places it should have had, in a new run that says why (P5).

Whoever was left out by a mistake of the office is admitted by more places, and in a 征集 round the next in rank moves up to
the place of a returned file; nobody loses the place that was published to him. The new run is checked and released by two
officials as the first one was, and its ledger entry names the one that it corrects.
"""

from dataclasses import replace

from sqlalchemy import func, select, update

from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.notices.sentences import say
from backend.publication.rows import Run
from backend.publication.runs import begin_run, freeze_run, frozen_input_of
from backend.zhongkao.command_session import ReasonMissing, remark
from backend.zhongkao.exam_places import city_scopes, units_of_session
from backend.zhongkao.freeze_admission import KIND, scope_of
from backend.zhongkao.list_session import RETURNED
from backend.zhongkao.rows import ExamAdmission, ExamRulesRow, ExamSession, SessionUnit
from backend.zhongkao.rules.admission import admission_input
from backend.zhongkao.session_value import events_of, session_value


class NothingToCorrect(Refusal):
    """The session is not published, or the unit would not have more places than it has."""

    code = "exam-nothing-to-correct"


class LaterSessionListed(Refusal):
    """A later session has been listed with who is admitted already: its places are chosen, and the chain stands."""

    code = "exam-later-session-listed"


def correct_admission(actor: Actor, session: ExamSession, unit_code: str, places: int, reason: str) -> Run:
    """The correcting run with `places` in the unit, frozen and begun.

    Raises NotAllowed, ReasonMissing, NotFound, NothingToCorrect, LaterSessionListed, RunUnderWay.
    """
    authorize_office(actor, "run.freeze", city_scopes())
    if not reason.strip():
        raise ReasonMissing
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"exam-admission/{session.id}", 0))))
    db.session.refresh(session)
    plan = next((plan for unit, plan in units_of_session(session.id) if unit.code == unit_code), None)
    if plan is None:
        raise NotFound
    if session.state != "published" or places <= plan:
        raise NothingToCorrect(plan=plan)
    _require_no_later_listed(session)
    value = session_value(session)
    units = tuple(replace(unit, plan=places) if unit.id == unit_code else unit for unit in value.units)
    value = replace(value, units=units)
    rules = db.session.get_one(ExamRulesRow, session.rules_id)
    data = admission_input(value, events_of(session, value))
    run = freeze_run(KIND, scope_of(session), data, rules.sha256, actor, reason.strip())
    begin_run(run)
    record(
        "exam-admission.correcting", "exam-session", session.id, reason, run=str(run.id), unit=unit_code, places=places
    )
    return run


def _require_no_later_listed(session: ExamSession) -> None:
    """A listing that is under way holds its session's row, so this waits for it."""
    later = select(ExamSession.state).where(ExamSession.year == session.year, ExamSession.id > session.id)
    states = db.session.execute(later.order_by(ExamSession.id).with_for_update()).scalars().all()
    if any(state != "planned" for state in states):
        raise LaterSessionListed


def free_again(session: ExamSession, unit_id: int) -> int:
    """How many places of the unit the next in rank may move up to (顺延): in a 征集 round, whose files were returned.

    In a first round such places wait for the next 征集 round (domain 1.1).
    """
    if session.round == 1:
        return 0
    returned = select(func.count()).where(
        ExamAdmission.session_id == session.id, ExamAdmission.unit_id == unit_id, ExamAdmission.state == "returned"
    )
    here = db.session.get_one(SessionUnit, (session.id, unit_id))
    return int(db.session.execute(returned).scalar_one()) - int(here.made_of.get(RETURNED, 0))


def take_over_plans(run: Run, session: ExamSession) -> None:
    """After the correction's release: the units have the run's places, every letter of the session names the run.

    Places that a returned file left are taken first; such a place is given again, it is not one more.
    """
    plans = {unit["id"]: unit["plan"] for unit in frozen_input_of(run)["units"]}
    for unit, plan in units_of_session(session.id):
        if plans[unit.code] == plan:
            continue
        again = min(plans[unit.code] - plan, free_again(session, unit.id))
        here = db.session.get_one(SessionUnit, (session.id, unit.id))
        here.plan = plans[unit.code]
        here.made_of = {**here.made_of, RETURNED: here.made_of.get(RETURNED, 0) + again}
        if again:
            remark(session, say("exam.book.moved-up", unit=unit.name, places=again), None)
        if plan + again < plans[unit.code]:
            told = {"unit": unit.name, "before": plan + again, "after": plans[unit.code]}
            remark(session, say("exam.book.corrected", **told, reason=run.correction_reason), None)
    db.session.execute(update(ExamAdmission).where(ExamAdmission.session_id == session.id).values(run_id=run.id))
