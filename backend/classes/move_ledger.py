"""The one way in which published class lists change: an entry with a reason code, in the public ledger as well."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from backend.classes.class_lists import newest_run
from backend.classes.rows import ClassMember, ClassMove, MoveProposal
from backend.classes.standing import classes_now, moves_of, sizes_now
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.notices.send_notice import send_notice
from backend.placement.special_cases import ProposerCannotApprove, ReasonMissing
from backend.policy.places import school_named
from backend.publication.enter_ledger import Statement, enter_statement
from backend.publication.rows import Run
from backend.publication.scopes import place_of

CODE_NAMES = {
    "late-arrival": "迟到新生，按规则进人数最少的班",
    "transfer-in": "转入，按规则进人数最少的班",
    "transfer-out": "转出",
    "committee": "委员会决定",
}
SHORTEST_REASON = 5


class ClassesNotFormed(Refusal):
    """The school's classes are not published yet; whoever has confirmed by then is in the draw."""

    code = "classes-not-formed"


class PupilNotInClass(Refusal):
    """No pupil with this number is in a class of the school now."""

    code = "pupil-not-in-class"
    status = 404


class ClassUnknown(Refusal):
    """The school has no such class, or the pupil is in it already."""

    code = "class-unknown"
    status = 422


@dataclass(frozen=True)
class Moved:
    """What an entry says: the pupil's number and application, the reason's code, the classes, and a committee's proposal."""

    no: str
    code: str
    from_class: int | None
    to_class: int | None
    application_id: uuid.UUID | None = None
    proposal_id: uuid.UUID | None = None


def published_classes(school: str) -> Run:
    """The school's published class run, held until the transaction ends. Raises ClassesNotFormed."""
    run = newest_run(school)
    if run is None or run.state != "published":
        raise ClassesNotFormed
    db.session.execute(select(Run.id).where(Run.id == run.id).with_for_update())
    return run


def enter_move(run: Run, moved: Moved, decided_by: uuid.UUID) -> ClassMove:
    """The entry in the school's move ledger and in the season's public one; the caller holds the run."""
    move = ClassMove(
        run_id=run.id,
        number=len(moves_of(run)) + 1,
        no=moved.no,
        application_id=moved.application_id,
        code=moved.code,
        from_class=moved.from_class,
        to_class=moved.to_class,
        proposal_id=moved.proposal_id,
        decided_by=decided_by,
        decided_at=clock.now(),
    )
    db.session.add(move)
    db.session.flush()
    if moved.from_class is None:
        number = moved.to_class or 0
        db.session.add(ClassMember(run_id=run.id, application_id=moved.application_id, no=moved.no, number=number))
        db.session.flush()
    steps = {"code": moved.code, "from": moved.from_class, "to": moved.to_class}
    rule = {"decided": "class-move", "run": str(run.id), "scope": run.scope, "number": move.number}
    sizes = list(sizes_now(run).values())
    statement = Statement(rule, ({"id": moved.no, **steps},), {**steps, "number": move.number, "sizes": sizes})
    enter_statement(f"class-move/{run.id}/{move.number}", run.book_sha256, statement)
    record("class.moved", "run", run.id, number=move.number, no=moved.no, code=moved.code, to_class=moved.to_class)
    return move


def leave_class(actor: Actor, school: str, no: str) -> ClassMove:
    """A pupil left the school (transfer-out): the bureau enters it, a school has no word in it (D04).

    Raises NotAllowed, ClassesNotFormed, PupilNotInClass.
    """
    authorize_office(actor, "special.approve", school_scopes(school))
    run = published_classes(school)
    here = _class_of(run, no)
    return enter_move(run, Moved(no, "transfer-out", here, None, _application_of(run, no)), actor.account_id)


