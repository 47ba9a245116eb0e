"""Checks a matching by ranked choices without computing one: it shares nothing with the algorithm.

The properties are C1 to C6 of docs/properties/placement.md. Together they leave one matching only, the
applicant-optimal stable one: a stable matching that another stable one improves for applicants has a stable
improvement cycle (Erdil and Ergin, 2008), and C5 looks for such cycles.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.matching.findings import Property, checked


@dataclass(frozen=True)
class Market:
    """What the matching must fit: seats by school, choices by applicant (best first), and standings.

    `standings[applicant][school]` is comparable, smaller is better, and differs within a school.
    """

    seats: Mapping[str, int]
    choices: Mapping[str, Sequence[str]]
    standings: Mapping[str, Mapping[str, Any]]


def check_matching(market: Market, matched: Mapping[str, str | None], cutoffs: Mapping[str, Any]) -> list[Property]:
    """The properties C1 to C6 on `matched` (school or None by applicant).

    `cutoffs` holds by school the standing of the last admitted where the school is full and has seats, else None.
    """
    held: dict[str, list[str]] = {school: [] for school in market.seats}
    for applicant, school in matched.items():
        if school in held:
            held[school].append(applicant)
    worst = {
        school: max(market.standings[one][school] for one in ones)
        for school, ones in held.items()
        if ones and all(school in market.standings.get(one, {}) for one in ones)
    }
    return [
        checked("C1 everybody has one result, a chosen school or none", _strangers(market, matched)),
        checked("C2 no school holds more than its seats", _overfull(market, held)),
        checked("C3 nobody is refused a seat that stays free", _waste(market, matched, held)),
        checked("C4 nobody is passed over by one who stands behind", _envy(market, matched, worst)),
        checked("C5 no exchange of seats would help all who take part and wrong nobody", _cycles(market, matched)),
        checked("C6 the cut-off is the last admitted of a full school", _wrong_cutoffs(market, held, worst, cutoffs)),
    ]


def _strangers(market: Market, matched: Mapping[str, str | None]) -> Iterator[str]:
    for applicant in matched.keys() - market.choices.keys():
        yield f"{applicant!r} did not apply"
    for applicant, wishes in market.choices.items():
        if applicant not in matched:
            yield f"{applicant!r} has no result"
        elif matched[applicant] is not None and matched[applicant] not in wishes:
            yield f"{applicant!r} did not choose {matched[applicant]!r}"


def _overfull(market: Market, held: Mapping[str, list[str]]) -> Iterator[str]:
    for school, ones in held.items():
        if len(ones) > market.seats[school]:
            yield f"{school!r} has {market.seats[school]} seats and holds {len(ones)}"


def _preferred(market: Market, matched: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """(applicant, school) for every school listed before the one held, all listed ones where none is held."""
    for applicant, wishes in market.choices.items():
        for school in wishes:
            if school == matched.get(applicant):
                break
            yield applicant, school


def _waste(market: Market, matched: Mapping[str, str | None], held: Mapping[str, list[str]]) -> Iterator[str]:
    for applicant, school in _preferred(market, matched):
        if len(held[school]) < market.seats[school]:
            yield f"{applicant!r} prefers {school!r}, which has a free seat"


def _envy(market: Market, matched: Mapping[str, str | None], worst: Mapping[str, Any]) -> Iterator[str]:
    for applicant, school in _preferred(market, matched):
        if school in worst and market.standings[applicant][school] < worst[school]:
            yield f"{applicant!r} stands before somebody whom {school!r} admitted"


def _cycles(market: Market, matched: Mapping[str, str | None]) -> Iterator[str]:
    """Walk from each school to the school of the best applicant who would rather come: a way round is a fault."""
    envier: dict[str, str] = {}
    for applicant, school in _preferred(market, matched):
        best = envier.get(school)
        if best is None or market.standings[applicant][school] < market.standings[best][school]:
            envier[school] = applicant
    leads_to = {school: matched.get(applicant) for school, applicant in envier.items()}
    finished: set[str] = set()
    for first in sorted(leads_to, key=str.encode):
        path: list[str] = []
        here: str | None = first
        while here is not None and here not in finished:
            finished.add(here)
            path.append(here)
            here = leads_to.get(here)
        if here in path:
            ring = path[path.index(here) :]
            yield f"the best who would rather come to {', '.join(map(repr, ring))} can change places in a ring"


def _wrong_cutoffs(
    market: Market, held: Mapping[str, list[str]], worst: Mapping[str, Any], cutoffs: Mapping[str, Any]
) -> Iterator[str]:
    for school, seats in market.seats.items():
        is_full = seats > 0 and len(held[school]) == seats
        expected = worst.get(school) if is_full else None
        if school not in cutoffs or cutoffs[school] != expected:
            yield f"the cut-off of {school!r} is {cutoffs.get(school)!r}, the last admitted stands at {expected!r}"
