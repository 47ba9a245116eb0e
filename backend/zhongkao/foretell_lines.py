"""At each reading of the statistics: foretell every unit's lowest admitted score from what is published (wish 7)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from backend.foundation.database import db
from backend.zhongkao.exam_places import applicant_of, bands_of, units_of_session
from backend.zhongkao.rows import ExamCandidate, ExamChoice, ExamForecast, ExamFormerLine, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import rights_by
from backend.zhongkao.rules.forecast import STEP, Basis, Step, carried_over
from backend.zhongkao.rules.forecast_file import basis_content, forecasts_content
from backend.zhongkao.rules.standing import lowest_inside
from backend.zhongkao.unit_terms import unit_terms

FEWEST = 10
"""Groups of candidates with the same rights that are smaller are counted together: figures must not point at a person."""
OTHERS = "others"
Rights = tuple[str, ...]


def foretell_lines(session: ExamSession, at: datetime, held: Mapping[int, int]) -> None:
    """Keep the forecasts for the reading `at`; `held` is the unit of each candidate by the wishes before it."""
    basis = basis_of(session, at, held)
    db.session.add(
        ExamForecast(session_id=session.id, at=at, units=forecasts_content(basis), basis=basis_content(basis))
    )


def basis_of(session: ExamSession, at: datetime, held: Mapping[int, int]) -> Basis:
    """What is known at `at`: who has a place where, who can still choose what, which bands are closed, former lines."""
    units = units_of_session(session.id)
    people = _people(session)
    closed = {band.id: band for band in bands_of(session.id) if band.close_at <= at}
    inside, current = _inside(people, units, held)
    rights = _rights((candidate for candidate, _ in people), [unit for unit, _ in units])
    names = _names(rights.values())
    steps: dict[tuple[str, int], tuple[Counter[str], int]] = defaultdict(lambda: (Counter(), 0))
    for candidate, band_id in people:
        place = (names(rights[candidate.id]), (candidate.total or 0) // STEP * STEP)
        there, free = steps[place]
        if candidate.id in inside:
            there[inside[candidate.id]] += 1
        elif band_id not in closed:
            steps[place] = there, free + 1
    open_to: dict[str, set[str]] = defaultdict(set)
    for may in set(rights.values()):
        open_to[names(may)] |= set(may)
    return Basis(
        {unit.code: plan for unit, plan in units},
        current,
        {name: sorted(codes) for name, codes in open_to.items()},
        [Step(name, floor, there, free) for (name, floor), (there, free) in steps.items() if there or free],
        min((band.lowest or 0 for band in closed.values()), default=None),
        _former(session.year),
    )


def _people(session: ExamSession) -> list[tuple[ExamCandidate, int]]:
    """Who takes part: has a band here and is not admitted by an earlier category."""
    found = db.session.execute(
        select(ExamCandidate, ExamChoice.band_id)
        .join(ExamChoice, ExamChoice.candidate_id == ExamCandidate.id)
        .where(ExamChoice.session_id == session.id, ExamChoice.locked_by.is_(None))
    )
    return [(candidate, band_id) for candidate, band_id in found if band_id is not None]


def _inside(
    people: Iterable[tuple[ExamCandidate, int]], units: Iterable[tuple[ExamUnit, int]], held: Mapping[int, int]
) -> tuple[dict[int, str], dict[str, int | None]]:
    """Who has a place inside the plan of which unit; and the total at each unit's last place, None where it is not full."""
    holders: dict[int, list[ExamCandidate]] = defaultdict(list)
    for candidate, _ in people:
        if candidate.id in held:
            holders[held[candidate.id]].append(candidate)
    inside: dict[int, str] = {}
    current: dict[str, int | None] = {}
    for unit, plan in units:
        line = lowest_inside([one.standing or 0 for one in holders[unit.id]], plan)
        there = [one for one in holders[unit.id] if plan and (line is None or (one.standing or 0) <= line)]
        inside |= {one.id: unit.code for one in there}
        current[unit.code] = None if line is None else min(one.total or 0 for one in there)
    return inside, current


def _rights(candidates: Iterable[ExamCandidate], units: Sequence[ExamUnit]) -> dict[int, Rights]:
    """The codes of the units that each candidate may choose."""
    terms = [(unit.code, unit_terms(unit)) for unit in units]
    rights = rights_by(lambda _: terms)
    return {candidate.id: rights(applicant_of(candidate)) for candidate in candidates}


def _names(rights: Iterable[Rights]) -> Callable[[Rights], str]:
    """Groups are called by numbers, the largest first; small ones share one name."""
    many = Counter(rights)
    ordered = sorted((one for one in many if many[one] >= FEWEST), key=lambda one: (-many[one], one))
    number = {one: f"{place:03d}" for place, one in enumerate(ordered, 1)}
    return lambda one: number.get(one, OTHERS)


def _former(year: int) -> dict[str, list[int]]:
    """The former years' lines as scores of this year, newest year first."""
    ranked = select(ExamCandidate.total).where(ExamCandidate.year == year, ExamCandidate.position.is_not(None))
    totals = sorted((total or 0 for total in db.session.execute(ranked).scalars()), reverse=True)
    lines = db.session.execute(
        select(ExamFormerLine).where(ExamFormerLine.year == year).order_by(ExamFormerLine.former_year.desc())
    ).scalars()
    found: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        carried = carried_over(line.place, line.candidates, totals)
        if carried is not None:
            found[line.unit].append(carried)
    return found
