"""Freeze the roster of a stage: from now on the input of the allocation has a published hash and cannot change."""

from backend.enrolment.applications import applications_in, move_application
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.roster import applications_ready, roster_input
from backend.placement.rules.parse import parse_placement
from backend.policy.books_in_force import book_in_force
from backend.publication.rows import Run
from backend.publication.runs import freeze_run

OPEN_STATES = ["submitted", "checking", "in_review", "returned", "verified"]


class NobodyReady(Refusal):
    """No application of the stage has a settled seat type."""

    code = "nobody-ready"


class ApplicationsOpen(Refusal):
    """Applications of the stage are still being checked; nobody is left in limbo. `count` says how many."""

    code = "applications-open"


def freeze_placement(banner: str, stage: str, draw: str, actor: Actor) -> Run:
    """Freeze all settled applications of the stage into a new run.

    Raises NotAllowed, NobodyReady, ApplicationsOpen, RunUnderWay, AlreadyPublished.
    """
    authorize_office(actor, "run.freeze", banner_scopes(banner))
    if still_open := applications_in(banner, stage, OPEN_STATES):
        raise ApplicationsOpen(count=len(still_open))
    ready = applications_ready(banner, stage)
    if not ready:
        raise NobodyReady
    book = book_in_force(banner)
    value = roster_input(book, stage, draw)
    parse_placement(value)
    run = freeze_run("placement", f"{banner}/{stage}", value, book.sha256, actor)
    for application, _ in ready:
        move_application(application, "frozen", f"run {run.id}")
    return run
