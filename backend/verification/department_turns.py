"""A department's turn: whether a question may go out now, and what its outcome means for the line (one row, locked)."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.database import db
from backend.verification.gateways.exchange import line_of
from backend.verification.rows import DepartmentLine
from backend.verification.rules.turns import Standing, Turn, after_answer, after_failure, take_turn


def turn_of(department: str) -> Turn:
    """Take a turn in the present transaction, which is to be committed before the department is asked."""
    row = _locked(department)
    turn = take_turn(line_of(department), _standing(row), clock.now())
    _write(row, turn.standing)
    return turn


def note_answer(department: str) -> None:
    """The department answered: its line is open. Touches the row only where it was failing."""
    row = db.session.get(DepartmentLine, department)
    if row is not None and (row.failing or row.closures):
        row = _locked(department)
        _write(row, after_answer(_standing(row)))
        row.answered_at = clock.now()


def note_failure(department: str, question: str, retry_after_s: int) -> datetime | None:
    """The question failed; until when the line is closed, None where it stays open."""
    row, moment = _locked(department), clock.now()
    _write(row, after_failure(_standing(row), moment, question, retry_after_s))
    row.failed_at = moment
    return row.closed_until


def _locked(department: str) -> DepartmentLine:
    db.session.execute(
        insert(DepartmentLine)
        .values(department=department, day="", asked=0, failing=[], closures=0)
        .on_conflict_do_nothing()
    )
    wanted = select(DepartmentLine).where(DepartmentLine.department == department).with_for_update()
    return db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one()


def _standing(row: DepartmentLine) -> Standing:
    return Standing(row.day, row.asked, row.next_at, row.queue_at, tuple(row.failing), row.closed_until, row.closures)


def _write(row: DepartmentLine, standing: Standing) -> None:
    for name, value in asdict(standing).items():
        setattr(row, name, list(value) if name == "failing" else value)
