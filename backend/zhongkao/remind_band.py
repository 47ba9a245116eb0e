"""A word by SMS to the candidates of an open band who have entered nothing: pressed by the exam office, twice (E35).

The budget is the candidate's: one such message while the band is open, and one more in its last hour, however often the
office presses and however often the band is extended. Whoever enters something before his turn gets none.
"""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.notices.queries import keys_told
from backend.notices.send_notice import put_notice
from backend.zhongkao.candidate_codes import phone_of
from backend.zhongkao.candidate_view import band_state
from backend.zhongkao.exam_places import bands_of, city_scopes, rule_of_session
from backend.zhongkao.rows import ExamBand, ExamCandidate, ExamChoice, ExamSession

NOTICE = "exam-nothing-chosen"
LAST_HOUR = timedelta(hours=1)
BATCH = 200


class BandNotOpen(Refusal):
    """Candidates are reminded while their band is open and choosing is not paused."""

    code = "band-not-open"


class NobodyToRemind(Refusal):
    """Everybody in the band has entered something, was told already in this part of the window, or has no phone."""

    code = "nobody-to-remind"


def reminder_facts(session: ExamSession, number: int) -> dict[str, Any]:
    """What the first press shows: the band, how many have entered nothing, how many of them would be sent a message.

    Raises NotFound, BandNotOpen.
    """
    band = _open_band(session, number)
    idle = _idle(band)
    return {"band": band, "idle": len(idle), "people": len(_owed(band, idle))}


def remind_band(actor: Actor, session: ExamSession, number: int) -> int:
    """Put the messages on their way, some hundred a task; how many are owed one now. Audited with the count.

    Raises NotAllowed, NotFound, BandNotOpen, NobodyToRemind.
    """
    authorize_office(actor, "exam.command", city_scopes())
    band = _open_band(session, number)
    many = len(_owed(band, _idle(band)))
    if not many:
        raise NobodyToRemind
    put_task("remind-exam-band", f"{band.id}/{clock.now().isoformat()}", {"band_id": band.id})
    record("exam-band.reminded", "exam-band", band.id, number=number, people=many)
    return many


def send_reminders(band_id: int, after: int = 0) -> None:
    """Tell the next candidates and put the rest on; nobody any more once the band is not open."""
    band = db.session.get_one(ExamBand, band_id)
    session = db.session.get_one(ExamSession, band.session_id)
    if not _is_open(session, band):
        return
    turn = [person for person in _owed(band, _idle(band)) if person.id > after][:BATCH]
    facts = {"session": rule_of_session(session).name, "until": f"{band.close_at.astimezone(clock.SHANGHAI):%H:%M}"}
    for person in turn:
        put_notice(_key(band, person), NOTICE, facts, subject=uuid.uuid4(), phone=phone_of(person))
    if len(turn) == BATCH:
        last = turn[-1].id
        put_task("remind-exam-band", f"{band.id}/{clock.now().isoformat()}/{last}", {"band_id": band.id, "after": last})


def _open_band(session: ExamSession, number: int) -> ExamBand:
    band = next((one for one in bands_of(session.id) if one.number == number), None)
    if band is None:
        raise NotFound
    if not _is_open(session, band):
        raise BandNotOpen(band=number + 1)
    return band


def _is_open(session: ExamSession, band: ExamBand) -> bool:
    return session.state == "listed" and session.paused_at is None and band_state(band, clock.now()) == "open"


def _idle(band: ExamBand) -> list[ExamCandidate]:
    """The band's candidates who hold nothing and are not locked by an earlier admission, by id."""
    return list(
        db.session.execute(
            select(ExamCandidate)
            .join(ExamChoice, ExamChoice.candidate_id == ExamCandidate.id)
            .where(ExamChoice.band_id == band.id, ExamChoice.unit_id.is_(None), ExamChoice.locked_by.is_(None))
            .order_by(ExamCandidate.id)
        ).scalars()
    )


def _owed(band: ExamBand, idle: list[ExamCandidate]) -> list[ExamCandidate]:
    """Those of them with a phone whose message of this part of the window has not been written."""
    told = keys_told([_key(band, person) for person in idle])
    return [person for person in idle if person.phone_sealed is not None and _key(band, person) not in told]


def _key(band: ExamBand, person: ExamCandidate) -> str:
    part = "last-hour" if band.close_at - clock.now() <= LAST_HOUR else "open"
    return f"{NOTICE}/{band.id}/{part}/{person.id}"
