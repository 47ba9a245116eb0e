"""Applications brought to where seats are settled and places given, by verbs alone, for tests of the rooms above review."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from backend.enrolment.applications import move_application
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.identity.rules.roles import Scope
from backend.placement.answer_place import confirm_place
from backend.placement.freeze_placement import freeze_placement
from backend.placement.rows import PlacementRow, Proposal
from backend.placement.special_cases import approve, propose
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import Plan
from backend.publication.approve_run import approve_run
from backend.publication.rows import Run
from backend.seats.settle_seats import settle_seat
from backend.verification.establish import establish
from jobs.run_tasks import drain
from tests.ceremony_builders import hold_ceremony
from tests.enrolment_builders import KANGBASHI, submitted
from tests.families_builders import official, renewed
from tests.journey_builders import QUEUES, stand_at
from tests.journey_city import FakeExchange
from tests.notices_builders import HostileChat, HostileSms

OWNED = {
    "home.kind": "owned",
    "home.use": "住宅",
    "home.in_banner": True,
    "home.owner_relation": "parents",
    "home.lived_in": True,
}
"""Facts by which kangbashi-2020 settles type 1."""


def quiet(app: Any) -> None:
    """No gateway reaches outside."""
    outside = {"exchange": FakeExchange(), "sms_gateway": HostileSms(), "chat_gateway": HostileChat()}
    app.extensions.update(outside)


def verified(banner: str = KANGBASHI, facts: dict[str, Any] | None = None, **form: Any) -> tuple[Actor, Application]:
    """(guardian, checked application) with these facts established by a person."""
    with unit_of_work():
        actor, application = submitted(None, banner, **form)
        move_application(application, "checking", "测试")
        establish(application, OWNED if facts is None else facts, "测试用材料")
        move_application(application, "verified", "测试")
    return actor, application


def settled(banner: str = KANGBASHI, facts: dict[str, Any] | None = None, **form: Any) -> tuple[Actor, Application]:
    """(guardian, application with a settled seat type)."""
    actor, application = verified(banner, facts, **form)
    with unit_of_work():
        settle_seat(book_in_force(banner), application)
    return actor, application


def at_home(count: int, banner: str = KANGBASHI) -> list[tuple[Actor, Application]]:
    """(guardian, settled application) of families with a home and household in the area, after the close."""
    facts = OWNED | {"home.in_area": True, "household.in_area": True}
    made = [settled(banner, facts) for _ in range(count)]
    after_the_close()
    return [(renewed(actor), application) for actor, application in made]


def placed(count: int) -> list[tuple[Actor, Application]]:
    """(guardian, application) of families whose place is announced."""
    made = [settled() for _ in range(count)]
    after_the_close()
    published()
    return [(renewed(actor), application) for actor, application in made]


def confirmed(families: list[tuple[Actor, Application]]) -> list[Application]:
    """The applications of these families, who have all confirmed their place."""
    for actor, application in families:
        with unit_of_work():
            confirm_place(actor, application.id, clock.now())
    return [application for _, application in families]


def row_of(application: Application) -> PlacementRow:
    """The place of an application as it stands."""
    standing = select(PlacementRow).where(
        PlacementRow.application_id == application.id, PlacementRow.state != "superseded"
    )
    return db.session.execute(standing).scalar_one()


def given(kind: str, application: Application, school: str, reason: str = "委员会一致同意") -> Proposal:
    """A place proposed by one official and approved by another."""
    with unit_of_work():
        proposal = propose(kind, bureau(application.banner), application.id, school, reason)
    with unit_of_work():
        return approve(kind, bureau(application.banner), proposal.id)


def seats_at(school: str, seats: int) -> None:
    """Change the plan of a school."""
    with unit_of_work():
        db.session.execute(update(Plan).where(Plan.school == school).values(seats=seats))


def after_the_close() -> None:
    """The registration window of `open_banner` has closed."""
    stand_at(clock.now() + timedelta(days=11))


def work() -> None:
    """Let the workers do all that is due."""
    while sum(drain(queue) for queue in QUEUES):
        pass


def bureau(banner: str = KANGBASHI) -> Actor:
    """A new admissions official of the banner."""
    return official("banner-admissions", Scope("banner", banner))


def checked_run(banner: str = KANGBASHI, reason: str = "") -> Run:
    """A run of the primary stage that the checker has passed."""
    by = bureau(banner)
    with unit_of_work():
        run = freeze_placement(banner, "primary", "测试派位", by, reason)
    return checked(run, by)


def checked(run: Run, by: Actor) -> Run:
    """The frozen run, drawn in public and passed by the checker."""
    hold_ceremony(run, by)
    work()
    assert run.state == "checked", run.report
    return run


def released(run: Run, banner: str = KANGBASHI) -> Run:
    """The checked run with the words of two officials, announced to every family."""
    for _ in range(2):
        with unit_of_work():
            approve_run(run.id, bureau(banner), run.output_sha256 or "")
    work()
    return run


def published(banner: str = KANGBASHI, reason: str = "") -> Run:
    """A run of the primary stage that two officials have released, announced to every family."""
    return released(checked_run(banner, reason), banner)
