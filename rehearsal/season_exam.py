"""The exam wing in a rehearsed season: candidates choose, see their rank, are admitted, in the city's own exam office."""

from datetime import datetime, timedelta

import requests

from rehearsal.exam_season import drive_exam, seed_exam
from rehearsal.season import Season

FIRST_BAND_S, A_CANDIDATE_S = 60, 0.2
"""How long a band stands open: so much, and so much more for every candidate."""
AFTER_THE_LAST_CLOSE_S = 5
TIMEOUT = (5, 60)


def sit_exam(season: Season) -> None:
    """One exam season from rules to admission, where candidates take part; once."""
    if not season.candidates or season.journal.of("exam"):
        return
    season.screen.begin("exam", None)
    band = timedelta(seconds=FIRST_BAND_S + season.candidates * A_CANDIDATE_S)
    city, office = seed_exam(season.service, season.officials, season.seed, season.candidates, band)

    def leap(closes_at: datetime) -> None:
        season.move_past([closes_at], AFTER_THE_LAST_CLOSE_S)

    told = drive_exam(city, office, season.city, leap)
    shown = [
        requests.get(f"{season.service}/api/zhongkao/{city.year}/results/{unit.code}", timeout=TIMEOUT).json()
        for unit in city.units
    ]
    public = sum(row["admitted"] for unit in shown for row in unit["rounds"])
    over = sum(max(0, row["admitted"] - row["plan"] - row["over_plan"]) for unit in shown for row in unit["rounds"])
    scores = requests.get(f"{season.service}/api/zhongkao/{city.year}/forecast-scores", timeout=TIMEOUT).json()[
        "readings"
    ]
    told["foretold_open"] = sum(one["open"] for one in scores)
    told["foretold_inside"] = sum(one["inside"] for one in scores)
    season.journal.note(
        "exam", year=city.year, candidates=len(city.candidates), public_admitted=public, above_plan=over, **told
    )
    season.screen.note(f"exam: {len(city.candidates)} candidates, {told['admitted']} admitted, {told['done']}")
