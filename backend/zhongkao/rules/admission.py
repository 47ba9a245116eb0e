"""An admission as a pure program: the frozen session with its events in, the result of the replay out (contract 4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.fairness.canonical import input_sha256
from backend.zhongkao.rules.instants import milliseconds_of
from backend.zhongkao.rules.replay import replay
from backend.zhongkao.rules.replay_file import result_content, session_content
from backend.zhongkao.rules.session import Event, Session
from backend.zhongkao.rules.session_reading import read_session

SESSION = ("candidates", "units", "bands", "locks", "statistics_at")
FIRST_LINE = 2


class FrozenInputFaulty(ValueError):
    """The frozen input is no session: it was not made by `admission_input`."""

    code = "frozen-input-faulty"


def admission_input(session: Session, events: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The input of an admission: the session as it is hashed, and its events as the rows of a file."""
    return {**session_content(session), "events": [dict(event) for event in events]}


def run_admission(value: Mapping[str, Any]) -> dict[str, Any]:
    """The result document: the same bytes as `sunroll zhongkao replay` on the same files. Raises FrozenInputFaulty."""
    session, faults = read_session({key: value[key] for key in SESSION})
    if session is None:
        raise FrozenInputFaulty("; ".join(f"{pointer}: {what}" for pointer, what in faults))
    rows = value["events"]
    events = [
        Event(milliseconds_of(row["at"]), line, row["candidate"], row["action"], row["unit"])
        for line, row in enumerate(rows, FIRST_LINE)
    ]
    digest = input_sha256({"session": session_content(session), "events": rows}, {})
    return result_content(session, events, replay(session, events), digest)
