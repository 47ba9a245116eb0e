"""`sunroll zhongkao`: the senior-high exam's decisions from files: replay, quota, forecast, marking, parallel choice (contracts 4)."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from backend.fairness.canonical import canonical_json, input_sha256
from backend.fairness.largest_remainder import NoWeight
from backend.zhongkao.rules.forecast_file import basis_content, forecasts_content
from backend.zhongkao.rules.marking import Marks, settle
from backend.zhongkao.rules.quota import Junior, deal_quota
from backend.zhongkao.rules.replay import replay as run_session
from backend.zhongkao.rules.replay_file import result_content, session_content
from backend.zhongkao.rules.scores import NotAScore, hundredths_of, shortest
from sunroll.commands.zhongkao_files import read_basis_file, read_events_file, read_session_file
from sunroll.commands.zhongkao_parallel import compare_command, parallel_command
from sunroll.files import BadInput, Faults, Row, csv_bytes, read_csv, refuse, write_whole

MARK_COLUMNS = ("script", "item", "first", "second", "third", "leader")
TENTH = 10
WHOLE_NUMBER = re.compile(r"[0-9]{1,1000}")

FILE = click.Path(path_type=Path)
Read = TypeVar("Read")


@click.group()
def command() -> None:
    """The senior-high exam: replay a session of choosing, deal quotas, foretell lines, settle marks, run or compare parallel choice."""


command.add_command(parallel_command)
command.add_command(compare_command)


@command.command("replay")
@click.argument("session", type=FILE)
@click.argument("events", type=FILE)
@click.option("--out", type=FILE, required=True)
def replay_command(session: Path, events: Path, out: Path) -> None:
    """Run SESSION's EVENTS again and write who is admitted where."""
    faults: list[str] = []
    fixed = _attempt(lambda: read_session_file(session), faults)
    arrived = _attempt(lambda: read_events_file(events), faults)
    if fixed is None or arrived is None:
        refuse(BadInput(faults))
    taken, rows = arrived
    digest = input_sha256({"session": session_content(fixed), "events": [row.cells for row in rows]}, {})
    result = result_content(fixed, taken, run_session(fixed, taken), digest)
    _write(out, canonical_json(result))


@command.command("quota")
@click.argument("juniors", type=FILE)
@click.option("--seats", required=True, help="seats to deal")
@click.option("--class-cap", default="50", show_default=True, help="pupils a class counts at most")
@click.option("--out", type=FILE, required=True)
def quota_command(juniors: Path, seats: str, class_cap: str, out: Path) -> None:
    """Deal the seats of a senior high to the junior schools in JUNIORS by weight."""
    faults: list[str] = []
    to_deal = _option_number("--seats", seats, 0, faults)
    cap = _option_number("--class-cap", class_cap, 1, faults)
    schools = _attempt(lambda: _read_juniors(juniors), faults)
    if faults or to_deal is None or cap is None or schools is None:
        refuse(BadInput(faults))
    try:
        dealt = deal_quota(schools, to_deal, cap)
    except NoWeight as error:
        refuse(BadInput([f"{juniors}:1: {error}"]))
    _write(out, csv_bytes(["id", "weight", "seats"], dealt))


@command.command("forecast")
@click.argument("basis", type=FILE)
@click.option("--out", type=FILE, required=True)
def forecast_command(basis: Path, out: Path) -> None:
    """Foretell the lines from BASIS, the published figures of one reading: the same as was published then."""
    try:
        known = read_basis_file(basis)
    except BadInput as error:
        refuse(error)
    digest = input_sha256({"basis": basis_content(known)}, {})
    _write(out, canonical_json({"units": forecasts_content(known), "input_sha256": digest}))


