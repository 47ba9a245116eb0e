"""`sunroll classes form`: balanced classes from a list of pupils, the same on any machine (contracts 3)."""

import signal
from contextlib import suppress
from pathlib import Path

import click

from backend.classes.rules.forming import form_classes
from backend.classes.rules.reading import read_hundredths
from backend.fairness.canonical import canonical_json
from sunroll.commands.classes_many import compare_ways, form_prefecture, read_input, read_schools
from sunroll.files import BadInput, csv_bytes, is_device, refuse, write_whole

FILE = click.Path(path_type=Path)
STOPPED = 130


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
        value = read_input(pupils, classes, seed, balance, tolerance)
        result = form_classes(value)
        _write_both(out, csv_bytes(["no", "class"], result.classes), report, canonical_json(dict(result.report)))
    except BadInput as error:
        refuse(error)


@command.command("prefecture")
@click.argument("folder", type=FILE)
@click.option("--seed", required=True, help="The seed text; a school's seed is this text, / and the school's code.")
@click.option("--balance", multiple=True, help="A further categorical column to spread evenly; may be repeated.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes at once; one a processor unless said.")
@click.option(
    "--out", required=True, type=FILE, help="A folder: <school>/classes.csv, <school>/report.json, summary.csv."
)
def prefecture(folder: Path, seed: str, balance: tuple[str, ...], workers: int | None, out: Path) -> None:
    """Form the classes of every school of FOLDER/schools.csv (school,classes[,tolerance]); stopped, it goes on."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        formed, found = form_prefecture(read_schools(folder, seed, balance), out, workers)
        click.echo(f"{formed} schools formed, {found} found finished")
    except KeyboardInterrupt:
        click.echo(f"\nstopped: what is finished stays in {out}; the same command goes on from there", err=True)
        raise SystemExit(STOPPED) from None
    except BadInput as error:
        refuse(error)


@command.command("compare")
@click.argument("pupils", type=FILE)
@click.option("--classes", required=True, help="How many classes.")
@click.option("--seed", required=True, help="The trials' seeds are this text, / and 1, 2, 3 …")
@click.option("--balance", multiple=True, help="A further categorical column to spread evenly; may be repeated.")
@click.option("--tolerance", default="0.5", show_default=True, help="Points that the draw lets the means differ by.")
@click.option("--draws", default=20, show_default=True, type=click.IntRange(2, 10_000), help="Lists by each way.")
@click.option("--out", required=True, type=FILE, help="COMPARE.json: spreads, dispersion, pairs never met, chances.")
def compare(
    pupils: Path, classes: str, seed: str, balance: tuple[str, ...], tolerance: str, draws: int, out: Path
) -> None:
    """What the floor gains in balance and loses in chance against the draw, measured on these very pupils."""
    try:
        value = read_input(pupils, classes, seed, balance, tolerance)
        told = compare_ways(value, read_hundredths(tolerance) or 0, draws)
        write_whole(out, canonical_json(told))
    except BadInput as error:
        refuse(error)


def _write_both(out: Path, lists: bytes, report: Path, account: bytes) -> None:
    """Write both files, or neither: each beside its place first, then both into place."""
    if out.resolve() == report.resolve():
        raise BadInput([f"{report}: is named for the lists and for the report"])
    faults = [f"{path}: is a folder, not a file" for path in (out, report) if path.is_dir()]
    if faults:
        raise BadInput(faults)
    if is_device(out) or is_device(report):
        for path, data in sorted([(out, lists), (report, account)], key=lambda written: is_device(written[0])):
            write_whole(path, data)
        return
    out, report = (path.resolve() if path.is_symlink() else path for path in (out, report))
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
