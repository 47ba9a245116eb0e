"""`sunroll insight`: balance indicators from published counts (contracts 5)."""

import re
from fractions import Fraction
from pathlib import Path

import click

from backend.insight.rules.variation import SchoolTotal, VariationUndefined, coefficient_of_variation
from sunroll.files import BadInput, read_csv, refuse

PUPILS = re.compile(r"0*[1-9][0-9]{0,8}")
TOTAL = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")


@click.group()
def command() -> None:
    """Balance indicators."""


@command.command("cv")
@click.argument("data", type=click.Path(path_type=Path))
def cv_command(data: Path) -> None:
    """Print the pupil-weighted coefficient of variation of DATA (columns pupils,value; value is the school's total)."""
    try:
        schools = _read_schools(data)
        print(coefficient_of_variation(schools))
    except VariationUndefined as error:
        refuse(BadInput([f"{data}:1: {error}"]))
    except BadInput as error:
        refuse(error)


def _read_schools(path: Path) -> list[SchoolTotal]:
    _, rows, faults = read_csv(path, ("pupils", "value"))
    schools: list[SchoolTotal] = []
    for row in rows:
        pupils_read = PUPILS.fullmatch(row["pupils"]) is not None
        total_read = TOTAL.fullmatch(row["value"]) is not None
        if not pupils_read:
            faults.at(row.line, f"the pupils are {row['pupils']!r}: must be a whole number, 1 or more")
        if not total_read:
            faults.at(row.line, f"the value is {row['value']!r}: must be a decimal number, 0 or more")
        if pupils_read and total_read:
            schools.append(SchoolTotal(int(row["pupils"]), Fraction(row["value"])))
    faults.raise_if_any()
    return schools
