"""What the exam office does to a session that is under way: stop, go on, tell everybody, let a band close later."""

from datetime import timedelta

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.notices.sentences import say
from backend.zhongkao.choice_ground import hold_band_alone
from backend.zhongkao.exam_places import bands_of, city_scopes
from backend.zhongkao.list_session import put_due_tasks
from backend.zhongkao.rows import ExamBand, ExamExtension, ExamRemark, ExamSession
from backend.zhongkao.rules.extending import BandTimes, extended, moved

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
    """Let a band close `minutes` later: its locks, all later bands, and sessions it would run into shift with it.

    For when the service was unwell (domain 1.6-2). Audited and shown in public. Raises NotAllowed, ReasonMissing,
    MinutesInvalid, BandClosed.
    """
    _require(actor, reason)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise MinutesInvalid
    _hold_session(session)
    bands = bands_of(session.id)
    band = next((band for band in bands if band.number == number), None)
    if band is None or band.closed_at is not None:
        raise BandClosed(band=number + 1)
    _shift(bands, number, timedelta(minutes=minutes))
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
    remark(session, say("exam.book.extended", band=number + 1, minutes=minutes, reason=reason.strip()), actor)
    record("exam-band.extended", "exam-band", band.id, reason, minutes=minutes, number=number)
    return row


def _shift(bands: list[ExamBand], number: int, by: timedelta) -> None:
    for band, times in zip(bands, extended([_times(band) for band in bands], number, by, clock.now()), strict=True):
        _set(band, times)


def _times(band: ExamBand) -> BandTimes:
    return BandTimes(band.open_at, band.close_at, band.no_clear_from, band.no_first_from)


def _set(band: ExamBand, times: BandTimes) -> None:
    band.open_at, band.close_at = times.open_at, times.close_at
    band.no_clear_from, band.no_first_from = times.no_clear_from, times.no_first_from


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
            _set(band, moved(_times(band), by, opens=True))
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
        remark(session, say("exam.book.paused", reason=reason.strip()), actor)
        record("exam-session.paused", "exam-session", session.id, reason)


def resume_session(actor: Actor, session: ExamSession, reason: str) -> None:
    """Let choosing go on. Lost time is given back by extending the band. Raises NotAllowed, ReasonMissing."""
    _require(actor, reason)
    _hold_session(session)
    if session.paused_at is not None:
        session.paused_at = None
        session.edition += 1
        db.session.flush()
        remark(session, say("exam.book.resumed", reason=reason.strip()), actor)
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
