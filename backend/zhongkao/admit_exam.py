"""Run an admission on its frozen input, have it checked independently and against the record, and keep both (P4, P5)."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.foundation.database import db
from backend.matching.findings import CheckReport, checked
from backend.publication.check_reports import report_value
from backend.publication.rows import Run
from backend.publication.runs import finish_run, frozen_input_of, show_progress
from backend.zhongkao.close_band import frozen_set
from backend.zhongkao.exam_places import bands_of
from backend.zhongkao.freeze_admission import session_of
from backend.zhongkao.keep_result import keep_result
from backend.zhongkao.reserved_units import reserved_of
from backend.zhongkao.rows import ExamChoice, ExamClosing, ExamSession, ExamUnit
from backend.zhongkao.rules.admission import run_admission
from backend.zhongkao.rules.admission_checker import check_admission
from backend.zhongkao.seat_lists import list_faults
from backend.zhongkao.session_value import name_of

HALF_WAY = 50


def admit_exam(run_id: str) -> None:
    """Admit, check, keep. Does nothing where the run is not running any more."""
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    if run.state != "running":
        return
    value = frozen_input_of(run)
    output = run_admission(value)
    show_progress(run.id, HALF_WAY)
    session = session_of(run)
    pure = check_admission(value, output)
    reserved = reserved_of(session)
    seated = (checked("X10 by the lists nobody is passed over", list_faults(session, reserved)),) if reserved else ()
    report = CheckReport(
        (
            *pure.properties,
            checked("X8 the choices are those of the record", _not_in_record(session, output)),
            checked("X9 what each band froze is what is held", _wrong_closings(session)),
            *seated,
        )
    )
    finish_run(run, output, report_value(report), passed=report.passed)
    if report.passed:
        keep_result(run, session, output)


def _not_in_record(session: ExamSession, output: Mapping[str, Any]) -> Iterator[str]:
    held = {
        name_of(row.candidate_id): row.code
        for row in db.session.execute(
            select(ExamChoice.candidate_id, ExamUnit.code)
            .outerjoin(ExamUnit, ExamUnit.id == ExamChoice.unit_id)
            .where(ExamChoice.session_id == session.id)
        )
    }
    replayed = {one["id"]: one["unit"] for one in output["candidates"]}
    for name in sorted(held.keys() | replayed.keys()):
        if held.get(name) != replayed.get(name):
            yield f"{name}: the record holds {held.get(name)!r}, the replay {replayed.get(name)!r}"


def _wrong_closings(session: ExamSession) -> Iterator[str]:
    for band in bands_of(session.id):
        closing = db.session.execute(select(ExamClosing).where(ExamClosing.band_id == band.id)).scalar_one_or_none()
        if closing is None:
            yield f"band {band.number + 1} has no closing"
        elif closing.frozen_sha256 != sha256_hex(canonical_json(frozen_set(band))):
            yield f"band {band.number + 1} holds something else than when it was closed"
