"""Waiting lists that move in sight: a seat that falls free goes to the next in line, and everybody can follow it.

The line is the order of the published runs (`rules/waiting.py`), round after round; nobody can be put into it by hand.
It moves by itself as soon as a place is declined or lapses, except while a further round counts on the free seats.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.placement.offer_seat import offer_seat
from backend.placement.private_line import move_private_lines, private_free, private_lines
from backend.placement.rounds import free_seats, hold_stage, kept_for_round, published_rounds, run_under_way
from backend.placement.rows import PlacementRow, WaitingMove
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.waiting import waiting_lists
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.policy.places import school_named
from backend.policy.rows import SchoolRow
from backend.publication.ceremonies import is_struck_out
from backend.publication.rows import Run
from backend.publication.runs import input_of, output_of


def lines_of(banner: str, stage: str) -> dict[str, list[str]]:
    """School → the receipts that still wait for it, first in line first; of several rounds one after the other."""
    lines: dict[str, list[str]] = {}
    for run, _ in published_rounds(banner, stage):
        school_of = {one["id"]: one["school"] for one in output_of(run)["placements"]}
        for school, ids in waiting_lists(parse_placement(input_of(run)), school_of).items():
            known = lines.setdefault(school, [])
            known.extend(one for one in ids if one not in known and not is_struck_out(run.id, one))
    standing = set(
        db.session.execute(
            select(Application.receipt).where(
                Application.banner == banner, Application.stage == stage, Application.state == "unplaced"
            )
        ).scalars()
    )
    return {school: [one for one in line if one in standing] for school, line in lines.items()}


def line_changed(banner: str, stage: str, cause: object) -> None:
    """Put the moving of the stage's lines on, because a seat fell free; `cause` names why, and each is put once."""
    put_task("move-waiting-lists", f"{banner}/{stage}/{cause}", {"banner": banner, "stage": stage})


def seats_for_line(banner: str, stage: str) -> dict[str, int]:
    """School → free seats that go down its line: all but those that lie for the next round of the stage."""
    kept = kept_for_round(banner, stage)
    return {school: max(0, seats - kept[school]) for school, seats in free_seats(banner, stage).items()}


def move_waiting_lists(banner: str, stage: str) -> None:
    """Offer every free seat of the stage to the next in its school's line. While a round is under way nothing moves.

    The private schools' lines move first: who is admitted there is off the public ones (B10).
    """
    hold_stage(banner, stage)
    if run_under_way(banner, stage) is not None:
        return
    confirm_by = deadline_after(book_in_force(banner), "confirmation", clock.now())
    move_private_lines(banner, stage, confirm_by)
    if not published_rounds(banner, stage):
        return
    free = seats_for_line(banner, stage)
    offered: set[str] = set()
    for school, line in sorted(lines_of(banner, stage).items()):
        waiting = [receipt for receipt in line if receipt not in offered]
        for place, receipt in enumerate(waiting[: free.get(school, 0)], 1):
            _offer(school, receipt, place, confirm_by)
            offered.add(receipt)


def _offer(school: str, receipt: str, place: int, confirm_by: datetime) -> None:
    application = db.session.execute(
        select(Application).where(Application.receipt == receipt).with_for_update()
    ).scalar_one()
    row = db.session.execute(
        select(PlacementRow)
        .join(Run, Run.id == PlacementRow.run_id)
        .where(PlacementRow.application_id == application.id, PlacementRow.state == "unplaced", Run.kind == "placement")
        .with_for_update(of=PlacementRow)
    ).scalar_one_or_none()
    if application.state != "unplaced" or row is None:
        return
    offer_seat(application, row, school, place, confirm_by)


def public_line(school: str) -> dict[str, Any]:
    """A school's line for everybody: receipts in order, free seats, every move with its time. Raises NotFound."""
    found = school_named(school)
    line = _line_of(found) if found else None
    if found is None or line is None:
        raise NotFound
    moves = db.session.execute(
        select(WaitingMove).where(WaitingMove.school == school).order_by(WaitingMove.id.desc())
    ).scalars()
    return {
        "school": school,
        "name": found.name,
        "free": private_free(school, found.stage)
        if found.private
        else seats_for_line(found.banner, found.stage).get(school, 0),
        "kept_for_round": 0 if found.private else kept_for_round(found.banner, found.stage)[school],
        "line": [{"place": place, "no": receipt} for place, receipt in enumerate(line, 1)],
        "moves": [{"no": move.receipt, "at": move.moved_at.isoformat()} for move in moves],
    }


def _line_of(school: SchoolRow) -> list[str] | None:
    """The receipts that wait for a school; None before its result is published."""
    if school.private:
        return private_lines(school.banner, school.stage).get(school.code)
    if not published_rounds(school.banner, school.stage):
        return None
    return lines_of(school.banner, school.stage).get(school.code, [])


def own_line(actor: Actor, application_id: uuid.UUID) -> dict[str, Any]:
    """Where the family stands in the lines of its schools: place, how many stand before it, free seats, moves so far."""
    _, application = open_application(actor, application_id, "child.read")
    waiting = []
    stage = application.banner, application.stage
    for school, line in sorted((lines_of(*stage) | private_lines(*stage)).items()):
        if application.receipt in line:
            told = public_line(school)
            place = line.index(application.receipt) + 1
            waiting.append(
                {
                    "school": school,
                    "name": told["name"],
                    "place": place,
                    "of": len(line),
                    "free": told["free"],
                    "moved": len(told["moves"]),
                    "last_moved_at": told["moves"][0]["at"] if told["moves"] else None,
                }
            )
    return {"state": application.state, "lines": waiting}
