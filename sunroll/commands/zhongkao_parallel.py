"""`sunroll zhongkao parallel` and `compare`: the same candidates and plans by lists, and a session held beside that."""

from pathlib import Path
from typing import Any

import click

from backend.fairness.canonical import canonical_json, input_sha256
from backend.zhongkao.rules.parallel import blocking_pairs, compare, parallel_outcome, revealed_lists
from backend.zhongkao.rules.replay_file import session_content
from sunroll.commands.zhongkao_files import read_events_file, read_lists_file, read_session_file
from sunroll.files import BadInput, refuse, write_whole

FILE = click.Path(path_type=Path)


@click.command("parallel")
@click.argument("session", type=FILE)
@click.argument("lists", type=FILE)
@click.option("--out", type=FILE, required=True)
def parallel_command(session: Path, lists: Path, out: Path) -> None:
    """Admit SESSION's candidates by LISTS in one run: from the best score down, each the first unit with a place."""
    try:
        fixed = read_session_file(session)
        wishes = read_lists_file(lists, fixed)
        admitted = parallel_outcome(fixed, wishes)
        rows = [{"candidate": name, "units": wishes[name]} for name in sorted(wishes, key=str.encode)]
        result = {
            "candidates": [
                {"id": one.id, "unit": (unit := admitted[one.id]), "choice": _choice(wishes.get(one.id, []), unit)}
                for one in fixed.candidates
            ],
            "units": [
                {
                    "id": unit.id,
                    "plan": unit.plan,
                    "admitted": (many := sum(held == unit.id for held in admitted.values())),
                    "over_plan": max(0, many - unit.plan),
                }
                for unit in fixed.units
            ],
            "blocking_pairs": len(blocking_pairs(fixed, wishes, admitted)),
            "input_sha256": input_sha256({"session": session_content(fixed), "lists": rows}, {}),
        }
        write_whole(out, canonical_json(result))
    except BadInput as error:
        refuse(error)


def _choice(wishes: list[str], unit: str | None) -> int | None:
    return None if unit is None else wishes.index(unit) + 1


@click.command("compare")
@click.argument("session", type=FILE)
@click.argument("events", type=FILE)
@click.option("--lists", type=FILE, default=None, help="true lists; without them they are read out of the events")
@click.option("--late-minutes", type=click.IntRange(1, 1440), default=10, show_default=True)
@click.option("--out", type=FILE, required=True)
def compare_command(session: Path, events: Path, lists: Path | None, late_minutes: int, out: Path) -> None:
    """Hold SESSION as it ran by EVENTS beside one run over lists: blocking pairs, seat-holding pairs, who differs."""
    try:
        fixed = read_session_file(session)
        taken, _ = read_events_file(events)
        given = read_lists_file(lists, fixed) if lists else {}
        found = compare(fixed, taken, revealed_lists(fixed, taken, given), late_minutes)
        write_whole(out, canonical_json(_report(found, late_minutes, len(given))))
    except BadInput as error:
        refuse(error)


def _report(found: Any, late_minutes: int, lists: int) -> dict[str, Any]:
    return {
        "late_minutes": late_minutes,
        "lists_given": lists,
        "candidates": [
            {"id": name, "held": found.held[name], "parallel": found.parallel[name]}
            for name in sorted(found.held, key=str.encode)
        ],
        "blocking_pairs": [{"candidate": name, "unit": unit} for name, unit in sorted(found.blocking)],
        "blocking_pairs_in_parallel": len(found.blocking_in_parallel),
        "seat_holding_pairs": [
            {"unit": one.unit, "holder": one.holder, "friend": one.friend, "harmed": list(one.harmed)}
            for one in found.seat_holding
        ],
        "differing": sum(found.held[name] != found.parallel[name] for name in found.held),
    }
