"""Forecasts of lowest scores on simulated sessions: how many lines lay between the ends, and the loss beside the naive."""

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.zhongkao.rules.forecast import STEP, Basis, Step, carried_over, forecasts
from backend.zhongkao.rules.forecast_score import Outcome, Scored, scored
from backend.zhongkao.rules.last_moves import admitted_of
from rehearsal.exam_city import ExamCity, make_exam
from rehearsal.exam_former import former_rows
from rehearsal.exam_rules import BANDS

OPENS = datetime.fromisoformat("2026-07-15T08:00:00+08:00")
BAND = timedelta(hours=1)
TENTHS_TO_HUNDREDTHS, HUNDRED = 10, 100
SIZES = ((600, 10), (2000, 10), (6000, 4))
"""Candidates of a session, and sessions of that size."""
YEARS = (0, 1, 3)
ROUNDS = 4
"""Rounds of looking and moving between two readings, half a band apart."""
ABSENT, HASTY = 0.02, 0.3
"""So many never come; so many of the first choices are the first wish, whatever the rank there."""
DILIGENCE = (0.15, 0.4, 0.9)
HURRIES = 0.9
LAST_ROUNDS = 2
ARRIVALS = (0, 0, 1, 1, 2, 3, 5)


@dataclass(frozen=True)
class Moment:
    """A reading: its number from 1, how many bands are closed, who holds what."""

    number: int
    closed: int
    held: Mapping[int, int]


