"""Close a band: an event under its exclusive lock. What was acknowledged is in the frozen set; nothing enters after (P3)."""

from datetime import timedelta

from sqlalchemy import func, select

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.fairness.merkle import merkle_root
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.host_clock import require_true_clock
from backend.foundation.tasks import put_task
from backend.zhongkao.choice_ground import hold_band_alone
from backend.zhongkao.exam_places import bands_of, rules_of_session
from backend.zhongkao.list_session import put_due_tasks
from backend.zhongkao.move_standing_orders import move_lists
from backend.zhongkao.reserved_units import reserved_of
from backend.zhongkao.rows import ExamBand, ExamChange, ExamChoice, ExamClosing, ExamSession, ExamUnit
from backend.zhongkao.seat_lists import seat_lists
from backend.zhongkao.session_value import name_of

LAST_MOMENT = timedelta(milliseconds=1)


def close_band(band_id: int) -> None:
    """Close the band, and before it every higher one that is due too; nothing where it was extended or is closed.

    Due at the close and the published grace: whoever's wish arrived before the close has been kept by then or was told
    that it is not known. At the closing the lists left with us are moved once more, as of the last millisecond.
    Raises HostClockWrong: a host with a wrong clock closes nothing, the task is tried again elsewhere.
    """
    band = db.session.get(ExamBand, band_id)
    if band is None or band.closed_at is not None:
        return
    session = db.session.get_one(ExamSession, band.session_id)
    grace = timedelta(seconds=rules_of_session(session).grace_seconds)
    require_true_clock(db.session.connection())
    for higher in bands_of(session.id):
        if higher.number <= band.number:
            _close(session, higher.id, grace)


def _close(session: ExamSession, band_id: int, grace: timedelta) -> None:
    hold_band_alone(db.session.connection(), band_id)
    band = db.session.execute(
        select(ExamBand).where(ExamBand.id == band_id).execution_options(populate_existing=True)
    ).scalar_one()
    if band.closed_at is not None:
        return
    if clock.now() < band.close_at + grace:
        put_due_tasks(session, [band])
        return
    reserved = reserved_of(session)
    if reserved is None:
        move_lists(session.id, [band.id], band.close_at - LAST_MOMENT)
    else:
        seat_lists(session, reserved, band.close_at - LAST_MOMENT)
    closing = _freeze(band)
    band.closed_at = closing.closed_at
    db.session.flush()
    if all(one.closed_at is not None for one in bands_of(session.id)):
        session.state = "closed"
        put_task("compare-exam-engines", str(session.id), {"session_id": session.id})
    session.edition += 1
    record(
        "exam-band.closed",
        "exam-band",
        band.id,
        session=session.code,
        number=band.number,
        holders=closing.holders,
        frozen_sha256=closing.frozen_sha256,
    )


def _freeze(band: ExamBand) -> ExamClosing:
    rows = frozen_set(band)
    of_band = (
        select(func.count(), func.coalesce(func.max(ExamChange.id), 0))
        .join(
            ExamChoice,
            (ExamChoice.candidate_id == ExamChange.candidate_id) & (ExamChoice.session_id == ExamChange.session_id),
        )
        .where(ExamChoice.band_id == band.id, ExamChange.session_id == band.session_id, ExamChange.refused.is_(None))
    )
    changes, last = db.session.execute(of_band).one()
    closing = ExamClosing(
        band_id=band.id,
        closed_at=clock.now(),
        holders=len(rows),
        changes=changes,
        last_change_id=last,
        frozen_sha256=sha256_hex(canonical_json(rows)),
        root=merkle_root([canonical_json(row) for row in rows]).hex(),
    )
    db.session.add(closing)
    db.session.flush()
    return closing


def frozen_set(band: ExamBand) -> list[dict[str, object]]:
    """Who holds what in the band, by candidate: `candidate`, `unit`, `version`. What the closing's hash is over."""
    found = db.session.execute(
        select(ExamChoice.candidate_id, ExamUnit.code, ExamChoice.version)
        .join(ExamUnit, ExamUnit.id == ExamChoice.unit_id)
        .where(ExamChoice.session_id == band.session_id, ExamChoice.band_id == band.id)
        .order_by(ExamChoice.candidate_id)
    )
    return [{"candidate": name_of(row.candidate_id), "unit": row.code, "version": row.version} for row in found]
