"""An exam season in a running rehearsal: `python -m rehearsal.exam_season --officials FILE --service URL --sms URL`.

Publishes rules that open in a moment, hands in sheets of synthetic candidates, and, with `--drive`, lets them choose
until nobody moves, closes, admits and publishes the first session.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rehearsal.exam_candidates import Crowd
from rehearsal.exam_city import ExamCity, csv_sheet, make_exam, wishes_passed_over
from rehearsal.exam_former import HEAD, former_rows
from rehearsal.exam_office import ExamOffice
from rehearsal.officials import read_officials
from rehearsal.phone import City

OPENS_IN = timedelta(seconds=20)
ROUNDS = 40


def seed_exam(
    service: str, officials: Mapping[str, Mapping[str, Any]], seed: str, candidates: int, band: timedelta
) -> tuple[ExamCity, ExamOffice]:
    """The city whose first session opens in a moment by the service's clock, prepared at the desk. Raises DeskRefused."""
    office = ExamOffice(service, officials)
    opens_at = (office.first.service_time() + OPENS_IN + timedelta(seconds=candidates / 50)).replace(microsecond=0)
    city = make_exam(seed, candidates, opens_at, band)
    office.prepare(city, csv_sheet(HEAD, former_rows(seed, city)))
    office.wait_for(city.year, "general-1", "listed")
    return city, office


def drive_exam(
    city: ExamCity, office: ExamOffice, addresses: City, leap: Callable[[datetime], None] | None = None
) -> dict[str, Any]:
    """Let everybody choose until nobody moves, wait for the closings (or `leap` past the last one), admit, publish, read.

    What happened: rounds, presses by kind, candidates who read their result, those admitted, and how many wishes were
    passed over though a candidate with a lower total holds a place there (by hand: none, with time enough; by list: none).
    """
    office.wait_until_open(city)
    crowd = Crowd(addresses, city.candidates)
    crowd.arrive()
    rounds = crowd.move_until_quiet(ROUNDS)
    if leap is not None:
        leap(datetime.fromisoformat(city.rules["sessions"][0]["bands"][-1]["close"]))
    office.wait_for(city.year, "general-1", "closed", within_s=7200)
    office.admit(city.year, "general-1")
    units = crowd.read_results()
    crowd.hang_up()
    by_hand, by_list = wishes_passed_over(city.candidates, units)
    return {
        "rounds": rounds,
        "done": dict(sorted(crowd.done.items())),
        "read": len(units),
        "admitted": sum(unit is not None for unit in units.values()),
        "passed_over": by_hand,
        "passed_over_lists": by_list,
    }


def main() -> None:
    """Seed, and drive where asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--officials", type=Path, required=True, help="officials.json of the simulated city")
    asked.add_argument("--service", required=True, help="address of the service")
    asked.add_argument("--sms", default="", help="address of the simulated SMS gateway (for --drive)")
    asked.add_argument("--candidates", type=int, default=200)
    asked.add_argument("--seed", default="sunroll")
    asked.add_argument("--band-minutes", type=float, default=60.0, help="how long after one another the bands close")
    asked.add_argument("--drive", action="store_true", help="let the candidates choose, then admit")
    told = asked.parse_args()
    officials = {one["login"]: one for one in read_officials(told.officials)}
    band = timedelta(minutes=told.band_minutes)
    city, office = seed_exam(told.service, officials, told.seed, told.candidates, band)
    sample = city.candidates[0]
    print(f"{told.service}/desk/exam  准考证号 {sample.number}  手机号 {sample.phone}  {len(city.candidates)} 名考生")
    if told.drive:
        print(json.dumps(drive_exam(city, office, City(told.service, told.sms, "")), ensure_ascii=False))


if __name__ == "__main__":
    main()
