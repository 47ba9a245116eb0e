"""The simulated city's former exam years: the same schools with other candidates, and how far each unit went then."""

from collections.abc import Iterable, Sequence

from backend.zhongkao.rules.parallel import parallel_outcome
from backend.zhongkao.rules.session import Candidate, Session, Unit
from rehearsal import exam_city
from rehearsal.exam_city import ExamCity

YEARS = 3
HEAD = ("计划代码", "年份", "录取最低分", "最低分位次", "全市考生数")
TENTH = 10


def former_rows(seed: str, city: ExamCity, years: int = YEARS) -> list[tuple[object, ...]]:
    """The rows of the sheet of former years' lines: units that were filled in each of the years before, newest first."""
    return [
        row
        for back in range(1, years + 1)
        for row in _year(city.year - back, exam_city.candidates_of(f"{seed}/{back} years ago", city), city)
    ]


def _year(year: int, people: Sequence[exam_city.Candidate], city: ExamCity) -> Iterable[tuple[object, ...]]:
    """One year, admitted by true wishes from the best total down."""
    session = Session(
        tuple(Candidate(one.number, round(one.total * TENTH) * TENTH) for one in people),
        tuple(Unit(unit.code, unit.plan) for unit in city.units),
        (),
        (),
        (),
    )
    admitted = parallel_outcome(session, {one.number: one.wishes for one in people})
    totals = sorted((one.total for one in people), reverse=True)
    for unit in city.units:
        inside = [one.total for one in people if admitted[one.number] == unit.code]
        if len(inside) >= unit.plan:
            lowest = min(inside)
            yield unit.code, year, f"{lowest:g}", sum(total >= lowest for total in totals), len(people)