@command.command("marking")
@click.argument("marks", type=FILE)
@click.option("--tolerance", required=True, help="largest difference of two marks that agree")
@click.option("--high", default=None, help="where both first marks reach this, the higher counts")
@click.option("--out", type=FILE, required=True)
def marking_command(marks: Path, tolerance: str, high: str | None, out: Path) -> None:
    """Settle the items in MARKS and name those that need another reader."""
    faults: list[str] = []
    within = _option_score("--tolerance", tolerance, faults)
    protected = None if high is None else _option_score("--high", high, faults)
    readings = _attempt(lambda: _read_marks(marks), faults)
    if faults or within is None or readings is None:
        refuse(BadInput(faults))
    rows: list[Sequence[str]] = []
    for script, item in sorted(readings, key=lambda name: (name[0].encode(), name[1].encode())):
        settlement = settle(readings[script, item], within, protected)
        score = "" if settlement.score is None else shortest(settlement.score)
        rows.append((script, item, settlement.status.value, score))
    _write(out, csv_bytes(["script", "item", "status", "score"], rows))


def _attempt(read: Callable[[], Read], faults: list[str]) -> Read | None:
    """What `read` gives, or None with its faults added, so that the faults of all files are told together."""
    try:
        return read()
    except BadInput as error:
        faults.extend(error.faults)
        return None


def _write(out: Path, data: bytes) -> None:
    try:
        write_whole(out, data)
    except BadInput as error:
        refuse(error)


def _read_juniors(path: Path) -> list[Junior]:
    _, rows, faults = read_csv(path, ("id", "classes", "pupils"))
    juniors: list[Junior] = []
    seen: set[str] = set()
    for row in rows:
        if not row["id"]:
            faults.at(row.line, "the id is empty")
        elif row["id"] in seen:
            faults.at(row.line, f"the id {row['id']!r} stands twice")
        seen.add(row["id"])
        classes = _cell_number(row, "classes", faults)
        pupils = _cell_number(row, "pupils", faults)
        if pupils and classes == 0:
            faults.at(row.line, f"has {pupils} pupils and no class")
        if classes is not None and pupils is not None:
            juniors.append(Junior(row["id"], classes, pupils))
    faults.raise_if_any()
    return juniors


def _read_marks(path: Path) -> dict[tuple[str, str], Marks]:
    _, rows, faults = read_csv(path, MARK_COLUMNS)
    found: dict[tuple[str, str], Marks] = {}
    for row in rows:
        name = (row["script"], row["item"])
        if not all(name):
            faults.at(row.line, "the script and the item must be named")
        elif name in found:
            faults.at(row.line, f"the script {name[0]!r} stands twice with the item {name[1]!r}")
        first, second = (_cell_mark(row, column, faults) for column in ("first", "second"))
        third, leader = (_cell_mark(row, column, faults) if row[column] else None for column in ("third", "leader"))
        found[name] = Marks(first or 0, second or 0, third, leader)
    faults.raise_if_any()
    return found


def _cell_mark(row: Row, column: str, faults: Faults) -> int | None:
    if not row[column]:
        faults.at(row.line, f"the {column} mark is empty")
        return None
    try:
        mark = hundredths_of(row[column])
    except NotAScore as error:
        faults.at(row.line, f"the {column} mark {error}")
        return None
    if mark % TENTH:
        faults.at(row.line, f"the {column} mark {row[column]!r} has more than one decimal")
    return mark


def _cell_number(row: Row, column: str, faults: Faults) -> int | None:
    if WHOLE_NUMBER.fullmatch(row[column]) is None:
        faults.at(row.line, f"the {column} are {row[column]!r}: must be a whole number, 0 or more")
        return None
    return int(row[column])


def _option_number(name: str, text: str, at_least: int, faults: list[str]) -> int | None:
    number = int(text.strip()) if WHOLE_NUMBER.fullmatch(text.strip()) else -1
    if number < at_least:
        faults.append(f"{name}: {text!r} must be a whole number, {at_least} or more")
        return None
    return number


def _option_score(name: str, text: str, faults: list[str]) -> int | None:
    try:
        return hundredths_of(text.strip())
    except NotAScore as error:
        faults.append(f"{name}: {error}")
        return None
