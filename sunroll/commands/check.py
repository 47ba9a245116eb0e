"""`sunroll check`: whether an ID number is right, and working days counted on the State Council's calendar."""

import re
from datetime import UTC, date, datetime, timedelta

import click

from backend.families.rules.id_number import IdNumberFault, read_id_number
from backend.policy.rules.working_days import CalendarNotDecreed, working_day_after
from sunroll.files import BadInput, refuse

CHINA_IS_AHEAD_OF_UTC = timedelta(hours=8)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
COUNT = re.compile(r"[0-9]{1,9}")


@click.group()
def command() -> None:
    """ID numbers and working days."""


@command.command("id")
@click.argument("number")
def id_command(number: str) -> None:
    """Say `ok`, the day of birth and the sex that NUMBER states, or what is wrong with it (GB 11643)."""
    today_in_china = (datetime.now(UTC) + CHINA_IS_AHEAD_OF_UTC).date()
    try:
        stated = read_id_number(number, today_in_china)
    except IdNumberFault as error:
        refuse(BadInput([str(error)]))
    print(f"ok {stated.born_on.isoformat()} {stated.sex}")


@command.command("working-day")
@click.argument("day", metavar="DATE")
@click.option("--plus", required=True, help="which working day after DATE, 1 or more")
def working_day_command(day: str, plus: str) -> None:
    """Print the N-th working day after DATE."""
    faults: list[str] = []
    start = _read_date(day.strip())
    if start is None:
        faults.append(f"DATE: {day!r} is no date of the calendar; write it as 2026-09-01")
    count = int(plus.strip()) if COUNT.fullmatch(plus.strip()) else 0
    if count < 1:
        faults.append(f"--plus: {plus!r} must be a whole number, 1 or more")
    if faults or start is None:
        refuse(BadInput(faults))
    try:
        print(working_day_after(start, count).isoformat())
    except CalendarNotDecreed as error:
        refuse(BadInput([f"DATE: {error}"]))


def _read_date(text: str) -> date | None:
    if DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
