"""Pause the sending of one kind of notice, see how far it is, and let it go again (bulk results, broadcasts)."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, Uuid, and_, cast, func, select, update

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.bell import ring
from backend.foundation.database import db
from backend.foundation.tasks import Task
from backend.foundation.unit_of_work import after_commit
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import CITY, Scope
from backend.notices.rows import Notice, NoticeHold
from backend.notices.send_notice import HELD

ACTION = "help.answer"
QUEUE = "notices"


@dataclass(frozen=True)
class Progress:
    """How many notices of a kind there are, how many have left, how many failed, and whether they are held."""

    code: str
    total: int
    left: int
    failed: int
    is_held: bool

    @property
    def percent(self) -> int:
        """Of all, how many have left or failed for good, rounded down."""
        return (self.left + self.failed) * 100 // self.total if self.total else 100


def _waiting(code: str) -> ColumnElement[bool]:
    """The open delivery tasks, by whichever channel, of the kind's notices that have not been sent."""
    ready = select(cast(Notice.id, Text)).where(Notice.code == code, Notice.state == "ready")
    is_open = and_(Task.queue == QUEUE, Task.done_at.is_(None), Task.gave_up_at.is_(None))
    return and_(is_open, Task.kind == "deliver-notice", Task.payload["notice_id"].astext.in_(ready))


def hold_notices(actor: Actor, code: str) -> None:
    """From now on none of this kind leaves; an attempt that has begun ends. A second hold changes nothing.

    Raises NotAllowed (the city's office alone holds what goes to every banner).
    """
    authorize_office(actor, ACTION, (Scope("city", CITY),))
    if db.session.get(NoticeHold, code) is not None:
        return
    moment = clock.now()
    db.session.add(NoticeHold(code=code, held_by=actor.account_id, held_at=moment))
    db.session.flush()
    db.session.execute(
        update(Task).where(_waiting(code)).values(due_at=moment + HELD).execution_options(synchronize_session=False)
    )
    record("notices.held", "notice_kind", code)


def let_notices_go(actor: Actor, code: str) -> None:
    """What was held is due now, each notice not before its own moment. Raises NotAllowed."""
    authorize_office(actor, ACTION, (Scope("city", CITY),))
    held = db.session.get(NoticeHold, code)
    if held is None:
        return
    db.session.delete(held)
    db.session.flush()
    moment = clock.now()
    due = (
        select(func.greatest(func.coalesce(Notice.not_before, moment), moment))
        .where(Notice.id == cast(Task.payload["notice_id"].astext, Uuid))
        .correlate(Task)
        .scalar_subquery()
    )
    db.session.execute(
        update(Task).where(_waiting(code)).values(due_at=due).execution_options(synchronize_session=False)
    )
    record("notices.let-go", "notice_kind", code)
    after_commit(lambda: ring(QUEUE))


def progress_of(code: str) -> Progress:
    """How far the sending of this kind is."""
    found = db.session.execute(select(Notice.state, func.count()).where(Notice.code == code).group_by(Notice.state))
    counts = {str(row[0]): int(row[1]) for row in found}
    left = counts.get("sent", 0) + counts.get("delivered", 0)
    is_held = db.session.get(NoticeHold, code) is not None
    return Progress(code, sum(counts.values()), left, counts.get("failed", 0), is_held)
