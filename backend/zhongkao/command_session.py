"""What the exam office does to a session that is under way: stop, go on, tell everybody, let a band close later."""

from datetime import datetime, timedelta

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.zhongkao.choice_ground import hold_band_alone
from backend.zhongkao.exam_places import bands_of, city_scopes
from backend.zhongkao.list_session import put_due_tasks
from backend.zhongkao.rows import ExamBand, ExamExtension, ExamRemark, ExamSession

LONGEST_MINUTES = 24 * 60


class BandClosed(Refusal):
    """The band's closing has happened; nothing enters it any more and it cannot be extended."""

    code = "band-closed"


class ReasonMissing(Refusal):
    """A step that everybody will see says why it is taken."""

    code = "exam-reason-missing"
    status = 422


class MinutesInvalid(Refusal):
    """A band is extended by 1 minute to 24 hours."""

    code = "minutes-invalid"
    status = 422


def extend_band(actor: Actor, session: ExamSession, number: int, minutes: int, reason: str) -> ExamExtension:
    """Let a band close `minutes` later; every later instant of the session, and of sessions it would run into, shifts.

    For when the service was unwell (domain 1.6-2). Audited and shown in public. Raises NotAllowed, ReasonMissing,
    MinutesInvalid, BandClosed.
    """
    _require(actor, reason)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise MinutesInvalid
    _hold_session(session)
    bands = bands_of(session.id)
    extended = next((band for band in bands if band.number == number), None)
    if extended is None or extended.closed_at is not None:
        raise BandClosed(band=number + 1)
    _shift(bands, extended, timedelta(minutes=minutes))
    session.edition += 1
    db.session.flush()
    put_due_tasks(session, bands)
    _shift_later_sessions(session, timedelta(minutes=minutes))
    row = ExamExtension(
        session_id=session.id,
        band=number,
        minutes=minutes,
        reason=reason.strip(),
        decided_by=actor.account_id,
        decided_at=clock.now(),
    )
    db.session.add(row)
    remark(session, f"第 {number + 1} 分数段延长 {minutes} 分钟，后面的时间顺延。原因：{reason.strip()}", actor)
    record("exam-band.extended", "exam-band", extended.id, reason, minutes=minutes, number=number)
    return row


def _shift(bands: list[ExamBand], extended: ExamBand, by: timedelta) -> None:
    """The extended band closes later; of the others, what lay at its former close or after it moves along."""
    former = extended.close_at
    extended.close_at = former + by
    for band in bands:
        if band.number <= extended.number:
            continue
        if band.open_at > clock.now():
            band.open_at = _moved(band.open_at, former, by)
        band.close_at = _moved(band.close_at, former, by)
        band.no_clear_from = band.no_clear_from and _moved(band.no_clear_from, former, by)
        band.no_first_from = band.no_first_from and _moved(band.no_first_from, former, by)


def _moved(at: datetime, former: datetime, by: timedelta) -> datetime:
    return at + by if at >= former else at


def _shift_later_sessions(session: ExamSession, by: timedelta) -> None:
    """A later session that would begin before this one ends is moved whole."""
    ends = max(band.close_at for band in bands_of(session.id))
    later = db.session.execute(
        select(ExamSession)
        .where(ExamSession.year == session.year, ExamSession.id > session.id)
        .order_by(ExamSession.id)
    ).scalars()
    for other in later:
        bands = bands_of(other.id)
        if min(band.open_at for band in bands) >= ends:
            break
        for band in bands:
            band.open_at += by
            band.close_at += by
            band.no_clear_from = band.no_clear_from and band.no_clear_from + by
            band.no_first_from = band.no_first_from and band.no_first_from + by
        other.edition += 1
        ends = max(band.close_at for band in bands)


def pause_session(actor: Actor, session: ExamSession, reason: str) -> None:
    """Stop all choosing at once; what was acknowledged stands. Raises NotAllowed, ReasonMissing."""
    _require(actor, reason)
    _hold_session(session)
    if session.paused_at is None:
        session.paused_at = clock.now()
        session.edition += 1
        db.session.flush()
        remark(session, f"暂停填报。原因：{reason.strip()}", actor)
        record("exam-session.paused", "exam-session", session.id, reason)


def resume_session(actor: Actor, session: ExamSession, reason: str) -> None:
    """Let choosing go on. Lost time is given back by extending the band. Raises NotAllowed, ReasonMissing."""
    _require(actor, reason)
    _hold_session(session)
    if session.paused_at is not None:
        session.paused_at = None
        session.edition += 1
        db.session.flush()
        remark(session, f"恢复填报。{reason.strip()}", actor)
        record("exam-session.resumed", "exam-session", session.id, reason)


def tell_everybody(actor: Actor, session: ExamSession, words: str) -> None:
    """A notice of the exam office that every candidate sees. Raises NotAllowed, ReasonMissing."""
    _require(actor, words)
    remark(session, words.strip(), actor)
    record("exam-session.told", "exam-session", session.id)


def remark(session: ExamSession, words: str, actor: Actor | None) -> None:
    """A line in the session's public book of events."""
    db.session.add(
        ExamRemark(session_id=session.id, at=clock.now(), text=words[:500], by=actor.account_id if actor else None)
    )


def _require(actor: Actor, reason: str) -> None:
    authorize_office(actor, "exam.command", city_scopes())
    if not reason.strip():
        raise ReasonMissing


def _hold_session(session: ExamSession) -> None:
    """Wait for every writer of every band, in ascending order as writers take them."""
    for band in sorted(bands_of(session.id), key=lambda one: one.id):
        hold_band_alone(db.session.connection(), band.id)
        db.session.refresh(band)
    db.session.refresh(session)
