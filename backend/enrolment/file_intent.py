"""Accept first, process later: a line before the deadline is a filed intent with a receipt; form and papers follow (wishes 8).

The intent's receipt stands in the window's closing; the application that follows takes it as its own receipt, and is
judged by the instant at which the line arrived.
"""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.enrolment.close_window import hold_open
from backend.enrolment.rows import Application, FiledIntent
from backend.enrolment.rules.receipts import DRAWN_DIGITS, receipt_number
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.notices.send_notice import send_notice
from backend.policy.answer_guide import StageNotOffered
from backend.policy.books_in_force import book_in_force
from backend.policy.require_open_window import require_open_window

FOLLOWS_WITHIN = timedelta(hours=48)
"""How long after the close the form and the photographs of an intent may follow."""
MOST_OPEN = 5
LONGEST = 200


class TooManyIntents(Refusal):
    """The family has several intents already to which nothing followed yet."""

    code = "too-many-intents"


def file_intent(actor: Actor, words: str, arrived_at: datetime, banner: str | None, stage: str | None) -> FiledIntent:
    """The intent with its receipt; the same words again are the same intent.

    Raises StageNotOffered, NoBookInForce, WindowClosed (with its kin), TooManyIntents.
    """
    book = book_in_force(banner or "")
    if stage not in book.stages:
        raise StageNotOffered(banner=book.banner_name, stage=stage or "")
    window = require_open_window(book.banner, stage, arrived_at)
    hold_open(book.banner, stage, window.closes_at)
    waiting = _waiting([actor.account_id], book.banner, stage)
    for earlier in waiting:
        if words_of(earlier) == words[:LONGEST]:
            return earlier
    if len(waiting) >= MOST_OPEN:
        raise TooManyIntents(most=MOST_OPEN)
    filed = _write(actor, words[:LONGEST], book.banner, stage, book.year, arrived_at, window.closes_at)
    record("intent.filed", "filed_intent", filed.id, banner=book.banner, stage=stage)
    facts = {
        "banner": book.banner_name,
        "stage": stage,
        "at": arrived_at,
        "receipt": filed.receipt,
        "until": filed.until,
    }
    send_notice(actor.account_id, "intent-filed", facts, f"intent-filed/{filed.id}")
    return filed


def _write(
    actor: Actor, words: str, banner: str, stage: str, year: int, arrived_at: datetime, closes_at: datetime
) -> FiledIntent:
    while True:
        filed = FiledIntent(
            id=uuid.uuid4(),
            account_id=actor.account_id,
            banner=banner,
            year=year,
            stage=stage,
            arrived_at=arrived_at,
            filed_at=clock.now(),
            window_closes_at=closes_at,
            until=closes_at + FOLLOWS_WITHIN,
        )
        filed.receipt = receipt_number(banner, year, secrets.randbelow(10**DRAWN_DIGITS))
        filed.words_sealed = seal(actor.account_id, f"filed_intent.words.{filed.id}", words)
        if db.session.execute(select(Application.id).where(Application.receipt == filed.receipt)).first():
            continue
        try:
            with db.session.begin_nested():
                db.session.add(filed)
        except IntegrityError:
            continue
        return filed


def words_of(filed: FiledIntent) -> str:
    """What the family wrote, in clear."""
    return unseal(filed.account_id, f"filed_intent.words.{filed.id}", filed.words_sealed)


def _waiting(accounts: Iterable[uuid.UUID], banner: str, stage: str) -> list[FiledIntent]:
    found = db.session.execute(
        select(FiledIntent)
        .where(
            FiledIntent.account_id.in_(list(accounts)),
            FiledIntent.banner == banner,
            FiledIntent.stage == stage,
            FiledIntent.application_id.is_(None),
        )
        .order_by(FiledIntent.arrived_at, FiledIntent.id)
    )
    return list(found.scalars())


def intent_for(accounts: Iterable[uuid.UUID], banner: str, stage: str, arrived_at: datetime) -> FiledIntent | None:
    """The oldest intent of these people for the place that what arrived at `arrived_at` may still follow."""
    return next((one for one in _waiting(accounts, banner, stage) if arrived_at < one.until), None)


def judged_at(accounts: Iterable[uuid.UUID], banner: str, stage: str, arrived_at: datetime) -> datetime:
    """The instant that a draft or a submission is judged by: its intent's arrival where the window has closed since."""
    filed = intent_for(accounts, banner, stage, arrived_at)
    return filed.arrived_at if filed is not None and arrived_at >= filed.window_closes_at else arrived_at
