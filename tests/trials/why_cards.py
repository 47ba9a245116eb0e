"""A thousand why-cards of a city, each proved by running the whole placement again: none may be wrong (wishes 3, W1).

`python -m tests.trials.why_cards [CARDS] [PEOPLE] [SCHOOLS]`: 1,000 cards of 70,000 × 300 by zones and as many by choices,
a process each. Of every card one of its changes is drawn, so that all kinds are proved: put into the input it must give
what the card says, and one day, number or seat less must not. The trial goes on where it was stopped.
"""

import random
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from backend.placement.rules.inputs import PlacementInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.results import PlacementResult
from backend.placement.rules.run import place
from backend.placement.rules.why import confirmed, explain
from backend.placement.rules.why_changes import Change
from bench.placement_cases import choice_case, zone_case
from tests.trials.progress import Progress

CASES = {"zone": zone_case, "choice": choice_case}
A_ROUND = 20
CITY = (1_000, 70_000, 300)
Drawn = list[tuple[str, Change]]


def drawn_cards(given: PlacementInput, result: PlacementResult, cards: int, name: str) -> Drawn:
    """So many applicants whose cards name a change, each with one of its changes, drawn by the name of the trial."""
    chance = random.Random(name)
    told = {one: changes for one, changes in explain(given, result).items() if changes}
    chosen = chance.sample(sorted(told), min(cards, len(told)))
    return [(one, chance.choice(told[one])) for one in chosen]


def proved(given: PlacementInput, result: PlacementResult, drawn: Drawn) -> dict[str, Any]:
    """The cards proved by kind, and those that the full runs contradict."""
    kinds: Counter[str] = Counter()
    wrong = []
    for one, change in drawn:
        kinds[change.kind] += 1
        if not confirmed(given, result, one, change):
            wrong.append({"applicant": one, "change": change.document()})
    return {"kinds": dict(kinds), "wrong": wrong}


def trial(mechanism: str, cards: int, people: int, schools: int) -> list[dict[str, Any]]:
    """The rounds of one mechanism, those of an earlier start included."""
    name = f"why-{mechanism}-{cards}-{people}-{schools}"
    progress = Progress(name)
    given = parse_placement(CASES[mechanism](people, schools))
    result = place(given)
    drawn = drawn_cards(given, result, cards, name)
    while (first := len(progress.done) * A_ROUND) < len(drawn):
        found = proved(given, result, drawn[first : first + A_ROUND])
        until = min(first + A_ROUND, len(drawn))
        progress.add(found, f"{mechanism}: {until} of {len(drawn)} cards, {len(found['wrong'])} of the last ones wrong")
    rounds = list(progress.done)
    progress.end()
    return rounds


def main() -> None:
    """Both mechanisms at once; leaves with 1 where a card is wrong."""
    sizes = [int(word) for word in sys.argv[1:]]
    cards, people, schools = (*sizes, *CITY[len(sizes) :])
    with ProcessPoolExecutor(len(CASES)) as processes:
        trials = {name: processes.submit(trial, name, cards, people, schools) for name in CASES}
        outcomes = {name: running.result() for name, running in trials.items()}
    wrong = 0
    for name, rounds in outcomes.items():
        kinds: Counter[str] = Counter()
        for one in rounds:
            kinds.update(one["kinds"])
            wrong += len(one["wrong"])
            for each in one["wrong"]:
                sys.stdout.write(f"{name}: WRONG {each}\n")
        sys.stdout.write(f"{name}: {kinds.total()} of {people:,} cards proved by full runs: {dict(kinds)}\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
