"""`sunroll draw`: tickets for a roster, the circle method, seats by a drawn order (contracts 1)."""

import os
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import click

from backend.fairness.canonical import by_bytes
from backend.fairness.circle import circle_draw, circle_faults
from backend.fairness.drawn_ways import TICKETS, WAYS, order_by_marks
from backend.fairness.seats import LastBundle, fill_seats
from backend.fairness.tickets import labels_equal_to_ids
from sunroll.commands.ceremony_file import ceremony
from sunroll.files import BadInput, Faults, csv_bytes, read_csv, refuse, write_whole

WHOLE_NUMBER = re.compile(r"-?[0-9]{1,4000}")
POSITION = re.compile(r"[0-9]{1,9}")
TICKET = re.compile(r"[0-9a-f]+")
FILE = click.Path(path_type=Path)
Read = TypeVar("Read")


@click.group()
def command() -> None:
    """Draws that anyone can repeat: tickets, the circle method, seats by a drawn order, the ceremony of a seed."""


command.add_command(ceremony)


@command.command("order")
@click.argument("roster", type=FILE)
@click.option("--seed", required=True, help="The seed text, taken as it is.")
@click.option("--draw", required=True, help="The name of this draw, taken as it is.")
@click.option(
    "--way", default=TICKETS, type=click.Choice(WAYS), help="How the order is drawn (docs/formats/tickets.md)."
)
@click.option("--out", required=True, type=FILE, help="ORDER.csv: position,no,ticket.")
def order(roster: Path, seed: str, draw: str, way: str, out: Path) -> None:
    """Order the people of ROSTER.csv (no[,bundle]) by their tickets, or by the marks of another way of drawing."""
    try:
        texts = _Options()
        seed_text, draw_text = texts.text("--seed", seed), texts.text("--draw", draw)
        people = _together(texts, lambda: _read_people(roster))
        rows = order_by_marks(people.labels, seed_text, draw_text, way)
        write_whole(out, csv_bytes(["position", "no", "ticket"], rows))
    except BadInput as error:
        refuse(error)


@command.command("interval")
@click.option("--people", required=True, help="How many stand in the circle.")
@click.option("--start", required=True, help="The drawn start number: the first winner.")
@click.option("--step", required=True, help="The drawn step.")
@click.option("--winners", required=True, help="How many are drawn.")
@click.option("--keep-drawn", is_flag=True, help="Count over numbers already drawn instead of taking them out.")
def interval(people: str, start: str, step: str, winners: str, keep_drawn: bool) -> None:  # noqa: FBT001  (a click flag)
    """Draw by start number and step (the circle method); the drawn numbers, one a line."""
    try:
        options = _Options()
        given = {"people": people, "start": start, "step": step, "winners": winners}
        numbers = {name: options.number(f"--{name}", text) for name, text in given.items()}
        if not options.faults:
            options.faults.extend(f"--{name}: {what}" for name, what in circle_faults(**numbers))
        options.raise_if_any()
        drawn = circle_draw(**numbers, keeps_drawn=keep_drawn)
        click.echo("".join(f"{number}\n" for number in drawn), nl=False)
    except BadInput as error:
        refuse(error)


@command.command("seats")
@click.argument("order_file", metavar="ORDER", type=FILE)
@click.option("--seats", required=True, help="How many seats there are.")
@click.option("--last-bundle", required=True, type=click.Choice([rule.value for rule in LastBundle]))
@click.option("--bundles", type=FILE, help="ROSTER.csv (no[,bundle]); bundles are known only from it.")
@click.option("--out", required=True, type=FILE, help="RESULT.csv: no,position,result.")
def seats(order_file: Path, seats: str, last_bundle: str, bundles: Path | None, out: Path) -> None:
    """Give the seats to a drawn order; the rule for a bundle at the last seats is named."""
    try:
        options = _Options()
        places = options.number("--seats", seats)
        if places < 0:
            options.faults.append(f"--seats: {places} is negative")
        standing, units = _together(options, lambda: _read_standing(order_file, bundles))
        results = fill_seats(units, places, LastBundle(last_bundle))
        rows = [(no, position, results[no].value) for position, no in enumerate(standing.in_order, 1)]
        write_whole(out, csv_bytes(["no", "position", "result"], rows))
    except BadInput as error:
        refuse(error)


@dataclass
class _Options:
    """Reads texts and numbers of the command line; the faults are told together with those of the files."""

    faults: list[str] = field(default_factory=list)

    def text(self, name: str, given: str) -> str:
        """The option's bytes as UTF-8, whatever the locale of the machine is."""
        try:
            return os.fsencode(given).decode("utf-8")
        except UnicodeError:
            self.faults.append(f"{name}: is not UTF-8")
            return ""

    def number(self, name: str, given: str) -> int:
        """The option as an integer of at most 4000 digits."""
        if not WHOLE_NUMBER.fullmatch(given.strip()):
            self.faults.append(f"{name}: {given!r} is no whole number of at most 4000 digits")
            return 0
        return int(given)

    def raise_if_any(self) -> None:
        """Raise BadInput with the faults of the options."""
        if self.faults:
            raise BadInput(self.faults)


