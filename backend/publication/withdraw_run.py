"""A list that was frozen by mistake is withdrawn before its release, with a reason that everybody can read.

Until the seed is made one official is enough. Once it is made the result could be known, and whoever withdraws could
draw until it pleases: then a second official agrees, and the ledger shows seed and reason for ever. Class lists are
never drawn again: from the first word of a witness on nobody withdraws them (docs/decisions/0010).
"""

import uuid

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.publication.ceremonies import witnesses_of
from backend.publication.ceremony_refusals import SeedBinds, WithdrawalReasonMissing, WithdrawalWanted
from backend.publication.enter_ledger import Statement, enter_statement
from backend.publication.rows import Run, RunWithdrawal
from backend.publication.runs import RunNotReady
from backend.publication.scopes import scopes_of

WITHDRAWABLE = ("frozen", "failed", "checked", "approved")
DRAWN_ONCE = ("classes",)
SHORTEST_REASON = 5


def withdraw_run(actor: Actor, run_id: uuid.UUID, reason: str) -> RunWithdrawal:
    """Withdraw the run, or (once its seed is made) want it withdrawn; a second official's call then does it.

    Raises NotFound, NotAllowed, RunNotReady, SeedBinds (class lists, once a witness has spoken),
    WithdrawalReasonMissing, WithdrawalWanted (the same official again).
    """
    run = db.session.execute(select(Run).where(Run.id == run_id).with_for_update()).scalar_one_or_none()
    if run is None:
        raise NotFound
    authorize_office(
        actor, "run.freeze" if run.kind in {"placement", "draw"} else "ceremony.lead", scopes_of(run.scope)
    )
    if run.state not in WITHDRAWABLE:
        raise RunNotReady(state=run.state)
    if run.kind in DRAWN_ONCE and any(one.said is not None for one in witnesses_of(run.id)):
        raise SeedBinds
    wanted = wanted_withdrawal(run.id)
    if wanted is None:
        if len(reason.strip()) < SHORTEST_REASON:
            raise WithdrawalReasonMissing
        wanted = RunWithdrawal(run_id=run.id, reason=reason.strip(), wanted_by=actor.account_id, wanted_at=clock.now())
        db.session.add(wanted)
        db.session.flush()
        record("run.withdrawal-wanted", "run", run.id, wanted.reason)
        if run.ceremony is not None:
            return wanted
    elif wanted.wanted_by == actor.account_id:
        raise WithdrawalWanted
    else:
        wanted.agreed_by = actor.account_id
    _withdraw(run, wanted)
    return wanted


def wanted_withdrawal(run_id: uuid.UUID) -> RunWithdrawal | None:
    """The withdrawal that somebody wants, or that happened."""
    return db.session.execute(select(RunWithdrawal).where(RunWithdrawal.run_id == run_id)).scalar_one_or_none()


def _withdraw(run: Run, wanted: RunWithdrawal) -> None:
    run.state = "withdrawn"
    wanted.withdrawn_at = clock.now()
    db.session.flush()
    rule = {"decided": "withdrawn", "run": str(run.id), "scope": run.scope}
    told = {
        "reason": wanted.reason,
        "root": run.roster_root,
        "rows": run.rows_count,
        "input_sha256": run.input_sha256,
        "office_commitment": run.office_commitment,
        "seed": run.ceremony["seed"] if run.ceremony else None,
        "output_sha256": run.output_sha256,
    }
    enter_statement(f"withdrawn/{run.id}", run.book_sha256, Statement(rule, (), told))
    record("run.withdrawn", "run", run.id, wanted.reason)
