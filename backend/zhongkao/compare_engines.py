"""The report on a session just held: beside the other engine, and beside itself without its standing orders."""

from typing import Any

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.exam_places import rules_of_session, units_of_session
from backend.zhongkao.rows import ExamChange, ExamComparison, ExamSession, StandingOrder
from backend.zhongkao.rules.instants import milliseconds_of
from backend.zhongkao.rules.live_simulation import live_outcome
from backend.zhongkao.rules.parallel import (
    Comparison,
    Lists,
    blocking_pairs,
    compare,
    parallel_outcome,
    revealed_lists,
)
from backend.zhongkao.rules.session import Event, Session
from backend.zhongkao.session_value import events_of, name_of, session_value

LOOKS = (1, 3, 10)


def compare_exam_engines(session_id: int) -> None:
    """Work the report out and keep it; put on by the session's last close, for it goes through every change of the day."""
    session = db.session.get_one(ExamSession, session_id)
    if kept_comparison(session) is None:
        report = comparison_of(session)
        db.session.add(ExamComparison(session_id=session.id, report=report, made_at=clock.now()))


def kept_comparison(session: ExamSession) -> ExamComparison | None:
    """The session's report, None before it is made."""
    return db.session.get(ExamComparison, session.id)


def comparison_of(session: ExamSession) -> dict[str, Any]:
    """The session as held beside one run over the lists, beside itself without its standing orders, and beside live
    choosing from the same lists with few looks and with more.
    """
    value = session_value(session)
    rows = events_of(session, value)
    by_order = _moved_by_order(session)
    lists = _lists(session, value, rows)
    minutes = rules_of_session(session).late_minutes
    alone = [row for row in rows if (row["candidate"], row["at"]) not in by_order]
    return {
        "engine": rules_of_session(session).engine,
        "candidates": len(value.candidates),
        "orders": len(_orders(session)),
        "held": _told(compare(value, _events(rows), lists, minutes)),
        "without_orders": _told(compare(value, _events(alone), lists, minutes)),
        "live": [_simulated(value, lists, looks) for looks in LOOKS],
    }


def _simulated(value: Session, lists: Lists, looks: int) -> dict[str, int]:
    """Live choosing from the lists, with so many looks before each close, beside one run over them."""
    live, parallel = live_outcome(value, lists, looks), parallel_outcome(value, lists)
    return {
        "looks": looks,
        "admitted": sum(unit is not None for unit in live.values()),
        "differing": sum(live[name] != parallel[name] for name in live),
        "left_out": sum(live[name] is None and parallel[name] is not None for name in live),
        "blocking_pairs": len(blocking_pairs(value, lists, live)),
    }


def _told(comparison: Comparison) -> dict[str, Any]:
    both = comparison.held.keys()
    return {
        "admitted": sum(unit is not None for unit in comparison.held.values()),
        "admitted_in_parallel": sum(unit is not None for unit in comparison.parallel.values()),
        "differing": sum(comparison.held[name] != comparison.parallel[name] for name in both),
        "left_out": sum(comparison.held[name] is None and comparison.parallel[name] is not None for name in both),
        "blocking_pairs": len(comparison.blocking),
        "blocking_candidates": len({name for name, _ in comparison.blocking}),
        "blocking_pairs_in_parallel": len(comparison.blocking_in_parallel),
        "seat_holding_pairs": len(comparison.seat_holding),
        "harmed": len({name for one in comparison.seat_holding for name in one.harmed}),
    }


def _events(rows: list[dict[str, str]]) -> list[Event]:
    return [
        Event(milliseconds_of(row["at"]), line, row["candidate"], row["action"], row["unit"])  # type: ignore[arg-type]
        for line, row in enumerate(rows, 2)
    ]


def _moved_by_order(session: ExamSession) -> set[tuple[str, str]]:
    found = db.session.execute(
        select(ExamChange.candidate_id, ExamChange.arrived_at).where(
            ExamChange.session_id == session.id, ExamChange.source == "standing-order"
        )
    )
    return {
        (name_of(row.candidate_id), row.arrived_at.astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds"))
        for row in found
    }


def _orders(session: ExamSession) -> dict[str, list[int]]:
    found = db.session.execute(
        select(StandingOrder).where(StandingOrder.session_id == session.id, StandingOrder.ended_at.is_(None))
    ).scalars()
    return {name_of(order.candidate_id): order.units for order in found}


def _lists(session: ExamSession, value: Session, rows: list[dict[str, str]]) -> dict[str, list[str]]:
    codes = {unit.id: unit.code for unit, _ in units_of_session(session.id)}
    orders = {name: [codes[unit] for unit in units] for name, units in _orders(session).items()}
    return revealed_lists(value, _events(rows), orders)
