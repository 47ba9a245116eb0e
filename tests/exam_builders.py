"""An exam year for tests: rules with bands and locks, units, candidates, a listed session, wishes by hand."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.crypto import blind_index, seal
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor, Role
from backend.identity.rows import Account
from backend.identity.rules.roles import CITY, Scope
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.exam_places import session_named
from backend.zhongkao.list_session import list_session
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.rows import ExamBand, ExamCandidate, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import Terms, terms_content
from backend.zhongkao.wishes import Kept, Wish

YEAR = 2031
DAY = "2031-07-15T"


def at(hour: str) -> datetime:
    """That hour (`11:00` or `10:59:59.999`) on the day of choosing."""
    return datetime.fromisoformat(f"{DAY}{hour}+08:00")


def rules_content(**changes: Any) -> dict[str, Any]:
    """Rules with one category of two bands (600 and more until 11:00, the rest until 12:00) and both locks."""
    band_times = [("600", None, "08:00", "11:00"), (None, "600", "08:00", "12:00")]
    content: dict[str, Any] = {
        "format": 1,
        "year": YEAR,
        "city": "1506",
        "name": "初中毕业升学考试",
        "subjects": [
            {"code": "chinese", "name": "语文", "full": "120"},
            {"code": "maths", "name": "数学", "full": "120"},
            {"code": "english", "name": "英语", "full": "120"},
            {"code": "others", "name": "其他", "full": "400"},
        ],
        "ties": [{"of": ["chinese", "maths", "english"]}, {"of": ["chinese"]}],
        "categories": [{"code": "general", "name": "普通类"}],
        "sessions": [
            {
                "code": "general-1",
                "name": "普通类",
                "category": "general",
                "bands": [
                    {"from": low, "below": high, "open": f"{DAY}{start}:00+08:00", "close": f"{DAY}{end}:00+08:00"}
                    for low, high, start, end in band_times
                ],
                "locks": [
                    {"at": f"{DAY}10:00:00+08:00", "forbid": ["clear"]},
                    {"at": f"{DAY}10:30:00+08:00", "forbid": ["clear", "first"]},
                ],
                "statistics_at": [f"{DAY}09:00:00+08:00"],
                "report_by": "2031-08-20T18:00:00+08:00",
            }
        ],
        "grace_seconds": 5,
    }
    return content | changes


def further_session(content: dict[str, Any], code: str, category: str, day: int = 16, **more: Any) -> dict[str, Any]:
    """The rules with one more session, of one band without limits, on a later day of the month."""
    times = {"open": f"2031-07-{day}T08:00:00+08:00", "close": f"2031-07-{day}T12:00:00+08:00"}
    session = {"code": code, "name": code, "category": category, "bands": [times]} | more
    report_by = content["sessions"][0]["report_by"]
    return content | {"sessions": [*content["sessions"], session | {"report_by": report_by}]}


def exam_official(name: str = "考试中心甲") -> Actor:
    """An official of the exam office."""
    account = Account(id=uuid.uuid4(), kind="official", made_at=clock.now())
    db.session.add(account)
    db.session.flush()
    return Actor(account.id, "official", (Role("exam-office", Scope("city", CITY)),), name)


def add_unit(code: str, plan: int, **more: Any) -> ExamUnit:
    """A unit of the year; `terms` and the texts may be given."""
    fields: dict[str, Any] = {
        "year": YEAR,
        "code": code,
        "school": more.pop("school", code),
        "name": f"{code}中学",
        "banner": "150602",
        "category": "general",
        "language": "zh",
        "origin": "全市",
        "plan": plan,
        "junior": None,
        "terms": terms_content(more.pop("terms", Terms())),
    }
    unit = ExamUnit(**(fields | more))
    db.session.add(unit)
    db.session.flush()
    return unit


def add_candidate(number: str, total: int, **more: Any) -> ExamCandidate:
    """A candidate with this exam number and total in whole points, all of it in the subject that counts last."""
    subject = uuid.uuid4()
    candidate = ExamCandidate(
        year=YEAR,
        subject=subject,
        exam_index=blind_index("exam_candidate.exam_number", number),
        exam_number_sealed=seal(subject, f"exam_candidate.exam_number.{subject}", number),
        name_sealed=seal(subject, f"exam_candidate.name.{subject}", f"考生{number}"),
        phone_sealed=seal(subject, f"exam_candidate.phone.{subject}", more.pop("phone", "13900000001")),
        junior=more.pop("junior", "150602-J01"),
        school_banner=more.pop("school_banner", "150602"),
        household_banner=more.pop("household_banner", "150602"),
        subjects=more.pop("subjects", {"others": total * 100}),
        **more,
    )
    db.session.add(candidate)
    db.session.flush()
    return candidate


def listed_session(
    units: Mapping[str, int],
    totals: Sequence[int],
    content: Mapping[str, Any] | None = None,
    before_listing: Callable[[], None] = lambda: None,
) -> tuple[ExamSession, list[ExamCandidate], dict[str, ExamUnit]]:
    """A listed first session with these units and candidates, in the order of `totals`."""
    with unit_of_work():
        publish_exam_rules(exam_official(), content or rules_content(), "公布")
        made = {code: add_unit(code, plan) for code, plan in units.items()}
        people = [add_candidate(f"31{number:06d}", total) for number, total in enumerate(totals)]
        rank_candidates(YEAR)
        before_listing()
        session = db.session.execute(select(ExamSession).order_by(ExamSession.id).limit(1)).scalar_one()
        list_session(session.id)
    return session_named(YEAR, session.code), people, made


def wish(
    session: ExamSession, candidate: ExamCandidate, unit: ExamUnit | None, hour: str | datetime, **more: Any
) -> Kept:
    """One wish (None clears), kept in a transaction of its own."""
    arrived_at = at(hour) if isinstance(hour, str) else hour
    asked = Wish(candidate.id, "clear" if unit is None else "choose", unit.id if unit else None, arrived_at, **more)
    with unit_of_work():
        connection = db.session.connection()
        return keep_wishes(connection, ground_of(connection, session.id), [asked])[0]


def band(session: ExamSession, number: int) -> ExamBand:
    """A band of the session as it stands now."""
    return db.session.execute(
        select(ExamBand)
        .where(ExamBand.session_id == session.id, ExamBand.number == number)
        .execution_options(populate_existing=True)
    ).scalar_one()


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime | str) -> None:
    """Let the service's clock stand at this moment (an hour of the day of choosing, or an instant)."""
    now = at(moment) if isinstance(moment, str) else moment
    monkeypatch.setattr(clock, "now", lambda: now)
