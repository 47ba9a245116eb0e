"""A confirmed fault is mended file by file or all at once (wishes 12): who lost a place by it gets it, nobody loses one.

The first official proposes the places of the corrected run for the files he chooses, a second one signs them; the files
that the fault did not change are answered together. A child that holds a place is moved by choice only: whoever was
served well by the fault keeps what was published. Every family is told. What cannot be done is listed with its reason.
"""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.sentences import say
from backend.placement.mending.corrected_run import CorrectedRun, FileHit, corrected_run
from backend.placement.objections import ANSWER, OPEN, answer_objection
from backend.placement.rows import Objection, Proposal
from backend.placement.special_cases import approve, propose
from backend.policy.places import school_named


class NothingToMend(Refusal):
    """The objection is not upheld with a fault, or its place came from no published run."""

    code = "nothing-to-mend"


@dataclass
class Mended:
    """Receipts of what was done, and what was not: receipt → the refusal."""

    done: list[str] = field(default_factory=list)
    left: dict[str, Refusal] = field(default_factory=dict)


def look_at_fault(actor: Actor, objection_id: uuid.UUID) -> tuple[Objection, CorrectedRun]:
    """The upheld objection and the corrected run. Raises NotFound, NotAllowed, NothingToMend."""
    origin = db.session.get(Objection, objection_id)
    if origin is None:
        raise NotFound
    authorize_office(actor, ANSWER, banner_scopes(origin.banner))
    found = corrected_run(origin) if origin.state == "upheld" and origin.fault else None
    if found is None:
        raise NothingToMend
    return origin, found


def proposals_of(files: Iterable[FileHit]) -> dict[uuid.UUID, Proposal]:
    """Objection → the newest correction that was proposed for it."""
    keys = [one.objection.id for one in files]
    found = db.session.execute(
        select(Proposal).where(Proposal.objection_id.in_(keys)).order_by(Proposal.proposed_at)
    ).scalars()
    return {one.objection_id: one for one in found if one.objection_id is not None}


def propose_mending(actor: Actor, objection_id: uuid.UUID, why: str, receipts: Collection[str]) -> Mended:
    """Propose the corrected run's school for those of these files that lost it. Raises what `look_at_fault` raises."""
    origin, found = look_at_fault(actor, objection_id)
    known = proposals_of(found.files)
    reason = say("diary.mending.reason", receipt=origin.receipt, why=why.strip() or say("diary.mending.recomputed"))

    def one_by_one(one: FileHit) -> None:
        proposal = propose("correction", actor, one.application.id, one.corrected or "", reason)
        proposal.objection_id = one.objection.id

    chosen = [one for one in found.files if one.is_changed and one.application.receipt in receipts]
    return _each([one for one in chosen if one.objection.id not in known], one_by_one)


def sign_mending(actor: Actor, objection_id: uuid.UUID) -> Mended:
    """Sign the proposed corrections as the second official and answer their objections. Raises what `look_at_fault` raises."""
    _, found = look_at_fault(actor, objection_id)
    known = proposals_of(found.files)

    def one_by_one(one: FileHit) -> None:
        proposal = approve("correction", actor, known[one.objection.id].id)
        if one.objection.state in OPEN:
            school = school_named(proposal.school)
            said = say("diary.mending.corrected", school=school.name if school else proposal.school)
            answer_objection(actor, one.objection.id, said, None, upholds=True)

    waiting = [one for one in found.files if one.objection.id in known]
    return _each([one for one in waiting if known[one.objection.id].approved_at is None], one_by_one)


def answer_unchanged(actor: Actor, objection_id: uuid.UUID) -> Mended:
    """Answer all open files at once that the fault did not change. Raises what `look_at_fault` raises."""
    _, found = look_at_fault(actor, objection_id)
    open_ones = [one for one in found.files if one.objection.state in OPEN and not one.is_changed]
    said = say("diary.mending.unchanged")
    return _each(open_ones, lambda one: answer_objection(actor, one.objection.id, said, None, upholds=False))


def _each(files: Iterable[FileHit], step: Callable[[FileHit], object]) -> Mended:
    """Do the step for each file; a refusal takes back that file's step alone and is kept with its receipt."""
    told = Mended()
    for one in files:
        receipt = one.application.receipt or ""
        try:
            with db.session.begin_nested():
                step(one)
        except Refusal as refusal:
            told.left[receipt] = refusal
        else:
            told.done.append(receipt)
    return told
