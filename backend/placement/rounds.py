"""The runs of a stage: the first allocation, then, with a reason, further rounds for whoever still has no place.

Each round is a run with a switch of its own (publication/scopes.py).
"""

from collections import Counter

from sqlalchemy import func, or_, select

from backend.enrolment.rows import Application, Deferral
from backend.foundation.database import db
from backend.placement.rows import PlacementRow
from backend.policy.books_in_force import book_in_force
from backend.policy.places import plan_of, schools_of
from backend.publication.rows import PublishedRun, Run
from backend.publication.runs import ENDED
from backend.publication.scopes import placement_scope

KIND = "placement"
HOLDING = ("offered", "confirmed")
ABSENT = "absent"
"""Who answered for a place whose child did not come (`report_absence.py`)."""


def next_scope(banner: str, stage: str) -> str:
    """The scope of the round that comes next: rounds count those that are published."""
    year = book_in_force(banner).year
    return placement_scope(banner, stage, year, len(published_rounds(banner, stage)) + 1)


def runs_of_stage(banner: str, stage: str) -> list[Run]:
    """All runs of the stage in the year of the book in force, oldest first."""
    scope = placement_scope(banner, stage, book_in_force(banner).year)
    wanted = or_(Run.scope == scope, Run.scope.startswith(f"{scope}/", autoescape=True))
    return list(db.session.execute(select(Run).where(Run.kind == KIND, wanted).order_by(Run.frozen_at)).scalars())


def published_rounds(banner: str, stage: str) -> list[tuple[Run, PublishedRun]]:
    """The rounds of the stage that readers see, in the order of their publication."""
    found = db.session.execute(
        select(Run, PublishedRun)
        .join(PublishedRun, PublishedRun.run_id == Run.id)
        .where(Run.id.in_([run.id for run in runs_of_stage(banner, stage)]))
        .order_by(PublishedRun.switched_at)
    )
    return [(run, switch) for run, switch in found]


def run_under_way(banner: str, stage: str) -> Run | None:
    """The run of the stage that is frozen and neither published nor withdrawn, or None."""
    return next((run for run in runs_of_stage(banner, stage) if run.state not in ENDED), None)


def hold_stage(banner: str, stage: str) -> None:
    """Let nobody else freeze the stage or give a place in it by proposal until this transaction ends (promises P2)."""
    key = f"places/{banner}/{stage}"
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def taken_at(school: str) -> int:
    """How many children hold a place of the school this year, also those whose published place is not announced yet.

    In a kindergarten also those whose entry to primary school is put off and who stay there (缓学, domain 2.4).
    """
    banner = school.split("-", maxsplit=1)[0]
    announced = PlacementRow.state.in_(HOLDING)
    published = (PlacementRow.state == "drawn") & PublishedRun.run_id.is_not(None)
    year = book_in_force(banner).year
    kept = select(func.count()).where(Deferral.kindergarten == school, Deferral.year == year)
    placed = (
        select(func.count())
        .select_from(PlacementRow)
        .join(Application, Application.id == PlacementRow.application_id)
        .outerjoin(PublishedRun, PublishedRun.run_id == PlacementRow.run_id)
        .where(
            PlacementRow.school == school,
            Application.year == year,
            announced | published,
        )
    )
    return db.session.execute(placed).scalar_one() + db.session.execute(kept).scalar_one()


def public_plan(banner: str, stage: str) -> dict[str, int]:
    """School → planned seats of the public schools: a zone never leads to a private one (B10)."""
    private = {school.code for school in schools_of(banner, stage) if school.private}
    return {school: seats for school, seats in plan_of(banner, stage).items() if school not in private}


def free_seats(banner: str, stage: str) -> dict[str, int]:
    """School → seats of the plan that nobody holds; never below none."""
    return {school: max(0, seats - taken_at(school)) for school, seats in public_plan(banner, stage).items()}


def kept_for_round(banner: str, stage: str) -> Counter[str]:
    """School → seats of children who did not come that lie for the next round, where the book says so (domain 2.10)."""
    rounds = published_rounds(banner, stage)
    book = book_in_force(banner)
    if book.seat_of_absent != "further-round" or not rounds:
        return Counter()
    found = db.session.execute(
        select(PlacementRow.school, func.count())
        .join(Application, Application.id == PlacementRow.application_id)
        .where(Application.banner == banner, Application.stage == stage, Application.year == book.year)
        .where(PlacementRow.answered_by == ABSENT, PlacementRow.answered_at > rounds[-1][1].switched_at)
        .group_by(PlacementRow.school)
    )
    return Counter({str(school): count for school, count in found})


def over_plan(banner: str, stage: str) -> dict[str, int]:
    """School → how many children more than its plan hold a place of it; schools within their plan are left out."""
    excess = {school: taken_at(school) - seats for school, seats in plan_of(banner, stage).items()}
    return {school: more for school, more in excess.items() if more > 0}
