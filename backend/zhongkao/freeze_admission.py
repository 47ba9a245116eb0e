"""Freeze a closed session as the input of its admission, and let the run begin: no chance has a part in it."""

from sqlalchemy import func, select

from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import CITY
from backend.publication.rows import Run
from backend.publication.runs import begin_run, freeze_run
from backend.zhongkao.exam_places import city_scopes
from backend.zhongkao.rows import ExamRulesRow, ExamSession
from backend.zhongkao.rules.admission import admission_input
from backend.zhongkao.session_value import events_of, session_value

KIND = "exam-admission"


class SessionStillOpen(Refusal):
    """A band of the session is not closed yet, or the session is published already."""

    code = "exam-session-not-closed"


def freeze_admission(actor: Actor, session: ExamSession) -> Run:
    """The run, frozen and begun.

    Raises NotAllowed, SessionStillOpen, RunUnderWay.
    """
    authorize_office(actor, "run.freeze", city_scopes())
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"exam-admission/{session.id}", 0))))
    if session.state != "closed":
        raise SessionStillOpen
    rules = db.session.get_one(ExamRulesRow, session.rules_id)
    value = session_value(session)
    data = admission_input(value, events_of(session, value))
    run = freeze_run(KIND, scope_of(session), data, rules.sha256, actor)
    begin_run(run)
    record("exam-admission.frozen", "exam-session", session.id, run=str(run.id))
    return run


def scope_of(session: ExamSession) -> str:
    """What the run of a session is about: the city, the session's code, the year."""
    return f"{CITY}/{session.code}/{session.year}"


def session_of(run: Run) -> ExamSession:
    """The session that a run is about."""
    _, code, year = run.scope.split("/")
    return db.session.execute(
        select(ExamSession).where(ExamSession.year == int(year), ExamSession.code == code)
    ).scalar_one()
