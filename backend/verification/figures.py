"""Workload and pass rates of verification, interface by interface (C18): counts alone, of nobody in particular."""

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.deal_case import names_of
from backend.verification.rows import BatchFile, Case, Check, DepartmentLine, SpotCheck

AGES = (("当天", timedelta(days=1)), ("1-3天", timedelta(days=3)), ("3-7天", timedelta(days=7)))
OLDER = "7天以上"
ANSWERED = ("match", "mismatch", "not-found")
VERDICTS = (*ANSWERED, "unavailable", "timeout", "waiting")


def figures_of(actor: Actor, banner: str) -> dict[str, Any]:
    """{items, people, queue, officials, lines, files, refused_files, spot_checks} of a banner. Raises NotAllowed."""
    authorize_office(actor, "case.decide", banner_scopes(banner))
    return {
        "items": _items(banner),
        "people": _people(banner),
        "queue": _queue(banner),
        "officials": _officials(banner),
        "lines": _lines(),
        "files": _files(),
        "refused_files": _refused_files(),
        "spot_checks": _spot_checks(banner),
    }


def _items(banner: str) -> list[dict[str, Any]]:
    """Item → verdicts of the first submission, and how many of those answered matched, in hundredths of a per cent."""
    rows = db.session.execute(
        select(Check.department, Check.item, Check.state, func.count())
        .join(Application, Application.id == Check.application_id)
        .where(Application.banner == banner, Check.submission == 1)
        .group_by(Check.department, Check.item, Check.state)
    )
    counts: dict[str, Counter[str]] = {}
    for department, item, state, count in rows:
        counts.setdefault(f"{department}/{item}", Counter())[state] = count
    return [
        {
            "item": name,
            "name": EXCHANGE_ITEMS[name][0],
            **{verdict: told[verdict] for verdict in VERDICTS},
            "pass_rate": _rate(told["match"], sum(told[verdict] for verdict in ANSWERED)),
        }
        for name, told in sorted(counts.items())
    ]


def _rate(part: int, whole: int) -> int | None:
    return part * 10_000 // whole if whole else None


def _people(banner: str) -> dict[str, Any]:
    """Of those handed in: how many passed without anybody's look (C18a), how many went to a person, how many wait."""
    handed_in = select(Application.id).where(Application.banner == banner, Application.submissions > 0)
    seen = select(Case.application_id).where(Case.banner == banner, Case.decision.is_distinct_from("cleared"))
    waiting = ("submitted", "checking")
    total = _count(handed_in)
    by_hand = _count(handed_in.where(Application.id.in_(seen)))
    under_way = _count(handed_in.where(Application.state.in_(waiting), Application.id.not_in(seen)))
    passed = total - by_hand - under_way
    return {"handed_in": total, "passed": passed, "by_hand": by_hand, "under_way": under_way,
            "pass_rate": _rate(passed, total - under_way)}  # fmt: skip


def _count(wanted: Any) -> int:
    return db.session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()


def _queue(banner: str) -> dict[str, dict[str, int]]:
    """Open cases by age, and by the kind of their reasons."""
    found = db.session.execute(
        select(Case.opened_at, Case.reasons).where(Case.banner == banner, Case.decided_at.is_(None))
    ).all()
    moment, ages, reasons = clock.now(), Counter[str](), Counter[str]()
    for opened_at, told in found:
        ages[next((name for name, most in AGES if moment - opened_at < most), OLDER)] += 1
        reasons.update({reason.partition(":")[0] for reason in told})
    return {"by_age": {name: ages[name] for name in (*(name for name, _ in AGES), OLDER)}, "by_reason": dict(reasons)}


def _officials(banner: str) -> list[dict[str, Any]]:
    """Who has how many open cases, and decided how many."""
    open_cases = select(Case.taken_by, func.count()).where(Case.banner == banner, Case.decided_at.is_(None))
    decided = select(Case.decided_by, func.count()).where(Case.banner == banner, Case.decided_by.is_not(None))
    holds = {who: count for who, count in db.session.execute(open_cases.group_by(Case.taken_by)) if who}
    did = {who: count for who, count in db.session.execute(decided.group_by(Case.decided_by)) if who}
    names = names_of(set(holds) | set(did))
    return [
        {"name": names.get(who, ""), "open": holds.get(who, 0), "decided": did.get(who, 0)}
        for who in sorted(names, key=lambda who: names[who])
    ]


def _lines() -> list[dict[str, Any]]:
    """How every department's line stands."""
    moment = clock.now()
    return [
        {
            "department": row.department,
            "asked_today": row.asked if row.day == moment.date().isoformat() else 0,
            "is_closed": row.closed_until is not None and row.closures > 0,
            "closed_until": row.closed_until,
            "failed_at": row.failed_at,
        }
        for row in db.session.execute(select(DepartmentLine).order_by(DepartmentLine.department)).scalars()
    ]


def _files() -> list[dict[str, Any]]:
    """The latest batch files."""
    found = db.session.execute(select(BatchFile).order_by(BatchFile.dropped_at.desc()).limit(20)).scalars()
    return [
        {"name": row.name, "questions": row.questions, "state": row.state, "dropped_at": row.dropped_at,
         "refusals": row.refusals}
        for row in found
    ]  # fmt: skip


def _refused_files() -> int:
    """How many answers of departments that are asked by files were refused whole."""
    refused = select(func.coalesce(func.sum(func.jsonb_array_length(BatchFile.refusals)), 0))
    return int(db.session.execute(refused).scalar_one())


def _spot_checks(banner: str) -> dict[str, int]:
    """The sample of automatic passes: drawn, looked at, found right."""
    rows = db.session.execute(
        select(SpotCheck.looked_at.is_not(None), SpotCheck.is_right, func.count())
        .where(SpotCheck.banner == banner)
        .group_by(SpotCheck.looked_at.is_not(None), SpotCheck.is_right)
    ).all()
    return {
        "drawn": sum(count for _, _, count in rows),
        "looked_at": sum(count for looked, _, count in rows if looked),
        "right": sum(count for _, is_right, count in rows if is_right),
    }
