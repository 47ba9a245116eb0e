"""Fix the one global order of a year's candidates: total, then the rules' tie-breakers; equal in all is one standing."""

from sqlalchemy import select, text, update

from backend.foundation.audit import record
from backend.foundation.database import db
from backend.zhongkao.count_candidates import count_candidates
from backend.zhongkao.exam_places import rules_of_year
from backend.zhongkao.rows import ExamCandidate, ExamSession
from backend.zhongkao.rules.session import Candidate
from backend.zhongkao.rules.standing import standings
from backend.zhongkao.rules.tie_sums import ties_of, total_of

_PLACES = """
UPDATE exam_candidate SET total = n.total, ties = n.ties::jsonb, standing = n.standing, position = n.position
FROM unnest(CAST(:ids AS bigint[]), CAST(:totals AS int[]), CAST(:ties AS text[]), CAST(:standings AS int[]),
            CAST(:positions AS int[])) AS n(id, total, ties, standing, position)
WHERE exam_candidate.id = n.id
"""


def rank_candidates(year: int) -> int:
    """Give every candidate of the year with scores a total, tie-breakers, standing and position; how many there are."""
    rules = rules_of_year(year)
    found = db.session.execute(
        select(ExamCandidate.id, ExamCandidate.subjects).where(
            ExamCandidate.year == year, text("exam_candidate.subjects <> '{}'::jsonb")
        )
    ).all()
    people = [
        Candidate(f"{row.id:019d}", total_of(row.subjects, rules), tuple(ties_of(row.subjects, rules))) for row in found
    ]
    standing_of = standings(people)
    ordered = sorted(people, key=lambda one: (standing_of[one.id], one.id))
    db.session.execute(update(ExamCandidate).where(ExamCandidate.year == year).values(position=None))
    db.session.execute(
        text(_PLACES),
        {
            "ids": [int(one.id) for one in ordered],
            "totals": [one.total for one in ordered],
            "ties": ["[" + ",".join(map(str, one.ties)) + "]" for one in ordered],
            "standings": [standing_of[one.id] for one in ordered],
            "positions": list(range(len(ordered))),
        },
    )
    db.session.execute(update(ExamSession).where(ExamSession.year == year).values(edition=ExamSession.edition + 1))
    db.session.expire_all()
    count_candidates(year)
    record("exam-candidates.ranked", "exam-year", year, count=len(ordered))
    return len(ordered)
