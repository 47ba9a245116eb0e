"""`sunroll classes form`: balanced classes from a list of pupils, the same on any machine (contracts 3)."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from backend.classes.rules.forming import form_classes
from backend.classes.rules.reading import OPTIONAL, PRESET, REQUIRED, is_subject, read_options, read_pupils
from backend.classes.rules.values import ClassInput
from backend.fairness.canonical import canonical_json
from sunroll.files import BadInput, csv_bytes, read_csv, refuse, write_whole

FILE = click.Path(path_type=Path)


@click.group()
def command() -> None:
    """Classes: formed in public from the pupils' list and a seed, with a report of every bound."""


@command.command("form")
@click.argument("pupils", type=FILE)
@click.option("--classes", required=True, help="How many classes.")
@click.option("--seed", required=True, help="The seed text, taken as it is.")
@click.option("--balance", multiple=True, help="A further categorical column to spread evenly; may be repeated.")
@click.option("--tolerance", help="Draw among all divisions whose means lie within so many points of each other.")
@click.option("--out", required=True, type=FILE, help="CLASSES.csv: no,class.")
@click.option("--report", required=True, type=FILE, help="REPORT.json: sizes, counts, means, spreads, violations.")
def form(
    pupils: Path, classes: str, seed: str, balance: tuple[str, ...], tolerance: str | None, out: Path, report: Path
) -> None:
    """Form the classes of PUPILS.csv (no,sex,ethnicity,household and what else the rules know)."""
    try:
        value = _read(pupils, classes, seed, balance, tolerance)
        result = form_classes(value)
        _write_both(out, csv_bytes(["no", "class"], result.classes), report, canonical_json(dict(result.report)))
    except BadInput as error:
        refuse(error)


def _read(path: Path, classes: str, seed: str, balance: Sequence[str], tolerance: str | None) -> ClassInput:
    """The whole input, or BadInput with the faults of the options and of the file together."""
    options, option_faults = read_options(classes, seed, balance, tolerance)
    told = [f"{where}: {what}" for where, what in option_faults]
    own = (*REQUIRED, *OPTIONAL)
    named = tuple(
        dict.fromkeys(name for name in options.balance if name not in (*own, PRESET) and not is_subject(name))
    )
    try:
        _, rows, faults = read_csv(path, (*REQUIRED, *named), OPTIONAL, is_subject)
        if told:
            options = type(options)(options.classes, options.seed, named, options.tolerance)
        value, found = read_pupils(((row.line, row.cells) for row in rows), options)
        for line, what in found:
            faults.at(line, what)
        faults.raise_if_any()
    except BadInput as error:
        told += error.faults
    if told:
        raise BadInput(told)
    return value


def _write_both(out: Path, lists: bytes, report: Path, account: bytes) -> None:
    """Write both files, or neither: each beside its place first, then both into place."""
    if out.resolve() == report.resolve():
        raise BadInput([f"{report}: is named for the lists and for the report"])
    faults = [f"{path}: is a folder, not a file" for path in (out, report) if path.is_dir()]
    if faults:
        raise BadInput(faults)
    beside = [path.with_name(f".{path.name}.whole") for path in (out, report)]
    try:
        for temporary, path, data in zip(beside, (out, report), (lists, account), strict=True):
            _write_beside(temporary, path, data)
        for temporary, path in zip(beside, (out, report), strict=True):
            temporary.replace(path)
    finally:
        for temporary in beside:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _write_beside(temporary: Path, path: Path, data: bytes) -> None:
    try:
        write_whole(temporary, data)
    except BadInput as error:
        raise BadInput([fault.replace(str(temporary), str(path)) for fault in error.faults]) from error
