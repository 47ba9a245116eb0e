"""Begin an application for a child: one live registration in the whole prefecture, whoever tries at once (A22)."""

import uuid
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from backend.enrolment.applications import live_application_of, move_application, write_event
from backend.enrolment.deferrals import deferred_last_year
from backend.enrolment.file_intent import judged_at
from backend.enrolment.refusals import AgeNotEligible, ChildRegisteredElsewhere
from backend.enrolment.rows import Application
from backend.families.people import particulars_of
from backend.families.queries import open_child
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.policy.answer_guide import StageNotOffered
from backend.policy.books_in_force import book_in_force
from backend.policy.require_open_window import require_open_window
from backend.policy.rules.book import Book
from backend.policy.rules.times import age_verdict


def draft_application(actor: Actor, child_id: uuid.UUID, banner: str, stage: str, arrived_at: datetime) -> Application:
    """A new draft, or the live application that the child has for this very banner and stage.

    A family with a filed intent may draft until its form and papers are due. Raises NotFound, StageNotOffered, AgeNotEligible, WindowClosed (with its kin), ChildRegisteredElsewhere.
    """
    _, child = open_child(actor, child_id, "application.submit")
    book = book_in_force(banner)
    if stage not in book.stages:
        raise StageNotOffered(banner=book.banner_name, stage=stage)
    live = live_application_of(child.id)
    if live is not None and not _is_left_over(live, book):
        return _same_place(live, banner, stage, book.year)
    require_open_window(banner, stage, judged_at([actor.account_id], banner, stage, arrived_at))
    require_age(book, stage, child)
    if live is not None:
        move_application(live, "withdrawn", "上一年没有提交的草稿")
    return _write(actor, child, book, stage)


def require_age(book: Book, stage: str, child: Child) -> None:
    """The child is of age by the book, or the rule is another than age. Raises AgeNotEligible (domain 2.4, T-2.5).

    Who was of age last year and whose entry was put off then (缓学) is not too old this year.
    """
    verdict = age_verdict(book, stage, date.fromisoformat(particulars_of(child)["born_on"]))
    is_too_old = verdict.first_year is not None and verdict.first_year < book.year
    if verdict.of_age is False and not (is_too_old and deferred_last_year(child.id, stage, book.year)):
        raise AgeNotEligible([{"pointer": "/child_id", "code": "age", "detail": verdict.text}])


def _is_left_over(live: Application, book: Book) -> bool:
    return live.state == "draft" and live.year < book.year


def _same_place(live: Application, banner: str, stage: str, year: int) -> Application:
    if (live.banner, live.stage, live.year) != (banner, stage, year):
        raise ChildRegisteredElsewhere
    return live


def _write(actor: Actor, child: Child, book: Book, stage: str) -> Application:
    moment = clock.now()
    application = Application(
        id=uuid.uuid4(),
        child_id=child.id,
        banner=book.banner,
        year=book.year,
        stage=stage,
        state="draft",
        drafted_at=moment,
        drafted_by=actor.account_id,
        moved_at=moment,
        submissions=0,
        choices=[],
    )
    try:
        with db.session.begin_nested():
            db.session.add(application)
    except IntegrityError as error:
        live = live_application_of(child.id)
        if live is None:
            raise NotFound from error
        return _same_place(live, book.banner, stage, book.year)
    write_event(application, None, "开始填写", {"book_sha256": book.sha256})
    return application
