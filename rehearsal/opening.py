"""Opening a season in the simulated city as its officials do: rule-book, sheets, disclosure page, open windows."""

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from backend.policy.book_for import book_for
from backend.policy.rules.working_days import CalendarNotDecreed, working_day_after
from rehearsal.exercises import with_exercise
from rehearsal.former_years import lines_sheet, units_sheet
from rehearsal.office import Office
from rehearsal.season import private_schools, rows_of

MODELS = {
    "150603": ("kangbashi-2020", "康巴什区"),
    "150621": ("dalate-2022", "达拉特旗"),
    "150627": ("weifang-2019", "伊金霍洛旗"),
    "150602": ("capital-2023", "东胜区"),
}
"""Banner → the model of its rule-book; Weifang's and the capital's ways run on Ordos banners, as an exercise."""

SHEETS = (("schools", "schools"), ("seats", "plan"), ("zones", "zones"), ("overflow", "overflow"))
LONGEST_TERM = 30


def season_book(banner: str, year: int, opens_at: datetime, closes_at: datetime) -> dict[str, Any]:
    """The content of the banner's rule-book with windows [opens_at, closes_at).

    Terms in working days become calendar days where the season reaches into a year whose calendar is not decreed yet:
    the service would rightly refuse to count days that nobody has decreed.
    """
    model, name = MODELS[banner]
    content = with_exercise(banner, book_for(model, banner, name, year, opens_at, closes_at).content)
    try:
        working_day_after(closes_at.date(), LONGEST_TERM)
    except CalendarNotDecreed:
        content["terms"] = [term | {"unit": "calendar"} for term in content["terms"]]
    return content


def open_season(
    office: Office, banner: str, city: Path, year: int, lasts: timedelta, *, self_check: bool = False
) -> dict[str, Any]:
    """Publish the rule-book, import the city's sheets, publish the disclosure page: the windows are open from now.

    With `self_check` the book lets families look again at what a register has otherwise before an official does.
    """
    opens_at = office.service_time().replace(microsecond=0) - timedelta(minutes=1)
    content = season_book(banner, year, opens_at, opens_at + lasts)
    content["returns"] = {**content["returns"], "self_check": self_check}
    path = f"/desk/banners/{banner}"
    office.post(f"{path}/book", {"content": content, "reason": "演练：开启一个招生季"})
    _import(office, path, "units", "units.csv", units_sheet())
    for kind, file in SHEETS:
        name, first = f"{banner}-{file}.xlsx", f"{banner}-{file}-first.csv"
        if kind == "seats" and (private := _private(city, banner)):
            _import(office, path, "schools", f"{banner}-private.csv", _sheet(private))
            _import(office, path, kind, f"{banner}-{file}.csv", _sheet([*_plan(city, banner), *private]))
        elif (city / "sheets" / first).exists():
            _import(office, path, kind, first, (city / "sheets" / first).read_bytes())
        else:
            _import(office, path, kind, name, (city / "sheets" / name).read_bytes())
    if leavers := _roster(city, banner):
        _import(office, path, "roster", f"{banner}-roster.csv", _sheet(leavers))
    _import(office, path, "lines", f"{banner}-lines.csv", lines_sheet(city, banner, content))
    page: dict[str, Any] = office.post(f"{path}/disclosure")
    return page


def _private(city: Path, banner: str) -> list[dict[str, str]]:
    """The private schools of a banner with their seats."""
    return [row for row in private_schools(city) if row["code"].startswith(banner)]


def _roster(city: Path, banner: str) -> list[dict[str, str]]:
    """The children of a banner who leave primary school, as the schools hand them in."""
    file = city / "roster.csv"
    rows = rows_of(file) if file.exists() else []
    names = {"name": "姓名", "id_number": "身份证号", "from_school": "毕业学校代码"}
    return [{names[key]: row[key] for key in names} for row in rows if row["from_school"].startswith(banner)]


def correct_zones(office: Office, banner: str, city: Path) -> None:
    """Import the sheet of zones as it should have been from the beginning."""
    name = f"{banner}-zones.xlsx"
    _import(office, f"/desk/banners/{banner}", "zones", name, (city / "sheets" / name).read_bytes())


def _plan(city: Path, banner: str) -> list[dict[str, str]]:
    rows = rows_of(city / "plan.csv")
    return [{"code": row["school"], "seats": row["seats"]} for row in rows if row["school"].startswith(banner)]


def _sheet(rows: list[dict[str, str]]) -> bytes:
    """A CSV sheet; the columns are those of the rows, a school's code under the name of every sheet."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["学校代码" if name == "code" else name for name in names])
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue().encode()


def _import(office: Office, path: str, kind: str, name: str, data: bytes) -> None:
    """Try the sheet dry, as an official should, then import it. Raises OfficeRefused; AssertionError on a faulty row."""
    for dry_run in (True, False):
        told = office.send_file(f"{path}/imports", name, data, kind=kind, dry_run=int(dry_run))
        grave = [fault for fault in told["faults"] if fault.get("grave", True)]
        if grave:
            raise AssertionError(f"{name}: {grave[:5]}")
