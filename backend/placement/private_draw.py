"""A private school's lottery: frozen, drawn in public, checked, released by two officials (D09, B10, domain 2.8).

No more registered than seats: all are admitted. Whoever is admitted leaves the public list (公民同招); whoever is not
stands in it as before. A seat that falls free later goes to the next of the drawn order by itself (`private_line.py`).
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from backend.enrolment.applications import move_application
from backend.enrolment.close_window import GRACE
from backend.enrolment.rows import Application
from backend.fairness.drawn_ways import TICKETS
from backend.families.queries import guardians_of
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.send_notice import send_notice
from backend.placement.interviews import interviews_due, invite
from backend.placement.private_wish import private_plan, wishes_of
from backend.placement.ready_refusals import NobodyReady
from backend.placement.rounds import hold_stage
from backend.placement.rows import PlacementRow, PrivateWish
from backend.placement.rules.draw import check_draw, run_draw
from backend.placement.waiting_list import line_changed
from backend.policy.books_in_force import book_in_force, book_of_hash
from backend.policy.deadlines import deadline_after
from backend.policy.places import school_named
from backend.publication.ceremonies import is_struck_out
from backend.publication.check_reports import report_value
from backend.publication.rows import PublishedRun, Run
from backend.publication.runs import finish_run, freeze_run, input_of
from backend.publication.scopes import private_scope

KIND = "draw"
READY = ("settled", "choosing")
STEP = "private"


def freeze_private(actor: Actor, school: str, draw: str) -> Run:
    """Freeze everybody who registered for the school. Raises NotFound, NotAllowed, NobodyReady, RunUnderWay, AlreadyPublished."""
    named = school_named(school)
    if named is None or not named.private:
        raise NotFound
    authorize_office(actor, "run.freeze", banner_scopes(named.banner))
    hold_stage(named.banner, named.stage)
    book = book_in_force(named.banner)
    ready = wishes_of(school, READY)
    if not ready:
        raise NobodyReady
    twins = _bundles(ready) if book.families.twins_together else {}
    placement = book.placement_of(named.stage)
    value: dict[str, Any] = {
        "roster": [{"no": one.receipt, "bundle": twins.get(one.id)} for one in ready],
        "draw": draw,
        "seed": "",
        "seats": private_plan(named.banner, named.stage).get(school, 0),
        "last_bundle": placement.last_bundle,
    }
    if placement.private_draw != TICKETS:
        value["way"] = placement.private_draw
    run = freeze_run(KIND, private_scope(school, book.year), value, book.sha256, actor)
    for one in ready:
        if one.state == "choosing":
            move_application(one, "settled", "民办学校名单封存")
        move_application(one, "frozen", f"民办学校名单已封存：{named.name}")
    return run


def _bundles(ready: list[Application]) -> dict[uuid.UUID, str]:
    """Twins who both registered take one number (domain 2.8, 5)."""
    by_child = {one.child_id: one for one in ready}
    labels = {}
    for one in ready:
        twin = by_child.get(one.twins_with) if one.twins_with else None
        if twin is not None and twin.id != one.id:
            label = "twins-" + min(one.receipt or "", twin.receipt or "")
            labels[one.id] = labels[twin.id] = label
    return labels


def draw_private(run_id: str) -> None:
    """Draw, check, keep. Does nothing where the run is not running any more."""
    run = db.session.execute(select(Run).where(Run.id == uuid.UUID(run_id)).with_for_update()).scalar_one()
    if run.state != "running":
        return
    value = input_of(run)
    output = run_draw(value)
    report = check_draw(value, output)
    finish_run(run, output, report_value(report), passed=report.passed)
    db.session.execute(delete(PlacementRow).where(PlacementRow.run_id == run.id))
    school = run.scope.split("/", maxsplit=1)[0]
    for row in output["results"]:
        application = _of(row["no"])
        db.session.add(
            PlacementRow(
                run_id=run.id,
                application_id=application.id,
                child_id=application.child_id,
                receipt=row["no"],
                school=school if row["result"] == "admitted" else None,
                step=STEP if row["result"] == "admitted" else None,
                position=row["position"],
                reason={"ticket": output["order"][row["position"] - 1]["ticket"], "result": row["result"]},
            )
        )


def announce_draw(run_id: str) -> None:
    """After the switch: the admitted are told and leave the public list, the others stand in it again."""
    run = db.session.get_one(Run, uuid.UUID(run_id))
    if run.state != "published" or run.kind != KIND:
        return
    switch = db.session.get_one(PublishedRun, (run.kind, run.scope))
    confirm_by = deadline_after(book_of_hash(run.book_sha256), "confirmation", switch.switched_at)
    rows = db.session.execute(
        select(PlacementRow).where(PlacementRow.run_id == run.id, PlacementRow.state == "drawn")
    ).scalars()
    for row in list(rows):
        _announce(row, run, confirm_by)
    put_task("lapse-confirmation", str(run.id), {"run_id": str(run.id)}, due_at=confirm_by + GRACE)
    school = school_named(run.scope.split("/", maxsplit=1)[0])
    if school is not None:
        line_changed(school.banner, school.stage, f"draw/{run.id}")


def _announce(row: PlacementRow, run: Run, confirm_by: datetime) -> None:
    application = db.session.get_one(Application, row.application_id)
    if is_struck_out(run.id, row.receipt):
        row.state = "superseded"
        move_application(application, "settled", "退出民办学校名单，照常参加公办派位")
        return
    if row.school is None:
        row.state = "unplaced"
        move_application(application, "settled", "民办学校没有录取，照常参加公办派位")
        code = "private-not-admitted"
    else:
        row.state, row.confirm_by = "offered", confirm_by
        move_application(application, "placed", "民办学校录取，不再参加公办派位")
        code = invite(row, application) or "private-admitted"
    school = school_named(run.scope.split("/", maxsplit=1)[0])
    told = {"school": school.name if school else "", "confirm_by": confirm_by.strftime("%m月%d日 %H:%M")}
    for account in guardians_of(row.child_id):
        send_notice(
            account,
            code,
            told | {"position": str(row.position)},
            key=f"{code}/{row.id}/{account}",
            child_id=row.child_id,
            link=f"/phone/#/pages/result/index?id={application.id}",
        )


def schools_not_drawn(banner: str, stage: str) -> list[str]:
    """Private schools for which families of the stage are registered and ready, or frozen, without a published draw, and
    those that still have to hold an interview (D10).

    The public list waits for them: who is admitted there is off it (B10).
    """
    year = book_in_force(banner).year
    schools = db.session.execute(
        select(PrivateWish.school)
        .join(Application, Application.id == PrivateWish.application_id)
        .where(
            Application.banner == banner,
            Application.stage == stage,
            Application.year == year,
            Application.state.in_((*READY, "frozen")),
        )
        .distinct()
        .order_by(PrivateWish.school)
    ).scalars()
    not_drawn = [one for one in schools if db.session.get(PublishedRun, (KIND, private_scope(one, year))) is None]
    return sorted({*not_drawn, *interviews_due(banner, stage)})


def draws_of(banner: str) -> list[Run]:
    """The private draws of a banner in the year of the book in force, oldest first."""
    year = book_in_force(banner).year
    found = db.session.execute(
        select(Run).where(Run.kind == KIND, Run.scope.startswith(f"{banner}-", autoescape=True)).order_by(Run.frozen_at)
    ).scalars()
    return [run for run in found if run.scope.endswith(f"/{year}")]


def _of(receipt: str) -> Application:
    return db.session.execute(select(Application).where(Application.receipt == receipt)).scalar_one()
