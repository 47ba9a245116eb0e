"""What a batch of wishes is judged on, read under the bands' locks: the session's units, its windows, who holds what."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from backend.foundation.one_message import Statement, array, in_one_message
from backend.zhongkao.rules.eligibility import Applicant, Terms, terms_in_force
from backend.zhongkao.rules.instants import milliseconds
from backend.zhongkao.rules.judging import Window

BAND_LOCKS = 1804
"""The first key of the advisory locks of bands; the second is the band's id."""


@dataclass(frozen=True, slots=True)
class GroundUnit:
    """A unit of the session: its code, its places in this session and its conditions."""

    id: int
    code: str
    plan: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Ground:
    """What never changes while a session is listed; a process may keep it as long as the session lasts."""

    session_id: int
    units: Mapping[int, GroundUnit]


@dataclass(frozen=True, slots=True)
class BandNow:
    """A band's window at this moment, and whether its closing event has happened."""

    window: Window
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The bands of a session by id, and whether the exam office has stopped all choosing."""

    bands: Mapping[int, BandNow]
    is_paused: bool


@dataclass(slots=True)
class Row:
    """One candidate's choice in the session, held against other writers until the transaction ends.

    `facts` is what counts of him, as the record wrote it; it is read only where a unit asks for something.
    """

    candidate_id: int
    band_id: int | None
    unit_id: int | None
    version: int
    changed_at: datetime | None
    judged_at: datetime | None
    locked_by: int | None
    facts: Any
    live_logins: frozenset[int]
    is_changed: bool = False

    @property
    def applicant(self) -> Applicant:
        """What counts of the candidate where units ask for conditions."""
        row = self.facts
        return Applicant(
            row.total,
            json.loads(row.subjects),
            row.junior,
            row.school_banner,
            row.household_banner,
            row.attends,
            row.outside,
            row.fresh,
            row.enrolled_on,
            frozenset(json.loads(row.tags)),
        )


def ground_of(connection: Connection, session_id: int) -> Ground:
    """The units that can be chosen in a listed session."""
    found = connection.execute(
        text(
            "SELECT u.id, u.code, s.plan, u.terms, f.floor FROM session_unit s JOIN exam_unit u ON u.id = s.unit_id "
            "LEFT JOIN exam_floor f ON f.unit_id = u.id WHERE s.session_id = :session"
        ),
        {"session": session_id},
    )
    return Ground(
        session_id,
        {row.id: GroundUnit(row.id, row.code, row.plan, terms_in_force(row.terms, row.floor)) for row in found},
    )


_HOLD = """
SELECT pg_advisory_xact_lock_shared(%(space)s, band_id::int) FROM (
    SELECT DISTINCT band_id FROM exam_choice
    WHERE session_id = %(session)s AND candidate_id = ANY(CAST(%(people)s AS bigint[])) AND band_id IS NOT NULL
    ORDER BY band_id
) AS bands
"""


def bands_held(session_id: int, candidates: Sequence[int]) -> Statement:
    """The statement that holds the candidates' bands open (shared, in ascending order) until the transaction ends."""
    return _HOLD, {"space": BAND_LOCKS, "session": session_id, "people": array(candidates)}


def hold_bands(connection: Connection, session_id: int, candidates: Sequence[int]) -> None:
    """Hold the candidates' bands open until the transaction ends: no closing overtakes us."""
    in_one_message(connection, [bands_held(session_id, candidates)])


def hold_band_alone(connection: Connection, band_id: int) -> None:
    """Wait for every writer in the band and keep new ones out until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:space, :band)"), {"space": BAND_LOCKS, "band": band_id})


_ROWS = """
SELECT c.candidate_id, c.band_id, c.unit_id, c.version, c.changed_at, c.judged_at, c.locked_by,
       p.total, CAST(p.subjects AS text) AS subjects, p.junior, p.school_banner, p.household_banner, p.attends, p.outside,
       p.fresh, p.enrolled_on, CAST(p.tags AS text) AS tags,
       ARRAY(SELECT l.id FROM candidate_login l WHERE l.candidate_id = c.candidate_id AND l.ended_at IS NULL) AS logins
FROM exam_choice c JOIN exam_candidate p ON p.id = c.candidate_id
WHERE c.session_id = %(session)s AND c.candidate_id = ANY(CAST(%(people)s AS bigint[]))
ORDER BY c.candidate_id
FOR UPDATE OF c
"""


def rows_locked(session_id: int, candidates: Sequence[int]) -> Statement:
    """The statement that reads the candidates' choices and locks them in ascending order of the candidates."""
    return _ROWS, {"session": session_id, "people": array(candidates)}


def rows_from(found: Sequence[Any]) -> dict[int, Row]:
    """The candidates' choices by candidate; who is not in the session is left out."""
    return {
        row.candidate_id: Row(
            row.candidate_id,
            row.band_id,
            row.unit_id,
            row.version,
            row.changed_at,
            row.judged_at,
            row.locked_by,
            row,
            frozenset(row.logins),
        )
        for row in found
    }


_WINDOWS = """
SELECT b.id, b.open_at, b.close_at, b.no_clear_from, b.no_first_from, b.closed_at, s.paused_at
FROM exam_session s JOIN exam_band b ON b.session_id = s.id WHERE s.id = %(session)s
"""


def windows_now(session_id: int) -> Statement:
    """The statement that reads the bands as they stand. Sent after the bands are held: a closing that was waited for is seen."""
    return _WINDOWS, {"session": session_id}


def standing_from(found: Sequence[Any]) -> Standing:
    """The bands as they stood when they were read."""
    return Standing(
        {
            row.id: BandNow(
                Window(
                    milliseconds(row.open_at),
                    milliseconds(row.close_at),
                    _ms_or_none(row.no_clear_from),
                    _ms_or_none(row.no_first_from),
                ),
                row.closed_at is not None,
            )
            for row in found
        },
        any(row.paused_at is not None for row in found),
    )


def read_windows(connection: Connection, session_id: int) -> Standing:
    """The bands as they stand now."""
    return standing_from(in_one_message(connection, [windows_now(session_id)])[0])


def _ms_or_none(instant: datetime | None) -> int | None:
    return None if instant is None else milliseconds(instant)
