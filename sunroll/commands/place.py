"""`sunroll place`: a placement by choices or by zones, checked before it is written (contracts 2)."""

import gc
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from backend.fairness.canonical import canonical_json
from backend.placement.rules.inputs import PlacementInput
from backend.placement.rules.parse import FaultyInput, parse_placement
from backend.placement.rules.run import check_parsed_placement, place
from sunroll.files import BadInput, Faults, read_json_with_faults, refuse, write_whole

FILE = click.Path(path_type=Path)


@click.command("place")
@click.argument("input_file", metavar="INPUT", type=FILE)
@click.option("--out", required=True, type=FILE, help="RESULT.json")
def command(input_file: Path, out: Path) -> None:
    """Place the applicants of INPUT.json; the result is checked by a second program before it is written."""
    gc.disable()  # one input, one result, no cycles: on a city's input the collector would cost a third more
    try:
        given = _read(input_file)
        result = place(given).document()
        verdict = _checked_aside(given, result)
        data = canonical_json(result)
        passed, broken = verdict()
        if not passed:
            for one in broken:
                print(f"{input_file}: the result breaks {one}", file=sys.stderr)
            raise SystemExit(1)
        write_whole(out, data)
    except BadInput as error:
        refuse(error)
    finally:
        gc.enable()


def _checked_aside(given: PlacementInput, result: dict[str, Any]) -> Callable[[], tuple[bool, list[str]]]:
    """Start the checker in a process of its own; whoever asks waits: whether it passed, and what is broken.

    It passes only where that process says so and ends well.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # other threads (a test runner's) hold nothing the checker needs
        checking = os.fork()
    if not checking:
        os.close(reading)
        os._exit(_check(given, result, writing))
    os.close(writing)

    def verdict() -> tuple[bool, list[str]]:
        with os.fdopen(reading, encoding="utf-8") as told:
            broken = told.read().splitlines()
        _, status = os.waitpid(checking, 0)
        return os.waitstatus_to_exitcode(status) == 0, broken

    return verdict


def _check(given: PlacementInput, result: dict[str, Any], writing: int) -> int:
    """Check, tell the broken properties one a line, and give the exit code."""
    try:
        report = check_parsed_placement(given, result)
        with os.fdopen(writing, "w", encoding="utf-8") as telling:
            telling.writelines(f"{one.name}: {'; '.join(one.details)}\n" for one in report.failed)
    except BaseException:  # noqa: BLE001  # a process that was forked off never goes on as if it were the first
        traceback.print_exc()
        return 1
    return 0 if report.passed else 1


def _read(input_file: Path) -> PlacementInput:
    """The parsed input. Raises BadInput with the faults of the JSON and those of the contract together."""
    value, told = read_json_with_faults(input_file)
    faults = Faults(str(input_file))
    for pointer, what in told:
        faults.at(pointer, what)
    try:
        given = parse_placement(value)
    except FaultyInput as error:
        pointers = {pointer for pointer, _ in told}
        for pointer, what in error.faults:
            if pointer not in pointers:
                faults.at(pointer, what)
        faults.raise_if_any()
        raise
    faults.raise_if_any()
    return given
