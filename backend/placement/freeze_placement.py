"""Freeze the roster of a stage: from now on the input of the allocation has a published hash and cannot change."""

from backend.enrolment.applications import applications_in, move_application
from backend.enrolment.close_window import GRACE, close_window, closing_of
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.private_draw import schools_not_drawn
from backend.placement.ready_refusals import (
    ApplicationsOpen,
    ChoicesOpen,
    NobodyReady,
    PlanMissing,
    PrivateDrawOpen,
    WindowStillOpen,
)
from backend.placement.roster import Ready, applications_in_states, roster_input, standings
from backend.placement.rounds import KIND, hold_stage, next_scope, public_plan, published_rounds, run_under_way
from backend.placement.rules.parse import parse_placement
from backend.placement.special_cases import ReasonMissing
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.policy.page_names import school_name
from backend.policy.rules.book import Book
from backend.publication.rows import Run
from backend.publication.runs import RunUnderWay, freeze_run
from backend.seats.rows import Seat

OPEN_STATES = ("submitted", "checking", "in_review", "returned", "verified")
READY = ("settled", "choosing")
LEFT_OVER = ("unplaced",)
SHORTEST_REASON = 5


def freeze_placement(banner: str, stage: str, draw: str, actor: Actor, reason: str = "") -> Run:
    """Freeze all settled applications of the stage into a new run.

    After the first publication a further round takes in whoever has no place yet, and says why.
    Raises NotAllowed, WindowStillOpen, ApplicationsOpen, ChoicesOpen, NobodyReady, PlanMissing, RunUnderWay,
    ReasonMissing, PrivateDrawOpen.
    """
    authorize_office(actor, "run.freeze", banner_scopes(banner))
    hold_stage(banner, stage)
    book = book_in_force(banner)
    if (under_way := run_under_way(banner, stage)) is not None:
        raise RunUnderWay(run=str(under_way.id))
    is_further = bool(published_rounds(banner, stage))
    if is_further and len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    _close_windows(book, stage)
    if still_open := applications_in(banner, stage, OPEN_STATES):
        raise ApplicationsOpen(count=len(still_open))
    if waited_for := schools_not_drawn(banner, stage):
        raise PrivateDrawOpen(schools="、".join(school_name(one) for one in waited_for))
    ready = applications_in_states(book, stage, (*READY, *LEFT_OVER) if is_further else READY)
    if not ready:
        raise NobodyReady
    if not public_plan(banner, stage):
        raise PlanMissing
    _choices_made(book, ready)
    places = standings(book, stage, ready)
    value = roster_input(book, stage, draw, ready, places)
    parse_placement(value)
    run = freeze_run(KIND, next_scope(banner, stage), value, book.sha256, actor, reason.strip() or None)
    for application, seat in ready:
        _take_in(application, seat, places[application.id].line)
    return run


def _take_in(application: Application, seat: Seat, line: str | None) -> None:
    if line is not None and line not in seat.why:
        seat.why = [*seat.why, line]
    if application.state == "choosing":
        chose = "学校已选定" if application.choices else "没有选学校，按地址所属的学校"
        move_application(application, "settled", chose)
    if application.state == "unplaced":
        move_application(application, "settled", "进入下一轮派位")
    move_application(application, "frozen", "名单已封存")


def _close_windows(book: Book, stage: str) -> None:
    """Every window of the stage that has begun is closed, with its closing written (promises D5)."""
    moment = clock.now()
    for window in book.windows:
        if window.stage != stage or moment < window.opens_at:
            continue
        if moment < window.closes_at + GRACE:
            raise WindowStillOpen(closes_at=(window.closes_at + GRACE).isoformat())
        if closing_of(book.banner, stage, window.closes_at) is None:
            close_window(book.banner, stage, window.closes_at.isoformat())


def _choices_made(book: Book, ready: Ready) -> None:
    """Whoever still may choose is waited for; silence after the term leaves the school of the address (C04)."""
    moment = clock.now()
    waiting = [
        until
        for application, seat in ready
        if application.state == "choosing"
        and not application.choices
        and moment < (until := deadline_after(book, "choice", seat.settled_at))
    ]
    if waiting:
        raise ChoicesOpen(count=len(waiting), until=max(waiting).isoformat())
