"""Reading the files of a session of choosing: the session, its events, the candidates' lists."""

import re
from pathlib import Path

from backend.zhongkao.rules.forecast import Basis
from backend.zhongkao.rules.forecast_file import read_basis
from backend.zhongkao.rules.instants import NotAnInstant, milliseconds_of
from backend.zhongkao.rules.session import Action, Event, Session
from backend.zhongkao.rules.session_reading import read_session
from sunroll.files import BadInput, Row, read_csv, read_json_with_faults

EVENT_COLUMNS = ("at", "candidate", "action", "unit")
LIST_COLUMNS = ("candidate", "place", "unit")
PLACE = re.compile(r"0*[1-9][0-9]{0,14}")
ACTIONS: dict[str, Action] = {"choose": "choose", "clear": "clear"}


def read_session_file(path: Path) -> Session:
    """The session in SESSION.json. Raises BadInput with every fault."""
    value, found = read_json_with_faults(path)
    session, faults = read_session(value)
    told = {pointer for pointer, _ in found}
    found += [(pointer, what) for pointer, what in faults if pointer not in told]
    if session is None or found:
        raise BadInput([f"{path}: {pointer}: {what}" for pointer, what in found])
    return session


def read_basis_file(path: Path) -> Basis:
    """The basis of a forecast in BASIS.json: as published, or the `basis` of what the service gives for a reading.

    Raises BadInput with every fault.
    """
    value, found = read_json_with_faults(path)
    basis, faults = read_basis(value["basis"] if isinstance(value, dict) and "basis" in value else value)
    found += [one for one in faults if one[0] not in {pointer for pointer, _ in found}]
    if basis is None or found:
        raise BadInput([f"{path}: {pointer}: {what}" for pointer, what in found])
    return basis


def read_events_file(path: Path) -> tuple[list[Event], list[Row]]:
    """The events in EVENTS.csv with their rows as they are hashed. Raises BadInput with every fault."""
    _, rows, faults = read_csv(path, EVENT_COLUMNS)
    events: list[Event] = []
    for row in rows:
        action = ACTIONS.get(row["action"])
        if action is None:
            faults.at(row.line, f"the action {row['action']!r} is unknown; it must be choose or clear")
        try:
            at = milliseconds_of(row["at"])
        except NotAnInstant as error:
            faults.at(row.line, str(error))
        else:
            events.append(Event(at, row.line, row["candidate"], action or "clear", row["unit"]))
    faults.raise_if_any()
    return events, rows


def read_lists_file(path: Path, session: Session) -> dict[str, list[str]]:
    """The lists in LISTS.csv (`candidate,place,unit`, places from 1 without a gap). Raises BadInput with every fault."""
    _, rows, faults = read_csv(path, LIST_COLUMNS)
    people = {candidate.id for candidate in session.candidates}
    units = {unit.id for unit in session.units}
    found: dict[str, dict[int, str]] = {}
    for row in rows:
        if row["candidate"] not in people:
            faults.at(row.line, f"the candidate {row['candidate']!r} is not in the session")
        if row["unit"] not in units:
            faults.at(row.line, f"the unit {row['unit']!r} is not in the session")
        wishes = found.setdefault(row["candidate"], {})
        if PLACE.fullmatch(row["place"]) is None:
            faults.at(row.line, f"the place {row['place']!r} must be a whole number, 1 or more")
        elif int(row["place"]) in wishes or row["unit"] in wishes.values():
            faults.at(row.line, f"{row['candidate']!r} names a place or a unit twice")
        else:
            wishes[int(row["place"])] = row["unit"]
    for name, wishes in found.items():
        if sorted(wishes) != list(range(1, len(wishes) + 1)):
            faults.at(1, f"the places of {name!r} do not count 1, 2, 3 …")
    faults.raise_if_any()
    return {name: [wishes[place] for place in sorted(wishes)] for name, wishes in found.items()}
