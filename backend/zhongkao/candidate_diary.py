"""The diary of a candidate: everything that was done in his name, so that he sees what he did not do himself (domain 1.6-6)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.zhongkao.candidate_view import told_at
from backend.zhongkao.rows import (
    CandidateLogin,
    ExamCandidate,
    ExamChange,
    ExamPhoneChange,
    ExamUnit,
    StandingOrder,
)
from backend.zhongkao.wishes import receipt_of

WORDS = ("choose", "clear", "moved", "ordered", "order-ended", "logged-in", "new-phone")
"""What a line says happened: codes of `word.exam-change`."""
MOST = 1000
Line = tuple[datetime, dict[str, Any]]


def diary_of(candidate: ExamCandidate) -> list[dict[str, Any]]:
    """Choices, standing orders, log-ins and new phones, newest first; of each kind the last thousand.

    `what` is one of `WORDS`, `unit_name` the unit or the list in its order, `device` the beginning of the device's
    digest, `refused` a code of `word.exam-refused`, or None where it took effect.
    """
    lines = [*_changes(candidate), *_orders(candidate), *_logins(candidate), *_phones(candidate)]
    return [
        {"at": told_at(at), "unit": None, "unit_name": None, "device": None, "refused": None, "receipt": None} | told
        for at, told in sorted(lines, key=lambda line: line[0], reverse=True)
    ]


def _changes(candidate: ExamCandidate) -> Iterator[Line]:
    found = db.session.execute(
        select(ExamChange, ExamUnit.code, ExamUnit.name)
        .outerjoin(ExamUnit, ExamUnit.id == ExamChange.unit_id)
        .where(ExamChange.candidate_id == candidate.id)
        .order_by(ExamChange.arrived_at.desc(), ExamChange.id.desc())
        .limit(MOST)
    )
    for change, code, name in found:
        yield (
            change.arrived_at,
            {
                "what": "moved" if change.source == "standing-order" else change.action,
                "unit": code,
                "unit_name": name,
                "device": _known(change.device),
                "refused": change.refused,
                "receipt": None if change.refused else receipt_of(change.id),
            },
        )


def _orders(candidate: ExamCandidate) -> Iterator[Line]:
    orders = _newest(StandingOrder, candidate)
    asked = {unit for order in orders for unit in order.units}
    names = dict(db.session.execute(select(ExamUnit.id, ExamUnit.name).where(ExamUnit.id.in_(asked))).all())
    for order in orders:
        listed = "、".join(names[unit] for unit in order.units)
        yield order.given_at, {"what": "ordered", "unit_name": listed}
        if order.ended_at is not None:
            yield order.ended_at, {"what": "order-ended", "unit_name": listed}


def _logins(candidate: ExamCandidate) -> Iterator[Line]:
    for login in _newest(CandidateLogin, candidate):
        yield login.made_at, {"what": "logged-in", "device": _known(login.device_sha256)}


def _phones(candidate: ExamCandidate) -> Iterator[Line]:
    for change in db.session.execute(
        select(ExamPhoneChange.in_force_at).where(
            ExamPhoneChange.candidate_id == candidate.id, ExamPhoneChange.in_force_at.is_not(None)
        )
    ):
        yield change.in_force_at, {"what": "new-phone"}


def _newest(rows: Any, candidate: ExamCandidate) -> Sequence[Any]:
    found = select(rows).where(rows.candidate_id == candidate.id).order_by(rows.id.desc()).limit(MOST)
    return db.session.execute(found).scalars().all()


def _known(device: bytes | None) -> str | None:
    return None if device is None else device.hex()[:8]
