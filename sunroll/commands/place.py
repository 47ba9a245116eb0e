"""`sunroll place`: a placement by choices or by zones, checked before it is written (contracts 2)."""

import gc
import sys
from pathlib import Path

import click

from backend.fairness.canonical import canonical_json
from backend.placement.rules.inputs import PlacementInput
from backend.placement.rules.parse import FaultyInput, parse_placement
from backend.placement.rules.run import place
from sunroll.checker_aside import CheckerAside
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
        with CheckerAside(given) as checker:
            result = place(given).document()
            checker.hear(result)
            data = canonical_json(result)
            passed, broken = checker.verdict()
        if not passed:
            for one in broken:
                print(f"{input_file}: the result breaks {one}", file=sys.stderr)
            raise SystemExit(1)
        write_whole(out, data)
    except BadInput as error:
        refuse(error)
    finally:
        gc.enable()


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
