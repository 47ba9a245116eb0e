"""Ledgers of made-up decisions, each run by the very program that the service runs, written to folders for the checkers."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.classes.rules.decided import decided
from backend.fairness.canonical import input_sha256
from backend.fairness.ceremony import CeremonyRules, commitment, conclude
from backend.fairness.circle import circle_draw
from backend.fairness.merkle import merkle_root
from backend.fairness.seats import LastBundle, fill_seats
from backend.fairness.tickets import bundle_units, draw_order
from backend.placement.rules.run import run_placement
from backend.publication.rules.ledger import KINDS, Ceremony, Decision, Level, leaves, ledger_files
from backend.zhongkao.rules.instants import milliseconds_of
from backend.zhongkao.rules.quota import Junior, deal_quota
from backend.zhongkao.rules.replay import replay
from backend.zhongkao.rules.replay_file import result_content, session_content
from backend.zhongkao.rules.session import Event
from backend.zhongkao.rules.session_reading import read_session

FROZEN_AT = "2026-07-01T09:00:00+08:00"
SECRET = "office secret drawn by chance 0001"
SALT = hashlib.sha256(b"a salt for tests").digest()


def ceremony_for(
    kind: str, value: Mapping[str, Any], salt_key: bytes | None = SALT, beacon: str | None = None
) -> Ceremony:
    """A ceremony over the frozen rows: three witnesses, of whom the last keeps silent."""
    people = KINDS[kind].people
    root = merkle_root(leaves(value[people] if people else [], "input", salt_key)).hex()
    fallback = None if beacon is None else "no number appeared"
    rules = CeremonyRules(root, commitment(SECRET), ("甲", "乙", "丙"), beacon, fallback)
    transcript = conclude(rules, SECRET, {"甲": "1" * 12, "乙": "2" * 13}, None)
    parts = tuple((part.party, part.text) for part in transcript.parts)
    return Ceremony(rules.office_commitment, parts, transcript.seed, rules.witnesses, beacon, fallback)


def decision(kind: str, value: dict[str, Any], salt_key: bytes | None = SALT, **further: Any) -> Decision:
    """The decision of that kind on a frozen input, run by our programs with the seed of a ceremony where it has one."""
    ceremony = ceremony_for(kind, value, salt_key, further.pop("beacon", None)) if "seed" in value else None
    seeded = value | {"seed": ceremony.seed} if ceremony else value
    output = RUNS[kind](seeded)
    return Decision(kind, value, output, FROZEN_AT, "b" * 64, ceremony, salt_key, **further)


def run_draw(given: dict[str, Any]) -> dict[str, Any]:
    """Order and seats of a roster."""
    people = {row["no"]: row["bundle"] for row in given["roster"]}
    drawn = draw_order(people, given["seed"], given["draw"])
    order = [{"position": one.position, "no": one.no, "ticket": one.ticket.hex()} for one in drawn]
    if given["seats"] is None:
        return {"order": order, "results": None}
    members = {no: nos for _, nos in bundle_units(people) for no in nos}
    units = list(dict.fromkeys(members[one.no] for one in drawn))
    words = fill_seats(units, given["seats"], LastBundle(given["last_bundle"]))
    results = [{"no": one.no, "position": one.position, "result": words[one.no].value} for one in drawn]
    return {"order": order, "results": results}


def run_circle(given: dict[str, Any]) -> dict[str, Any]:
    """The circle method."""
    numbers = {key: given[key] for key in ("people", "start", "step", "winners")}
    return {"drawn": circle_draw(**numbers, keeps_drawn=given["keep_drawn"])}


def run_exam(given: dict[str, Any]) -> dict[str, Any]:
    """The replay of a session."""
    session, faults = read_session({key: value for key, value in given.items() if key != "events"})
    assert session is not None, faults
    events = [
        Event(milliseconds_of(row["at"]), line, row["candidate"], row["action"], row["unit"])
        for line, row in enumerate(given["events"], 2)
    ]
    digest = input_sha256({"session": session_content(session), "events": given["events"]}, {})
    return result_content(session, events, replay(session, events), digest)


def exam_input(session: dict[str, Any], events: Sequence[dict[str, str]]) -> dict[str, Any]:
    """The ledger's input of an admission: the session with defaults filled in, and the events."""
    read, faults = read_session(session)
    assert read is not None, faults
    return {**session_content(read), "events": list(events)}


def run_quota(given: dict[str, Any]) -> dict[str, Any]:
    """Quotas of junior schools."""
    juniors = [Junior(**row) for row in given["juniors"]]
    rows = deal_quota(juniors, given["seats"], given["class_cap"])
    return {"rows": [dict(zip(("id", "weight", "seats"), row, strict=True)) for row in rows]}


RUNS = {
    "draw": run_draw,
    "circle-draw": run_circle,
    "placement": run_placement,
    "classes": decided,
    "exam-admission": run_exam,
    "quota": run_quota,
}


def write_folder(
    folder: Path, season: str, decisions: Sequence[Decision], level: Level, own: Sequence[str] = ()
) -> Path:
    """Write the ledger and give the folder."""
    for path, data in ledger_files(season, decisions, level, own).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
