"""What goes into the files of a replay: the session as it is hashed, the result as it is written (contracts 0 and 4)."""

from collections.abc import Sequence
from typing import Any

from backend.zhongkao.rules.judging import Refusal
from backend.zhongkao.rules.replay import Outcome, UnitReading, UnitResult
from backend.zhongkao.rules.scores import shortest, shortest_all
from backend.zhongkao.rules.session import Band, Candidate, Event, Lock, Session
from backend.zhongkao.rules.standing import Place


def session_content(session: Session) -> dict[str, Any]:
    """The session as JSON with defaults filled in and scores in shortest form: what `input_sha256` is made of."""
    return {
        "candidates": [{"id": candidate.id, **_scores(candidate)} for candidate in session.candidates],
        "units": [{"id": unit.id, "plan": unit.plan} for unit in session.units],
        "bands": [_band_content(band) for band in session.bands],
        "locks": [_lock_content(lock) for lock in session.locks],
        "statistics_at": [reading.text for reading in session.readings],
    }


def _scores(candidate: Candidate) -> dict[str, Any]:
    return {"total": shortest(candidate.total), "ties": shortest_all(candidate.ties)}


def _band_content(band: Band) -> dict[str, Any]:
    return {
        "from": None if band.lowest is None else shortest(band.lowest),
        "below": None if band.below is None else shortest(band.below),
        "open": band.open_text,
        "close": band.close_text,
    }


def _lock_content(lock: Lock) -> dict[str, Any]:
    return {"at": lock.text, "forbid": sorted(lock.forbid), "band": lock.band}


def result_content(session: Session, events: Sequence[Event], outcome: Outcome, input_sha256: str) -> dict[str, Any]:
    """RESULT of contracts 4: events in file order, units and candidates by id, readings by time."""
    candidates = {candidate.id: candidate for candidate in session.candidates}
    places = {holder: place for result in outcome.units for holder, place in result.places.items()}
    return {
        "events": [_verdict(event, refusal) for event, refusal in zip(events, outcome.verdicts, strict=True)],
        "units": [_unit_result(result, candidates) for result in outcome.units],
        "candidates": [
            _candidate_result(candidate.id, outcome.held.get(candidate.id), places.get(candidate.id))
            for candidate in session.candidates
        ],
        "statistics": [
            {"at": reading.text, "units": [_unit_reading(unit) for unit in units]}
            for reading, units in outcome.readings
        ],
        "input_sha256": input_sha256,
    }


def _verdict(event: Event, refusal: Refusal | None) -> dict[str, Any]:
    return {"line": event.line, "accepted": refusal is None, "reason": None if refusal is None else refusal.value}


def _unit_result(result: UnitResult, candidates: dict[str, Candidate]) -> dict[str, Any]:
    admitted = result.admitted
    return {
        "id": result.unit.id,
        "plan": result.unit.plan,
        "chosen": len(result.places),
        "admitted": admitted,
        "over_plan": max(0, len(admitted) - result.unit.plan),
        "lowest": _scores(candidates[admitted[-1]]) if admitted else None,
    }


def _candidate_result(name: str, unit: str | None, place: Place | None) -> dict[str, Any]:
    return {
        "id": name,
        "unit": unit,
        "rank": place.rank if place else None,
        "level_with": place.level_with if place else 0,
        "admitted": place.admitted if place else False,
    }


def _unit_reading(reading: UnitReading) -> dict[str, Any]:
    return {
        "id": reading.unit.id,
        "plan": reading.unit.plan,
        "chosen": reading.chosen,
        "vacant": reading.vacant,
        "lowest_inside": _scores(reading.lowest_inside) if reading.lowest_inside else None,
    }
