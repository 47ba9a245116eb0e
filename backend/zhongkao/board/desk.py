"""The exam office looks at the stand: every unit at this moment, and what one candidate saw, for a complaint (T-1.5, P18)."""

from typing import Any

from flask import render_template, request

from backend.foundation.audit import record
from backend.foundation.desk import DeskRoom
from backend.foundation.problems import Refusal
from backend.identity.actors import official_who_may, policy
from backend.notices.sentences import say
from backend.zhongkao.candidate_codes import candidate_numbered, number_of
from backend.zhongkao.candidate_diary import diary_of
from backend.zhongkao.change_phone import CandidateUnknown
from backend.zhongkao.exam_places import session_named
from backend.zhongkao.rows import ExamSession
from backend.zhongkao.rules.instants import milliseconds_of
from backend.zhongkao.unit_stand import unit_stand
from backend.zhongkao.what_was_seen import span_of, what_was_seen

desk = DeskRoom("board", __name__)
FILLINGS = {"": "全部", "full": "已满", "vacant": "未满"}
"""What an official may ask for: every unit, those whose plan is filled, those with vacant places."""


class ComplaintUnnamed(Refusal):
    """Whoever looks at what one candidate saw says for which complaint."""

    code = "complaint-unnamed"
    status = 422


@desk.get("/exam/<int:year>/units")
@policy(official_who_may("exam.read"))
def units(year: int) -> str:
    """Every unit as it stands, by category."""
    category, words = request.args.get("category", ""), request.args.get("words", "").strip()
    filling = request.args.get("filling", "")
    told = unit_stand(year, category, filling if filling in FILLINGS else "", words)
    return render_template(
        "board/units.html", year=year, category=category, words=words, filling=filling, fillings=FILLINGS, **told
    )


@desk.get("/exam/<int:year>/<code>/seen")
@policy(official_who_may("exam.command"))
def complaint(year: int, code: str) -> str:
    """The form of a complaint: whose, which span of time, under which number."""
    return _page(session_named(year, code), {})


@desk.post("/exam/<int:year>/<code>/seen")
@policy(official_who_may("exam.command"))
def seen(year: int, code: str) -> str | tuple[str, int]:
    """What the candidate saw in the span; whoever looks names the complaint, and the look is written down."""
    session, asked = session_named(year, code), request.form
    try:
        return _page(session, _replayed(session, asked.get("number", "").strip(), asked))
    except Refusal as refusal:
        return _page(session, {"refusal": refusal}), refusal.status


def _replayed(session: ExamSession, number: str, asked: Any) -> dict[str, Any]:
    reason = asked.get("reason", "").strip()
    if not reason:
        raise ComplaintUnnamed
    candidate = candidate_numbered(session.year, number)
    if candidate is None:
        raise CandidateUnknown
    since, until = (f"{asked.get(name, '')}+08:00" for name in ("since", "until"))
    lines = what_was_seen(candidate, session, since, until)
    record("exam-candidate.replayed", "exam-candidate", candidate.id, reason, session=session.code)
    first, last = span_of(since, until)
    own = [line for line in diary_of(candidate) if first <= milliseconds_of(line["at"]) <= last]
    return {"lines": lines, "wishes": [_in_words(line) for line in reversed(own)], "number": number_of(candidate)}


def _in_words(line: dict[str, Any]) -> dict[str, Any]:
    refused = line["refused"] and say(f"word.exam-refused.{line['refused']}")
    return line | {"what": say(f"word.exam-change.{line['what']}"), "refused": refused}


def _page(session: ExamSession, told: dict[str, Any]) -> str:
    return render_template("board/seen.html", session=session, asked=request.form, **told)
