"""Witnesses are drawn from the parents themselves, by the same kind of ticket that places are drawn by (C11, 哈尔滨's rule).

The digits come from the hall (balls, dice, whoever stands there), after the list was sealed: the tickets are those of the
seed text "root/digits" under the draw name "classes/witnesses", one for every pupil's number. Whoever is called and is
not there is passed over for the next one; the order is public, so nobody picks a witness.
"""

import re
import uuid
from typing import Any

from backend.classes.rows import WitnessCall
from backend.fairness.tickets import draw_order
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.publication.rows import Run
from backend.publication.runs import RunNotReady, frozen_input_of, open_run

DRAW = "classes/witnesses"
CALLED = 24
DIGITS = re.compile(r"[0-9]{6,40}")


class CallDigitsUnfit(Refusal):
    """The hall says six digits or more."""

    code = "call-digits-unfit"
    status = 422


def call_witnesses(actor: Actor, run_id: uuid.UUID, digits: str) -> WitnessCall:
    """The order in which parents are called, made once from the hall's digits.

    Raises NotFound, NotAllowed, RunNotReady, CallDigitsUnfit.
    """
    run = open_run(actor, run_id, "ceremony.lead")
    called = db.session.get(WitnessCall, run.id)
    if called is not None:
        return called
    if run.kind != "classes" or run.state != "frozen" or run.ceremony is not None:
        raise RunNotReady(state=run.state)
    said = re.sub(r"\s+", "", digits)
    if DIGITS.fullmatch(said) is None:
        raise CallDigitsUnfit
    moment = {"called_at": clock.now(), "called_by": actor.account_id}
    called = WitnessCall(run_id=run.id, digits=said, called=_order(run, said), **moment)
    db.session.add(called)
    db.session.flush()
    record("class.witnesses-called", "run", run.id, digits=said)
    return called


def witness_call(run: Run) -> WitnessCall | None:
    """The order in which parents are called, or None before the hall has said its digits."""
    return db.session.get(WitnessCall, run.id)


def _order(run: Run, digits: str) -> list[dict[str, Any]]:
    numbers: dict[str, str | None] = {row["no"]: None for row in frozen_input_of(run)["pupils"]}
    drawn = draw_order(numbers, f"{run.roster_root}/{digits}", DRAW)[:CALLED]
    return [{"position": one.position, "no": one.no, "ticket": one.ticket.hex()} for one in drawn]