class Course:
    """One simulated session; candidates and units by index, standings by total and three subjects."""

    def __init__(self, city: ExamCity, seed: str) -> None:
        self.city, self.chance = city, random.Random(seed)
        people = city.candidates
        number = {unit.code: index for index, unit in enumerate(city.units)}
        self.totals = [round(one.total * TENTHS_TO_HUNDREDTHS) * TENTHS_TO_HUNDREDTHS for one in people]
        order = sorted({(-self.totals[one], -people[one].scores["maths"]) for one in range(len(people))})
        place = {key: index for index, key in enumerate(order)}
        self.standing = [place[-self.totals[one], -people[one].scores["maths"]] for one in range(len(people))]
        self.wishes = [[number[code] for code in one.wishes] for one in people]
        self.plan = {index: unit.plan for index, unit in enumerate(city.units)}
        self.band = [
            next(index for index, (low, _) in enumerate(BANDS) if low is None or total >= int(low) * HUNDRED)
            for total in self.totals
        ]
        self.held: dict[int, int] = {}

    def moments(self) -> Iterator[Moment]:
        """Everybody comes when he comes, looks as often as he does, and goes to the best unit that would have him."""
        people = range(len(self.totals))
        comes = [None if self.chance.random() < ABSENT else self.chance.choice(ARRIVALS) / 8 for _ in people]
        diligence = [self.chance.choice(DILIGENCE) for _ in people]
        for half in range(2 * len(BANDS)):
            for step in range(half * ROUNDS, (half + 1) * ROUNDS):
                self._round(step, comes, diligence)
            if half + 1 < 2 * len(BANDS):
                yield Moment(half + 1, (half + 1) // 2, dict(self.held))

    def _round(self, step: int, comes: Sequence[float | None], diligence: Sequence[float]) -> None:
        board = self._board()
        moves = {}
        for one, band in enumerate(self.band):
            close, coming = (band + 1) * 2 * ROUNDS, comes[one]
            if coming is None or not coming * close <= step < close:
                continue
            looks = HURRIES if close - step <= LAST_ROUNDS else diligence[one]
            if one in self.held and self.chance.random() > looks:
                continue
            best = next((unit for unit in self.wishes[one] if self._has(board, unit, one)), None)
            if one not in self.held and (best is None or self.chance.random() < HASTY):
                best = self.wishes[one][0]
            if best is not None and self.held.get(one) != best:
                moves[one] = best
        self.held |= moves

    def _board(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {unit: [] for unit in self.plan}
        for one, unit in self.held.items():
            found[unit].append(self.standing[one])
        for standings in found.values():
            standings.sort()
        return found

    def _has(self, board: Mapping[int, Sequence[int]], unit: int, one: int) -> bool:
        return bisect_left(board[unit], self.standing[one]) < self.plan[unit]

    def lines(self, held: Mapping[int, int]) -> tuple[dict[int, int], dict[str, int | None]]:
        """Who is inside where; the total at each unit's last place, None where it is not full."""
        inside = admitted_of(held, dict(enumerate(self.standing)), self.plan)
        totals: dict[int, list[int]] = defaultdict(list)
        for one, unit in inside.items():
            totals[unit].append(self.totals[one])
        return inside, {
            unit.code: min(totals[index]) if len(totals[index]) >= unit.plan else None
            for index, unit in enumerate(self.city.units)
        }

    def basis(self, moment: Moment, former: Mapping[str, Sequence[int]]) -> Basis:
        """What would be published at the reading."""
        inside, current = self.lines(moment.held)
        there: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        free: Counter[tuple[str, int]] = Counter()
        for one, person in enumerate(self.city.candidates):
            place = (person.banner, self.totals[one] // STEP * STEP)
            if one in inside:
                there[place][self.city.units[inside[one]].code] += 1
            elif self.band[one] >= moment.closed:
                free[place] += 1
        banners = {person.banner for person in self.city.candidates}
        return Basis(
            {unit.code: unit.plan for unit in self.city.units},
            current,
            {
                banner: [unit.code for unit in self.city.units if not unit.origin or banner in unit.origin]
                for banner in banners
            },
            [Step(*place, there[place], free[place]) for place in sorted(there.keys() | free.keys())],
            int(BANDS[moment.closed - 1][0] or 0) * HUNDRED if moment.closed else None,
            former,
        )


def _outcomes(candidates: int, sessions: int, years: int) -> Iterator[tuple[int, Outcome]]:
    """(reading, what a unit's forecast came to) over sessions that the margins were not chosen by."""
    for number in range(sessions):
        seed = f"bench/forecast/{number}"
        city = make_exam(seed, candidates, OPENS, BAND)
        course = Course(city, seed)
        totals = sorted(course.totals, reverse=True)
        former: dict[str, list[int]] = defaultdict(list)
        last_year: dict[str, int] = {}
        for code, year, lowest, place, of in former_rows(seed, city, years):
            former[str(code)].append(carried_over(int(str(place)), int(str(of)), totals) or 0)
            if year == city.year - 1:
                last_year[str(code)] = round(float(str(lowest)) * HUNDRED)
        made = [
            (moment, basis, forecasts(basis)) for moment in course.moments() for basis in [course.basis(moment, former)]
        ]
        _, final = course.lines(course.held)
        for moment, basis, foretold in made:
            for unit, one in foretold.items():
                yield moment.number, Outcome(one, final[unit], last_year.get(unit), basis.current[unit])


def _row(candidates: int, years: int, reading: str, told: Scored) -> str:
    open_units = told.foretold - told.certain
    inside = f"{HUNDRED * told.inside / open_units:.0f} %" if open_units else "–"
    losses = (told.loss, told.loss_current, told.loss_beside_last_year, told.loss_last_year)
    shown = " | ".join("–" if loss is None else f"{loss / HUNDRED:.2f}" for loss in losses)
    return f"| {candidates} | {years} | {reading} | {told.foretold} | {told.certain} | {inside} | {shown} |"


def measure() -> str:
    """The table: a row a size, number of former years and reading; and one over all readings."""
    rows = []
    for candidates, sessions in SIZES:
        for years in YEARS:
            by_reading: dict[int, list[Outcome]] = defaultdict(list)
            for reading, one in _outcomes(candidates, sessions, years):
                by_reading[reading].append(one)
            rows += [_row(candidates, years, str(reading), scored(some)) for reading, some in by_reading.items()]
            every = [one for some in by_reading.values() for one in some]
            rows.append(_row(candidates, years, "**all**", scored(every)))
    return "\n".join(
        [
            "# Forecasts of the lowest admitted scores, on simulated sessions",
            "",
            "Eight of ten lines of units that are not certain yet should lie between the ends. Losses are pinball losses",
            "in points, over units where all numbers are there: the forecast beside the lowest inside at that moment, and",
            "the forecast beside last year's line. Simulated people move without guile; real ones will differ, which is",
            "why every real session is scored in public.",
            "",
            "| candidates | former years | reading | foretold | certain | inside | forecast | lowest inside now | forecast | last year |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
        ]
    )
