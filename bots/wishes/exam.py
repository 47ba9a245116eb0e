"""Wishes of a candidate of the senior-high exam, carried out by the verbs of the exam wing.

A candidate logs in in this chat as on a device: the chat's own blind index is the device's lasting name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.zhongkao.admission_view import admission_view
from backend.zhongkao.candidate_codes import ExamCodeWrong
from backend.zhongkao.candidate_lists import units_view
from backend.zhongkao.candidate_view import candidate_view
from backend.zhongkao.change_my_choice import Asked, category_under_way, change_my_choice, session_in_force
from backend.zhongkao.give_standing_order import end_standing_order, give_standing_order
from backend.zhongkao.log_in_candidate import ask_login_code, log_in_candidate, require_change_code
from backend.zhongkao.report_in import report_in as report_in_at_school
from backend.zhongkao.rows import CandidateLogin, ExamCandidate, ExamChoice, ExamUnit
from backend.zhongkao.slow_standing import slow_standing
from bots.person import Caller


def _device(caller: Caller) -> str:
    return f"chat-{caller.person.index.hex()}"


def _address(caller: Caller) -> str:
    """Where there is no network address, the person has the budget of one."""
    return f"chat-{caller.person.index.hex()[:24]}"


def login_of(caller: Caller) -> CandidateLogin | None:
    """The living log-in of a candidate in this chat."""
    return db.session.execute(
        select(CandidateLogin)
        .where(
            CandidateLogin.device_sha256 == hashlib.sha256(_device(caller).encode()).digest(),
            CandidateLogin.ended_at.is_(None),
            CandidateLogin.ends_at > clock.now(),
        )
        .order_by(CandidateLogin.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def _known(caller: Caller) -> tuple[ExamCandidate, CandidateLogin]:
    login = login_of(caller)
    if login is None:
        raise NotFound
    return db.session.get_one(ExamCandidate, login.candidate_id), login


def send_code(caller: Caller, exam_number: str) -> dict[str, Any]:
    """A code is on its way to the stored phone, told masked; an unknown number is answered alike."""
    return {"exam_number": exam_number, "phone_masked": ask_login_code(exam_number, _device(caller))}


def log_in(caller: Caller, exam_number: str, code: str) -> dict[str, Any]:
    """The candidate's name; this chat is a device of the candidate from now on. Raises ExamCodeWrong."""
    done = log_in_candidate(exam_number, code, _device(caller))
    if done is None:
        raise ExamCodeWrong
    return {"name": candidate_view(done.candidate)["name"]}


def look(caller: Caller) -> Mapping[str, Any]:
    """Scores, place in the city, band, categories, choices."""
    return candidate_view(_known(caller)[0])


def standing(caller: Caller) -> dict[str, Any]:
    """Where the candidate stands in the unit that is held now; without `unit_name` where none is."""
    candidate, _ = _known(caller)
    session = session_in_force(candidate.year, category_under_way(candidate.year))
    choice = db.session.get(ExamChoice, (session.id, candidate.id))
    if choice is None or choice.unit_id is None:
        return {}
    return _standing_in(caller, db.session.get_one(ExamUnit, choice.unit_id))


def what_if(caller: Caller, unit: str) -> dict[str, Any]:
    """What the standing would be in another unit."""
    candidate, _ = _known(caller)
    found = db.session.execute(
        select(ExamUnit).where(ExamUnit.year == candidate.year, ExamUnit.code == unit)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return _standing_in(caller, found)


def _standing_in(caller: Caller, unit: ExamUnit) -> dict[str, Any]:
    candidate, _ = _known(caller)
    session = session_in_force(candidate.year, category_under_way(candidate.year))
    return {**slow_standing(session, candidate, unit.id), "unit_name": unit.name}


def units(caller: Caller) -> dict[str, Any]:
    """The units of the category under way, with why one may not be chosen, and the one that is held."""
    candidate, _ = _known(caller)
    category = category_under_way(candidate.year)
    held = candidate_view(candidate)["choices"].get(category, "")
    return {
        "items": units_view(candidate, category),
        "category": category,
        "held": held,
    }


def choose(caller: Caller, category: str, unit: str, code: str) -> dict[str, Any]:
    """The receipt with the standing afterwards; the same message twice is one change."""
    candidate, login = _known(caller)
    asked = Asked(category, unit, code or None, _device(caller), f"chat/{caller.key}" if caller.key else None)
    told = change_my_choice(candidate, login, asked, caller.arrived_at)
    name = db.session.execute(
        select(ExamUnit.name).where(ExamUnit.year == candidate.year, ExamUnit.code == unit)
    ).scalar_one()
    standing_after = {**told["standing"], "unit_name": name} if told.get("standing") else None
    return {"receipt": told["receipt"], "standing": standing_after}


def leave_order(caller: Caller, units: Sequence[str], code: str) -> dict[str, Any]:
    """The standing order as it stands now; no units take it back."""
    candidate, login = _known(caller)
    require_change_code(candidate, login, code or None, _device(caller))
    session = session_in_force(candidate.year, category_under_way(candidate.year))
    if units:
        give_standing_order(candidate, session, list(units), caller.arrived_at)
    else:
        end_standing_order(candidate, session, caller.arrived_at)
    return {"units": list(units)}


def admission(caller: Caller) -> Mapping[str, Any]:
    """Whether and where admitted."""
    return admission_view(_known(caller)[0])


def report_in(caller: Caller) -> Mapping[str, Any]:
    """Reported in at the school that admitted the candidate."""
    candidate, _ = _known(caller)
    report_in_at_school(candidate, caller.arrived_at)
    return admission_view(candidate)
