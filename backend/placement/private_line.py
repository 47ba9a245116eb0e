"""Who waits for a private school after its draw: the drawn order, as long as the child has no place (domain 2.8, 4).

A seat that falls free goes to the next of that order. Whoever holds a place by then is off the other list, as in public
and private recruiting at once (公民同招, B10): the line passes over him and keeps his number.
"""

from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.placement.offer_seat import offer_seat
from backend.placement.rounds import taken_at
from backend.placement.rows import PlacementRow
from backend.placement.supersede_rows import supersede_rows
from backend.policy.books_in_force import book_in_force
from backend.policy.places import plan_of, schools_of
from backend.publication.ceremonies import is_struck_out
from backend.publication.rows import Run
from backend.publication.runs import input_of, published_run
from backend.publication.scopes import private_scope

KIND = "draw"
WITHOUT_PLACE = ("settled", "choosing", "unplaced")


def private_lines(banner: str, stage: str) -> dict[str, list[str]]:
    """Private school → the receipts that still wait for it in the drawn order; schools without a published draw have none."""
    year = book_in_force(banner).year
    lines = {}
    for school in schools_of(banner, stage):
        run = published_run(KIND, private_scope(school.code, year)) if school.private else None
        if run is not None:
            lines[school.code] = [application.receipt or "" for application, _ in _waiting(run)]
    return lines


def private_free(school: str, stage: str) -> int:
    """Seats of a private school's plan that nobody holds."""
    planned = plan_of(school.split("-", maxsplit=1)[0], stage).get(school, 0)
    return max(0, planned - taken_at(school))


def move_private_lines(banner: str, stage: str, confirm_by: datetime) -> None:
    """Offer every free private seat to the next in line; twins who drew one number are offered theirs together."""
    year = book_in_force(banner).year
    for school in sorted(private_lines(banner, stage)):
        run = published_run(KIND, private_scope(school, year))
        if run is not None:
            _fill(run, school, private_free(school, stage), confirm_by)


def _fill(run: Run, school: str, free: int, confirm_by: datetime) -> None:
    bundles = {row["no"]: row["bundle"] or row["no"] for row in input_of(run)["roster"]}
    waiting = list(enumerate(_waiting(run, lock=True), 1))
    for _, together in groupby(waiting, key=lambda one: bundles[one[1][0].receipt or ""]):
        members = list(together)
        if len(members) > free:
            continue
        free -= len(members)
        for place, (application, row) in members:
            if application.state == "choosing":
                move_application(application, "settled", "民办候补递补")
            supersede_rows(application, row.id)
            offer_seat(application, row, school, place, confirm_by)


def _waiting(run: Run, *, lock: bool = False) -> list[tuple[Application, PlacementRow]]:
    wanted = (
        select(Application, PlacementRow)
        .join(PlacementRow, PlacementRow.application_id == Application.id)
        .where(PlacementRow.run_id == run.id, PlacementRow.state == "unplaced", Application.state.in_(WITHOUT_PLACE))
        .order_by(PlacementRow.position)
    )
    found = db.session.execute(wanted.with_for_update() if lock else wanted)
    return [(application, row) for application, row in found if not is_struck_out(run.id, application.receipt or "")]
