"""One way of placing one case, in a process of its own: CPU seconds, peak memory and a digest of the matching on stdout.

`python -m bench.placement_ways WAY CASE PEOPLE SCHOOLS [CHILE]`; the figures are one line of JSON.
"""

import gc
import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from backend.fairness.tickets import TicketDraw
from backend.matching.deferred_acceptance import deferred_acceptance
from backend.placement.rules.choice_standings import ChoiceStandings, Numbered
from backend.placement.rules.inputs import ChoiceInput, PlacementInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import place
from backend.placement.rules.why import explain
from bench.chile import chile_case
from bench.placement_cases import bare_zone_case, choice_case, zone_case

Matched = Sequence[int | None]
CASES = {"zone": zone_case, "bare": bare_zone_case, "choice": choice_case}


def case_of(name: str, people: int, schools: int, chile: str = "") -> dict[str, Any]:
    """The input document of a case: `zone`, `bare` (zones without further rules), `choice`, `chile-zone`, `chile-choice`."""
    if name.startswith("chile-"):
        return chile_case(Path(chile), name.removeprefix("chile-"), schools)
    return CASES[name](people, schools)


def by_matching(core: Numbered) -> Matched:
    """PyPI `matching`: hospitals and residents."""
    from matching.games import HospitalResident  # noqa: PLC0415  # only where it is measured

    seats, choices, orders = core
    game = HospitalResident.create_from_dictionaries(
        {f"a{one}": [f"s{school}" for school in wishes] for one, wishes in enumerate(choices)},
        {f"s{school}": [f"a{one}" for one in order] for school, order in enumerate(orders) if order},
        {f"s{school}": places for school, places in enumerate(seats) if orders[school]},
    )
    solved = game.solve(optimal="resident")
    found = {resident.name: hospital.name for hospital, residents in solved.items() for resident in residents}
    return [int(found[f"a{one}"][1:]) if f"a{one}" in found else None for one in range(len(choices))]


def by_algmatch(core: Numbered) -> Matched:
    """PyPI `algmatch`: hospitals and residents, with its own check of stability."""
    from algmatch import HospitalResidentsProblem  # noqa: PLC0415  # only where it is measured

    seats, choices, orders = core
    problem = HospitalResidentsProblem(
        dictionary={
            "residents": {one + 1: [school + 1 for school in wishes] for one, wishes in enumerate(choices)},
            "hospitals": {
                school + 1: {"capacity": seats[school], "preferences": [one + 1 for one in order]}
                for school, order in enumerate(orders)
            },
        }
    )
    found: Mapping[str, Any] = (problem.get_stable_matching() or {})["resident_sided"]
    return [int(found[f"r{one + 1}"][1:]) - 1 if found.get(f"r{one + 1}") else None for one in range(len(choices))]


def by_sorting(core: Numbered) -> Matched:
    """The floor: one argsort of all edges (school, standing), which gives nobody a seat."""
    seats, _, orders = core
    chance = np.random.default_rng(0)
    edges = chance.permutation(sum(len(order) for order in orders)).astype(np.int64)
    np.argsort(edges)
    return seats and []


MATCHERS: dict[str, Callable[[Numbered], Matched]] = {
    "matching": by_matching,
    "algmatch": by_algmatch,
    "floor": by_sorting,
}


def sorted_rows(given: PlacementInput) -> None:
    """The floor of zones: one argsort of the applicants."""
    np.argsort(np.random.default_rng(0).permutation(len(given.applicants)))


def _parsed(name: str, people: int, schools: int, chile: str = "") -> PlacementInput:
    return parse_placement(case_of(name, people, schools, chile))


def _memory(figure: str) -> int:
    """A figure of /proc/self/status in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{figure}:"))


def main() -> None:
    """Measure one way and print its figures."""
    way, name, people, schools, *chile = sys.argv[1:]
    with ProcessPoolExecutor(1) as aside:  # the making of the case leaves no memory behind here
        given = aside.submit(_parsed, name, int(people), int(schools), *chile).result()
    work: Callable[[], Any]
    if way == "ours" and isinstance(given, ChoiceInput):
        standings = ChoiceStandings(given, TicketDraw(given.seed, given.draw))
        seats = {school.id: school.seats for school in given.schools}
        choices = [one.choices for one in given.applicants]
        work = lambda: deferred_acceptance(seats, choices, standings.number)  # noqa: E731
    elif way in MATCHERS and isinstance(given, ChoiceInput):
        core = ChoiceStandings(given, TicketDraw(given.seed, given.draw)).numbered()
        work = lambda: MATCHERS[way](core)  # noqa: E731  # one line of work each
    elif way == "floor":
        work = lambda: sorted_rows(given)  # noqa: E731
    elif way == "why":
        result = place(given)
        work = lambda: explain(given, result)  # noqa: E731
    else:
        work = lambda: [row.school for row in place(given).placements]  # noqa: E731
    gc.collect()
    gc.disable()  # as `sunroll place` does
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here on
    before, began = _memory("VmRSS"), time.process_time()
    found = work()
    seconds = time.process_time() - began
    more = (_memory("VmHWM") - before) // 1024
    matched = (
        [given.schools[one].id if isinstance(one, int) else one for one in found] if isinstance(found, list) else []
    )
    digest = hashlib.sha256(json.dumps(matched).encode()).hexdigest()[:12] if matched else ""
    print(json.dumps({"seconds": seconds, "more_mb": more, "digest": digest}))


if __name__ == "__main__":
    main()
