"""What stands on the command room's page of a session, gathered for its template."""

from typing import Any

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.notices.sentences import say
from backend.publication.rows import Run
from backend.zhongkao.exam_places import rule_of_session
from backend.zhongkao.freeze_admission import KIND, scope_of
from backend.zhongkao.rows import ExamExtension, ExamReading, ExamRemark, ExamSession
from backend.zhongkao.take_reading import columns_at
from backend.zhongkao.watch_session import band_rows, load_of, ranks_age, refusals_of

STATE_NAMES = {
    "planned": "未公布名单",
    "listed": "填报进行中",
    "closed": "已全部截止，等待封存录取",
    "published": "录取已公布",
}
BAND_STATES = {"upcoming": "未开始", "open": "填报中", "closed": "已截止"}


def session_facts(session: ExamSession) -> dict[str, Any]:
    """State, bands, load, refusals, the statistics of this moment, remarks, extensions, runs."""
    rule = rule_of_session(session)
    load, bands = load_of(session), band_rows(session)
    return {
        "name": rule.name,
        "state_text": _state_text(session, bands),
        "band_states": BAND_STATES,
        "bands": bands,
        "ranks_age": ranks_age(session),
        "load": load,
        "busiest": max((one["many"] for one in load), default=0),
        "refusals": [(say(f"word.exam-refused.{reason}"), many) for reason, many in refusals_of(session)],
        "columns": [] if session.state == "planned" else columns_at(session, clock.now()),
        "readings": _of(ExamReading, session, ExamReading.at),
        "remarks": _of(ExamRemark, session, ExamRemark.id),
        "extensions": _of(ExamExtension, session, ExamExtension.id),
        "runs": list(
            db.session.execute(
                select(Run).where(Run.kind == KIND, Run.scope == scope_of(session)).order_by(Run.frozen_at)
            ).scalars()
        ),
        "now": clock.now(),
    }


def _state_text(session: ExamSession, bands: list[dict[str, Any]]) -> str:
    if session.state == "listed" and all(one["state"] == "upcoming" for one in bands):
        return "名单已公布，等待开始填报"
    return STATE_NAMES[session.state]


def _of(table: Any, session: ExamSession, order: Any) -> list[Any]:
    return list(db.session.execute(select(table).where(table.session_id == session.id).order_by(order)).scalars())
