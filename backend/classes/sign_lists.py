"""What a family does with the class lists on its phone: a wish for twins before the plan, a signature after the draw (A40)."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.classes.class_lists import newest_run
from backend.classes.import_sheets import ListFrozen
from backend.classes.move_ledger import ClassesNotFormed, PupilNotInClass
from backend.classes.publish_plan import plan_of_run
from backend.classes.rows import ClassSignature, TeamDrawn, TwinWish
from backend.classes.standing import classes_now
from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.fairness.canonical import canonical_json, sha256_hex
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.placement.rows import PlacementRow
from backend.policy.places import school_named
from backend.publication.rows import Run

Strokes = Sequence[Sequence[Sequence[int]]]
EDGE = 1_000
MOST_STROKES, FEWEST_POINTS, MOST_POINTS = 100, 8, 5_000


class NoTwinHere(Refusal):
    """The application names no twin, so there is nothing to wish."""

    code = "no-twin-here"


class SignatureUnfit(Refusal):
    """What was drawn is no signature: too short, too long or outside of the field."""

    code = "signature-unfit"
    status = 422


def wish_for_twins(actor: Actor, application_id: uuid.UUID, wish: str) -> dict[str, Any]:
    """The family wants its twins `together` or `apart`; the last word before the plan counts.

    Raises NotFound, NoTwinHere, ListFrozen.
    """
    _, application = open_application(actor, application_id, "place.answer")
    if application.twins_with is None:
        raise NoTwinHere
    school = _school_of(application)
    if school is not None and newest_run(school) is not None:
        raise ListFrozen
    said = {"wish": wish, "said_by": actor.account_id, "said_at": clock.now()}
    db.session.execute(
        insert(TwinWish)
        .values(application_id=application.id, **said)
        .on_conflict_do_update(index_elements=["application_id"], set_=said)
    )
    record("class.twins-wished", "application", application.id, wish=wish)
    return family_view(actor, application_id)


def sign_lists(actor: Actor, application_id: uuid.UUID, strokes: Strokes) -> dict[str, Any]:
    """A guardian signs that the child's line of the lists was seen; signed once, for the lists with this very hash.

    `strokes` are lines of points (x, y) from 0 to 1000. Raises NotFound, ClassesNotFormed, PupilNotInClass,
    SignatureUnfit.
    """
    _, application = open_application(actor, application_id, "place.answer")
    run = _published(application)
    number = classes_now(run).get(application.receipt or "")
    if number is None:
        raise PupilNotInClass
    _fit(strokes)
    told = {"strokes": [[list(point) for point in stroke] for stroke in strokes], "class": number}
    data = canonical_json(told | {"no": application.receipt, "output_sha256": run.output_sha256})
    place = strokes_place(application.id, run.id)
    row = {"account_id": actor.account_id, "class_number": number, "output_sha256": run.output_sha256}
    sealed = {"strokes_sealed": seal(application.child_id, place, json.dumps(told["strokes"]))}
    done = db.session.execute(
        insert(ClassSignature)
        .values(
            run_id=run.id,
            application_id=application.id,
            strokes_sha256=sha256_hex(data),
            signed_at=clock.now(),
            **row,
            **sealed,
        )
        .on_conflict_do_nothing()
        .returning(ClassSignature.id)
    ).scalar_one_or_none()
    if done is not None:
        record("class.signed", "application", application.id, strokes_sha256=sha256_hex(data))
    return family_view(actor, application_id)


def family_view(actor: Actor, application_id: uuid.UUID) -> dict[str, Any]:
    """What a family sees of its child's class: the school, the class, the teachers, whether it has signed.

    Raises NotFound, also for another family's application.
    """
    _, application = open_application(actor, application_id, "child.read")
    code = _school_of(application)
    school, run = school_named(code or ""), newest_run(code) if code else None
    wish = db.session.get(TwinWish, application.id)
    told: dict[str, Any] = {
        "application": str(application.id),
        "receipt": application.receipt,
        "school": {"code": code, "name": school.name} if school else None,
        "plan": bool(run and plan_of_run(run)),
        "twins": (wish.wish if wish else "together") if application.twins_with else None,
        "state": "waiting",
        "class": None,
        "teachers": None,
        "signed_at": None,
        "output_sha256": None,
    }
    if run is None or run.state != "published":
        return told
    number = classes_now(run).get(application.receipt or "")
    signed = db.session.execute(
        select(ClassSignature.signed_at).where(
            ClassSignature.run_id == run.id, ClassSignature.application_id == application.id
        )
    ).scalar_one_or_none()
    return told | {
        "state": "published" if number else "late",
        "class": number,
        "teachers": team_of(run, number) if number else None,
        "signed_at": signed.isoformat() if signed else None,
        "output_sha256": run.output_sha256,
    }


def team_of(run: Run, number: int) -> dict[str, Any] | None:
    """The teachers' team that drew a class, or None where the school drew none."""
    letter = db.session.execute(
        select(TeamDrawn.team).where(TeamDrawn.run_id == run.id, TeamDrawn.number == number)
    ).scalar_one_or_none()
    plan = plan_of_run(run)
    found = next((team for team in plan.teams if team["team"] == letter), None) if plan else None
    return {name: found[name] for name in ("team", "head", "teaches")} if found else None


def signatures_of(run: Run) -> int:
    """How many families have signed."""
    return db.session.execute(
        select(func.count()).select_from(ClassSignature).where(ClassSignature.run_id == run.id)
    ).scalar_one()


def strokes_place(application_id: uuid.UUID, run_id: uuid.UUID) -> str:
    """Where a signature's strokes are sealed for."""
    return f"class_signature.strokes.{application_id}.{run_id}"


def _published(application: Application) -> Run:
    school = _school_of(application)
    run = newest_run(school) if school else None
    if run is None or run.state != "published":
        raise ClassesNotFormed
    return run


def _school_of(application: Application) -> str | None:
    """The school whose place the child holds."""
    return db.session.execute(
        select(PlacementRow.school).where(
            PlacementRow.application_id == application.id, PlacementRow.state.in_(("offered", "confirmed"))
        )
    ).scalar_one_or_none()


def _fit(strokes: Strokes) -> None:
    points = [point for stroke in strokes for point in stroke]
    inside = all(len(point) == 2 and all(0 <= one <= EDGE for one in point) for point in points)  # noqa: PLR2004  # x and y
    if not inside or len(strokes) > MOST_STROKES or not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        raise SignatureUnfit
