"""What a published run would have given without a fault: the same list, the same seed, the files that were hit put right.

The allocation is computed anew with what is on record now for the files of the fault (zone table, answers, findings);
everybody else keeps the very row that was frozen. Nothing is changed by it (wishes 12).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.placement.place_view import newest_row
from backend.placement.roster import Ready, roster_input, standings
from backend.placement.rounds import HOLDING, published_rounds
from backend.placement.rows import Objection
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import place
from backend.policy.books_in_force import book_of_hash
from backend.policy.rules.book import Book
from backend.policy.rules.seat_types import order_keys_for, seat_type_for
from backend.publication.rows import Run
from backend.publication.runs import input_of, output_of
from backend.seats.rows import Seat
from backend.seats.settle_seats import settled_facts


@dataclass(frozen=True)
class FileHit:
    """One file of a fault: what the run gave it, what it holds now, and what the corrected run gives.

    `corrected` None: there is no place without the fault either.
    """

    objection: Objection
    application: Application
    given: str | None
    held: str | None
    corrected: str | None

    @property
    def is_changed(self) -> bool:
        """The fault kept this child from the school of the corrected run, and it does not hold that one by now."""
        return self.corrected is not None and self.corrected not in {self.given, self.held}


@dataclass(frozen=True)
class CorrectedRun:
    """The files of a fault, by receipt, and how many others would change schools: they are held harmless."""

    run: Run
    files: tuple[FileHit, ...]
    others_moved: int


def corrected_run(origin: Objection) -> CorrectedRun | None:
    """The corrected run for an upheld objection and the files found by it; None where the place came from no run."""
    hit = files_of(origin)
    receipts = {application.receipt or "" for _, application in hit}
    run = _run_of(origin, str(db.session.get_one(Application, origin.application_id).receipt))
    if run is None:
        return None
    before = _schools(output_of(run))
    after = _schools(place(parse_placement(_corrected_input(run, hit))).document())
    files = tuple(
        FileHit(
            objection,
            application,
            before.get(application.receipt or ""),
            _held(application),
            after.get(application.receipt or ""),
        )
        for objection, application in hit
    )
    moved = sum(school != before[one] for one, school in after.items() if one not in receipts)
    return CorrectedRun(run, files, moved)


def files_of(origin: Objection) -> list[tuple[Objection, Application]]:
    """The objection in which the fault was confirmed and those opened by it, by the application's receipt."""
    found = db.session.execute(
        select(Objection, Application)
        .join(Application, Application.id == Objection.application_id)
        .where(or_(Objection.id == origin.id, Objection.origin == origin.id))
        .order_by(Application.receipt)
    )
    return [(objection, application) for objection, application in found]


def _run_of(origin: Objection, receipt: str) -> Run | None:
    rounds = [run for run, _ in published_rounds(origin.banner, origin.stage)]
    return next((run for run in rounds if receipt in _schools(output_of(run))), None)


def _schools(output: Mapping[str, Any]) -> dict[str, str | None]:
    return {one["id"]: one["school"] for one in output["placements"]}


def _held(application: Application) -> str | None:
    found = newest_row(application)
    return found[0].school if found and found[0].state in (*HOLDING, "drawn") else None


def _corrected_input(run: Run, hit: Sequence[tuple[Objection, Application]]) -> dict[str, Any]:
    """The frozen input with the rows of these files as they are on record now.

    By choices every number depends on every row: there the whole list is numbered anew, with the seats as they were.
    """
    value, book = input_of(run), book_of_hash(run.book_sha256)
    stage = hit[0][1].stage
    frozen = {one["id"] for one in value["applicants"]}
    right = {application.id: _seat_now(book, application) for _, application in hit if application.receipt in frozen}
    ready = _ready(book, frozen, right, whole=value["mechanism"] == "choice")
    made = roster_input(book, stage, value["draw"], ready, standings(book, stage, ready))
    rows = {one["id"]: one for one in made["applicants"]}
    return value | {"applicants": [rows.get(one["id"], one) for one in value["applicants"]]}


def _ready(book: Book, receipts: set[str], right: Mapping[uuid.UUID, Seat], *, whole: bool) -> Ready:
    wanted = Application.receipt.in_(receipts) if whole else Application.id.in_(right)
    found = db.session.execute(
        select(Application, Seat)
        .join(Seat, Seat.application_id == Application.id)
        .where(wanted, Application.year == book.year)
        .order_by(Application.receipt)
    )
    return [(application, right.get(application.id, seat)) for application, seat in found]


def _seat_now(book: Book, application: Application) -> Seat:
    """Type and keys by today's facts, held by no session; where a fact is missing the settled seat stands."""
    facts = settled_facts(book, application)
    settled = seat_type_for(book, application.stage, facts).settled
    held = db.session.get_one(Seat, application.id)
    if settled is None:
        return held
    return Seat(
        application_id=application.id,
        seat_type=settled.code,
        seat_type_name=settled.name,
        keys=order_keys_for(book, settled.code, facts),
        why=[],
        book_sha256=held.book_sha256,
        settled_at=held.settled_at,
    )