def propose_move(actor: Actor, school: str, no: str, to_class: int, reason: str) -> MoveProposal:
    """The school writes down what its committee decided. Raises NotAllowed, ClassesNotFormed, PupilNotInClass,
    ClassUnknown, ReasonMissing.
    """
    authorize_office(actor, "classes.form", school_scopes(school))
    run = published_classes(school)
    if to_class not in sizes_now(run) or _class_of(run, no) == to_class:
        raise ClassUnknown
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    key = uuid.uuid4()
    sealed = seal(key, f"class_move_proposal.reason.{key}", reason.strip())
    proposal = MoveProposal(
        id=key,
        run_id=run.id,
        no=no,
        to_class=to_class,
        reason_sealed=sealed,
        proposed_by=actor.account_id,
        proposed_at=clock.now(),
    )
    db.session.add(proposal)
    db.session.flush()
    record("class.move-proposed", "run", run.id, no=no, to_class=to_class)
    return proposal


def approve_move(actor: Actor, proposal_id: uuid.UUID) -> ClassMove:
    """Somebody of the bureau, not the proposer, lets the committee's move happen; the record and the family follow.

    Raises NotFound, NotAllowed, ProposerCannotApprove, PupilNotInClass, ClassUnknown (the pupil is there by now).
    """
    proposal = db.session.get(MoveProposal, proposal_id)
    if proposal is None:
        raise NotFound
    run = db.session.get_one(Run, proposal.run_id, with_for_update=True)
    school = place_of(run.scope)
    authorize_office(actor, "special.approve", school_scopes(school))
    if proposal.proposed_by == actor.account_id:
        raise ProposerCannotApprove
    earlier = db.session.execute(select(ClassMove).where(ClassMove.proposal_id == proposal.id)).scalar_one_or_none()
    if earlier is not None:
        return earlier
    here = _class_of(run, proposal.no)
    if here == proposal.to_class:
        raise ClassUnknown
    application_id = _application_of(run, proposal.no)
    moved = Moved(proposal.no, "committee", here, proposal.to_class, application_id, proposal.id)
    move = enter_move(run, moved, actor.account_id)
    put_task("move-record", f"{run.id}/{move.number}", {"run_id": str(run.id), "number": str(move.number)})
    _tell(move, school)
    return move


def open_proposals(run: Run) -> list[tuple[MoveProposal, str, datetime]]:
    """Committees' moves that nobody has decided yet, with their reasons."""
    decided = select(ClassMove.proposal_id).where(ClassMove.run_id == run.id, ClassMove.proposal_id.is_not(None))
    found = db.session.execute(
        select(MoveProposal)
        .where(MoveProposal.run_id == run.id, MoveProposal.id.not_in(decided))
        .order_by(MoveProposal.proposed_at)
    ).scalars()
    return [
        (one, unseal(one.id, f"class_move_proposal.reason.{one.id}", one.reason_sealed), one.proposed_at)
        for one in found
    ]


def runs_with_proposals(actor: Actor) -> list[Run]:
    """The published class runs, of schools that this official of the bureau decides for, with moves written down."""
    found = db.session.execute(select(Run).where(Run.id.in_(select(MoveProposal.run_id))).order_by(Run.scope)).scalars()
    return [run for run in found if actor.may("special.approve", school_scopes(place_of(run.scope)))]


def _class_of(run: Run, no: str) -> int:
    here = classes_now(run).get(no)
    if here is None:
        raise PupilNotInClass
    return here


def _application_of(run: Run, no: str) -> uuid.UUID | None:
    return db.session.execute(
        select(ClassMember.application_id).where(ClassMember.run_id == run.id, ClassMember.no == no)
    ).scalar_one_or_none()


def _tell(move: ClassMove, code: str) -> None:
    if move.application_id is None:
        return
    application, school = db.session.get_one(Application, move.application_id), school_named(code)
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            "class-formed",
            {"school": school.name if school else "", "class": str(move.to_class)},
            key=f"class-moved/{move.run_id}/{move.number}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/result/index?id={application.id}",
        )
