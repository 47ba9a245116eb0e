"""Publish the exam rules of a year; its sessions and bands are planned from them (A49-A58)."""

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.zhongkao.count_candidates import count_candidates
from backend.zhongkao.exam_places import city_scopes
from backend.zhongkao.rows import ExamBand, ExamRulesRow, ExamSession
from backend.zhongkao.rules.exam_rules import (
    ExamRules,
    ExamRulesFaulty,
    LockRule,
    SessionRule,
    read_exam_rules,
    rules_sha256,
)
from backend.zhongkao.rules.scores import hundredths_of

EXAMPLE = Path(__file__).parent / "example_rules.toml"
LIST_AHEAD = timedelta(minutes=30)
"""How long before the first band opens a session's candidates and units are listed."""


class ExamRulesRefused(Refusal):
    """The rules have faults; `errors` names each."""

    code = "exam-rules-faulty"
    status = 422


class ExamRulesFixed(Refusal):
    """A session of the year is listed: its rules stay as they were published; only a band can be extended."""

    code = "exam-rules-fixed"


def example_rules() -> Mapping[str, Any]:
    """Rules that are whole and without a fault, for an office that writes its first."""
    return tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))


def rules_written_in(data: bytes) -> Mapping[str, Any]:
    """The content of an uploaded file. Raises ExamRulesRefused where it is no JSON object in UTF-8."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise _unreadable("", "规则文件应是 UTF-8 编码的 .json 文字文件") from fault
    except json.JSONDecodeError as fault:
        raise _unreadable(f"第 {fault.lineno} 行第 {fault.colno} 列", "从这里起不是正确的 JSON 写法") from fault
    if not isinstance(content, dict):
        raise _unreadable("/", "整个文件应是一组设置（写在花括号里）")
    return content


def _unreadable(pointer: str, what: str) -> ExamRulesRefused:
    return ExamRulesRefused([{"pointer": pointer, "code": "invalid", "detail": what}])


def publish_exam_rules(actor: Actor, content: Mapping[str, Any], reason: str) -> ExamRulesRow:
    """The published version; sessions that were planned by an earlier version are planned anew.

    Raises NotAllowed, ExamRulesRefused with every fault, ExamRulesFixed once a session of the year is listed.
    """
    authorize_office(actor, "exam.publish", city_scopes())
    try:
        rules = read_exam_rules(content)
    except ExamRulesFaulty as faulty:
        raise ExamRulesRefused(
            [{"pointer": pointer, "code": "invalid", "detail": what} for pointer, what in faulty.faults]
        ) from faulty
    _hold_year(rules.year)
    if _is_listed(rules.year):
        raise ExamRulesFixed(year=rules.year)
    version = (
        1
        + db.session.execute(
            select(func.coalesce(func.max(ExamRulesRow.version), 0)).where(ExamRulesRow.year == rules.year)
        ).scalar_one()
    )
    row = ExamRulesRow(
        year=rules.year,
        version=version,
        sha256=rules_sha256(content),
        content=dict(content),
        reason=reason,
        published_at=clock.now(),
        published_by=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    _plan_sessions(rules, row)
    count_candidates(rules.year)
    record("exam-rules.published", "exam-year", rules.year, reason, version=version, sha256=row.sha256)
    return row


def _hold_year(year: int) -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"exam/{year}", 0))))


def _is_listed(year: int) -> bool:
    listed = select(ExamSession.id).where(ExamSession.year == year, ExamSession.state != "planned")
    return db.session.execute(listed.limit(1)).first() is not None


def _plan_sessions(rules: ExamRules, row: ExamRulesRow) -> None:
    former = select(ExamSession.id).where(ExamSession.year == rules.year)
    db.session.execute(delete(ExamBand).where(ExamBand.session_id.in_(former)))
    db.session.execute(delete(ExamSession).where(ExamSession.year == rules.year))
    for rule in rules.sessions:
        session = ExamSession(
            year=rules.year, code=rule.code, category=rule.category, round=rule.round, rules_id=row.id
        )
        db.session.add(session)
        db.session.flush()
        db.session.add_all(_bands(session.id, rule))
        first = min(band.open for band in rule.bands)
        put_task(
            "list-exam-session",
            f"{session.id}",
            {"session_id": session.id},
            due_at=max(clock.now(), first - LIST_AHEAD),
        )


def _bands(session_id: int, rule: SessionRule) -> list[ExamBand]:
    return [
        ExamBand(
            session_id=session_id,
            number=number,
            lowest=hundredths_of(band.from_) if band.from_ is not None else None,
            below=hundredths_of(band.below) if band.below is not None else None,
            open_at=band.open,
            close_at=band.close,
            planned_close_at=band.close,
            no_clear_from=_earliest(rule.locks, number, "clear"),
            no_first_from=_earliest(rule.locks, number, "first"),
        )
        for number, band in enumerate(rule.bands)
    ]


def _earliest(locks: tuple[LockRule, ...], band: int, action: str) -> datetime | None:
    return min((lock.at for lock in locks if action in lock.forbid and lock.band in {None, band}), default=None)
