"""A session of live choosing, run again from its events: what was taken, who stands where, who is admitted (A54-A56)."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.zhongkao.rules.judging import Refusal, Window, band_of, windows_of
from backend.zhongkao.rules.session import Candidate, Event, Reading, Session, Unit
from backend.zhongkao.rules.standing import Place, lowest_inside, places_in_unit, standings


@dataclass(frozen=True, slots=True)
class UnitReading:
    """One unit at one reading; `lowest_inside` is the candidate at the last place, None unless the plan is filled."""

    unit: Unit
    chosen: int
    vacant: int
    lowest_inside: Candidate | None


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit at the end: who holds it with their places (best first, then id), who is admitted, in that order."""

    unit: Unit
    places: dict[str, Place]

    @property
    def admitted(self) -> list[str]:
        """The ids of the admitted in rank order, then id."""
        return [holder for holder, place in self.places.items() if place.admitted]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a session: a refusal or None for each event as given, and the units in the session's order."""

    verdicts: list[Refusal | None]
    held: dict[str, str]
    units: list[UnitResult]
    readings: list[tuple[Reading, list[UnitReading]]]


class Holdings:
    """Who holds which unit; one at a time, so that choosing another leaves the first (T-1.6)."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._standing_of = standings(session.candidates)
        self._at_standing = {self._standing_of[candidate.id]: candidate for candidate in session.candidates}
        windows = windows_of(session.bands, session.locks)
        self._units = {unit.id for unit in session.units}
        self._window_of: dict[str, Window | None] = {}
        for candidate in session.candidates:
            band = band_of(candidate.total, session.bands)
            self._window_of[candidate.id] = None if band is None else windows[band]
        self.held: dict[str, str] = {}

    def take(self, event: Event) -> Refusal | None:
        """Judge one event in the listed order of refusals; where it is taken, change what the candidate holds."""
        refusal = self.judge(event)
        if refusal is None:
            if event.action == "clear":
                del self.held[event.candidate]
            else:
                self.held[event.candidate] = event.unit
        return refusal

    def judge(self, event: Event) -> Refusal | None:
        """The refusal that the event would meet now, or None; nothing changes."""
        if event.candidate not in self._window_of:
            return Refusal.UNKNOWN_CANDIDATE
        if event.action == "choose" and event.unit not in self._units:
            return Refusal.UNKNOWN_UNIT
        window = self._window_of[event.candidate]
        if window is None:
            return Refusal.OUTSIDE_BAND_WINDOW
        return window.judge(event.at, event.action, holds_a_unit=event.candidate in self.held)

    def reading(self) -> list[UnitReading]:
        """The statistics of this moment for every unit (A52)."""
        standings_in: dict[str, list[int]] = {unit.id: [] for unit in self._session.units}
        for candidate, unit_id in self.held.items():
            standings_in[unit_id].append(self._standing_of[candidate])
        return [self._unit_reading(unit, standings_in[unit.id]) for unit in self._session.units]

    def _unit_reading(self, unit: Unit, standings_held: Sequence[int]) -> UnitReading:
        chosen = len(standings_held)
        lowest = lowest_inside(standings_held, unit.plan)
        at_lowest = None if lowest is None else self._at_standing[lowest]
        return UnitReading(unit, chosen, max(0, unit.plan - chosen), at_lowest)

    def results(self) -> list[UnitResult]:
        """The places in every unit at this moment."""
        holders: dict[str, list[str]] = {unit.id: [] for unit in self._session.units}
        for candidate, unit_id in self.held.items():
            holders[unit_id].append(candidate)
        return [
            UnitResult(unit, places_in_unit(holders[unit.id], self._standing_of, unit.plan))
            for unit in self._session.units
        ]


def replay(session: Session, events: Sequence[Event]) -> Outcome:
    """Run the session: events in the order of `at`, those of one instant as they are given.

    A reading counts the events strictly before its time. The result depends on nothing but the two values (P4).
    """
    holdings = Holdings(session)
    verdicts: list[Refusal | None] = [None] * len(events)
    order = sorted(range(len(events)), key=lambda index: events[index].at)
    waiting = sorted(session.readings, key=lambda reading: reading.at)
    taken: dict[Reading, list[UnitReading]] = {}
    for index in order:
        event = events[index]
        while waiting and waiting[0].at <= event.at:
            taken[waiting.pop(0)] = holdings.reading()
        verdicts[index] = holdings.take(event)
    taken.update({reading: holdings.reading() for reading in waiting})
    readings = [(reading, taken[reading]) for reading in session.readings]
    return Outcome(verdicts, holdings.held, holdings.results(), readings)
