"""A candidate's standing asked straight from the record: true at the moment of asking, and dear; the live board is fast."""

from typing import Any

from sqlalchemy import text

from backend.foundation import clock
from backend.foundation.database import db
from backend.zhongkao.rows import ExamCandidate, ExamSession

_STANDING = """
SELECT u.code, u.name, s.plan,
       (SELECT count(*) FROM exam_choice c JOIN exam_candidate p ON p.id = c.candidate_id
        WHERE c.session_id = :session AND c.unit_id = u.id AND p.standing < :standing) AS better,
       (SELECT count(*) FROM exam_choice c JOIN exam_candidate p ON p.id = c.candidate_id
        WHERE c.session_id = :session AND c.unit_id = u.id AND p.standing = :standing
          AND c.candidate_id <> :candidate) AS level,
       (SELECT count(*) FROM exam_choice c WHERE c.session_id = :session AND c.unit_id = u.id) AS chosen,
       (SELECT p.total FROM exam_choice c JOIN exam_candidate p ON p.id = c.candidate_id
        WHERE c.session_id = :session AND c.unit_id = u.id
        ORDER BY p.standing OFFSET greatest(s.plan - 1, 0) LIMIT CASE WHEN s.plan > 0 THEN 1 ELSE 0 END) AS lowest
FROM session_unit s JOIN exam_unit u ON u.id = s.unit_id
WHERE s.session_id = :session AND s.unit_id = :unit
"""


def slow_standing(session: ExamSession, candidate: ExamCandidate, unit_id: int) -> dict[str, Any]:
    """Where the candidate stands in this unit, or would stand if he chose it: rank, level_with, plan, inside."""
    found = db.session.execute(
        text(_STANDING),
        {
            "session": session.id,
            "unit": unit_id,
            "candidate": candidate.id,
            "standing": candidate.standing,
        },
    ).one()
    now = clock.now().isoformat(timespec="milliseconds")
    return {
        "version": None,
        "published_at": now,
        "age_ms": 0,
        "server_time": now,
        "unit": found.code,
        "rank": found.better + 1,
        "level_with": found.level + 1,
        "plan": found.plan,
        "inside": found.better < found.plan,
        "lowest_inside": None if found.lowest is None else f"{found.lowest / 100:.2f}",
        "chosen_count": found.chosen,
    }
