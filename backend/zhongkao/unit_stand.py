"""How every unit stands at this moment, for the exam office: plan, holders, how many are inside, the line, who is level there."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.zhongkao.candidate_view import points
from backend.zhongkao.exam_places import rules_of_year, sessions_of, units_of_session
from backend.zhongkao.rows import ExamCandidate, ExamChoice, ExamSession, ExamUnit
from backend.zhongkao.rules.standing import lowest_inside


def unit_stand(year: int, category: str, filling: str, words: str) -> dict[str, Any]:
    """The units of the newest listed session of each category, read from the record.

    `category` (a code), `filling` ("full", "vacant") and `words` (part of the name) leave rows out; "" leaves out none.
    Each row: name, code, category, session, plan, chosen, inside (those level with the last place are inside, over
    plan), lowest (points at the last place, None while places are vacant), level (how many stand exactly there), vacant.
    """
    names = {one.code: one.name for one in rules_of_year(year).categories}
    newest = {session.category: session for session in sessions_of(year) if session.state != "planned"}
    rows = [
        row | {"category": names[code], "session": session.code}
        for code, session in newest.items()
        if category in {"", code}
        for row in _rows(session)
    ]
    shown = [row for row in rows if words in row["name"] and _is_asked_for(row, filling)]
    return {"rows": shown, "total": _sums(shown), "categories": {code: names[code] for code in newest}}


def _is_asked_for(row: dict[str, Any], filling: str) -> bool:
    return filling == "" or (filling == "vacant") == (row["vacant"] > 0)


def _sums(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    found = list(rows)
    return {key: sum(row[key] for row in found) for key in ("plan", "chosen", "inside", "vacant")}


def _rows(session: ExamSession) -> list[dict[str, Any]]:
    held: dict[int, list[tuple[int, int]]] = {}
    found = db.session.execute(
        select(ExamChoice.unit_id, ExamCandidate.standing, ExamCandidate.total)
        .join(ExamCandidate, ExamCandidate.id == ExamChoice.candidate_id)
        .where(ExamChoice.session_id == session.id, ExamChoice.unit_id.is_not(None))
    )
    for row in found:
        held.setdefault(row.unit_id, []).append((row.standing, row.total))
    return [_row(unit, plan, held.get(unit.id, [])) for unit, plan in units_of_session(session.id)]


def _row(unit: ExamUnit, plan: int, holders: Sequence[tuple[int, int]]) -> dict[str, Any]:
    line = lowest_inside([standing for standing, _ in holders], plan)
    level = [total for standing, total in holders if standing == line]
    inside = len(holders) if line is None and plan else sum(line is not None and one <= line for one, _ in holders)
    return {
        "code": unit.code,
        "name": unit.name,
        "plan": plan,
        "chosen": len(holders),
        "inside": inside,
        "lowest": points(level[0]) if level else None,
        "level": len(level),
        "vacant": max(0, plan - len(holders)),
    }
