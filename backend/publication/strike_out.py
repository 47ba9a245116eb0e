"""A child that withdraws from a frozen list is struck out in public and never removed: nobody else moves (D13)."""

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.publication.ceremony_refusals import NotOnTheList, WithdrawalReasonMissing
from backend.publication.rows import Run, StruckOut
from backend.publication.rules.ledger import KINDS
from backend.publication.runs import ENDED, RunNotReady, frozen_input_of

SHORTEST_REASON = 2


def strike_out(run: Run, number: str, reason: str, by: Actor) -> StruckOut:
    """Strike one number of the frozen list out; a second time changes nothing. The caller holds the right to do so.

    Raises RunNotReady (published or withdrawn), NotOnTheList, WithdrawalReasonMissing.
    """
    if run.state in ENDED:
        raise RunNotReady(state=run.state)
    if len(reason.strip()) < SHORTEST_REASON:
        raise WithdrawalReasonMissing
    kind = KINDS[run.kind]
    numbers = [row[kind.named_by] for row in frozen_input_of(run)[kind.people or ""]]
    if number not in numbers:
        raise NotOnTheList
    found = db.session.execute(
        select(StruckOut).where(StruckOut.run_id == run.id, StruckOut.number == number)
    ).scalar_one_or_none()
    if found is not None:
        return found
    row = StruckOut(
        run_id=run.id,
        number=number,
        row=numbers.index(number),
        reason=reason.strip(),
        struck_at=clock.now(),
        struck_by=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    record("run.struck-out", "run", run.id, reason.strip(), row=row.row)
    return row
