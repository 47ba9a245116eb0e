"""The exam season of `sunroll run`: opened beside the enrolment, once for a folder, with candidates who already chose."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rehearsal.exam_candidates import Crowd
from rehearsal.exam_season import seed_exam
from rehearsal.phone import City
from sunroll.stack import Stack

BAND = timedelta(hours=6)
"""How long after one another the bands close in a season that a person plays by hand."""
SAMPLES = 3
FILE = "exam.json"


def open_exam(stack: Stack, officials: Mapping[str, Mapping[str, Any]], seed: str, candidates: int) -> None:
    """Open it, note sample candidates for the entrance page, let all others make their first choice."""
    noted = stack.folder / "city" / FILE
    if not candidates or noted.exists():
        return
    city, office = seed_exam(stack.address("WEB"), officials, seed, candidates, BAND)
    ranked = sorted(city.candidates, key=lambda one: -one.total)
    samples = [ranked[len(ranked) * part // (SAMPLES + 1)] for part in range(1, SAMPLES + 1)]
    told = [{"number": one.number, "name": one.name, "phone": one.phone, "total": one.total} for one in samples]
    noted.write_text(json.dumps({"year": city.year, "samples": told}, ensure_ascii=False), encoding="utf-8")
    office.wait_until_open(city)
    others = [one for one in city.candidates if one not in samples]
    crowd = Crowd(City(stack.address("WEB"), stack.address("SMS"), stack.address("WECHAT")), others)
    crowd.arrive()
    crowd.hang_up()