def _together(options: _Options, read: Callable[[], Read]) -> Read:
    """What `read` gives; its faults and those of the options are raised as one."""
    try:
        value = read()
    except BadInput as error:
        raise BadInput([*options.faults, *error.faults]) from error
    options.raise_if_any()
    return value


@dataclass
class _People:
    """A roster: the bundle label (or None) and the line of each id, and the faults found so far."""

    labels: dict[str, str | None]
    lines: dict[str, int]
    faults: Faults


def _read_people(path: Path, others: Collection[str] = ()) -> _People:
    """ROSTER.csv, its own faults raised; `others` are further ids that no label may equal."""
    people = _collect_people(path, others)
    people.faults.raise_if_any()
    return people


def _collect_people(path: Path, others: Collection[str]) -> _People:
    _, rows, faults = read_csv(path, ["no"], ["bundle"])
    people = _People({}, {}, faults)
    for row in rows:
        no, label = row["no"], row.cells.get("bundle") or None
        if not no:
            faults.at(row.line, "the number is empty")
        elif no in people.labels:
            faults.at(row.line, f"the number {no!r} stands twice, first on line {people.lines[no]}")
        else:
            people.labels[no], people.lines[no] = label, row.line
    doubled = labels_equal_to_ids(people.labels) | {label for label in people.labels.values() if label in others}
    for no, label in people.labels.items():
        if label in doubled:
            faults.at(people.lines[no], f"the bundle label {label!r} is also somebody's number")
    return people


@dataclass
class _Standing:
    """A drawn order: the ids by position, and the line of each."""

    in_order: list[str]
    lines: dict[str, int]
    faults: Faults


def _read_standing(order: Path, roster: Path | None) -> tuple[_Standing, list[list[str]]]:
    """ORDER.csv and its units in the drawn order; every fault of it and of the roster is raised as one."""
    told: list[str] = []
    standing = _noting(told, lambda: _collect_standing(order))
    people: _People | None = _People({}, {}, Faults(""))
    if roster:
        people = _noting(told, lambda: _collect_people(roster, standing.lines if standing else ()))
    units = _units(standing, people) if standing and people else []
    for part in (standing, people):
        if part:
            _noting(told, part.faults.raise_if_any)
    if told or standing is None:
        raise BadInput(told)
    return standing, units


def _noting(told: list[str], read: Callable[[], Read]) -> Read | None:
    """What `read` gives, or None where it raises BadInput; its faults are added to `told`."""
    try:
        return read()
    except BadInput as error:
        told.extend(error.faults)
        return None


def _collect_standing(path: Path) -> _Standing:
    _, rows, faults = read_csv(path, ["position", "no", "ticket"])
    lines: dict[str, int] = {}
    held: dict[int, tuple[str, str, int]] = {}
    for row in rows:
        no, ticket = row["no"], row["ticket"]
        position = int(row["position"]) if POSITION.fullmatch(row["position"]) else 0
        if not no:
            faults.at(row.line, "the number is empty")
        elif no in lines:
            faults.at(row.line, f"the number {no!r} stands twice, first on line {lines[no]}")
        if not TICKET.fullmatch(ticket):
            faults.at(row.line, f"the ticket {ticket!r} is not in lower-case hex")
        if not 1 <= position <= len(rows):
            faults.at(row.line, f"the position {row['position']!r} is none of 1 to {len(rows)}, one for each head")
        elif position in held:
            faults.at(row.line, f"the position {position} stands twice, first on line {held[position][2]}")
        lines.setdefault(no, row.line)
        held.setdefault(position, (no, ticket, row.line))
    standing = _Standing([held[position][0] for position in sorted(held)], lines, faults)
    if not faults.found:
        for position in range(2, len(rows) + 1):
            no, ticket, line = held[position]
            if ticket < held[position - 1][1]:
                faults.at(line, f"the ticket of {no!r} is smaller than the one before it: the order is not by ticket")
    return standing


def _units(standing: _Standing, people: _People) -> list[list[str]]:
    """Singles and bundles in the drawn order; strangers in the roster and torn bundles are noted as faults."""
    for no in people.labels:
        if no not in standing.lines:
            people.faults.at(people.lines[no], f"the number {no!r} is not in the drawn order")
    units: list[list[str]] = []
    seen: set[str] = set()
    before = None
    for no in standing.in_order if not standing.faults.found else ():
        label = people.labels.get(no)
        if label is None or label != before:
            units.append([])
            if label in seen:
                standing.faults.at(standing.lines[no], f"{no!r} stands apart from the others of bundle {label!r}")
        elif by_bytes(no) < by_bytes(units[-1][-1]):
            standing.faults.at(standing.lines[no], f"{no!r} stands after {units[-1][-1]!r}: bundles are in id order")
        units[-1].append(no)
        before = label
        if label is not None:
            seen.add(label)
    return units
