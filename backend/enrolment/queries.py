"""Counts and lists of applications for the desk and the funnel."""

from collections.abc import Sequence

from sqlalchemy import func, select

from backend.documents.rows import Paper
from backend.enrolment.rows import Application, ApplicationEvent
from backend.enrolment.rules.states import ENDED
from backend.foundation.database import db

A_PAGE = 50


def counts_by_state(banner: str, year: int) -> dict[tuple[str, str], int]:
    """(stage, state) → how many applications of the banner stand there."""
    found = db.session.execute(
        select(Application.stage, Application.state, func.count())
        .where(Application.banner == banner, Application.year == year)
        .group_by(Application.stage, Application.state)
    )
    return {(stage, state): count for stage, state, count in found}


def reached_by_state(banner: str, year: int) -> dict[tuple[str, str], int]:
    """(stage, state) → how many applications ever came there: what the funnel is drawn of."""
    found = db.session.execute(
        select(Application.stage, ApplicationEvent.to_state, func.count(func.distinct(Application.id)))
        .join(ApplicationEvent, ApplicationEvent.application_id == Application.id)
        .where(Application.banner == banner, Application.year == year)
        .group_by(Application.stage, ApplicationEvent.to_state)
    )
    return {(stage, state): count for stage, state, count in found}


def papers_to_look_at(banner: str, year: int) -> list[tuple[Paper, Application]]:
    """The photographs that two retakes did not make legible, with their live application, oldest first."""
    found = db.session.execute(
        select(Paper, Application)
        .join(Application, Application.child_id == Paper.child_id)
        .where(
            Application.banner == banner,
            Application.year == year,
            Application.state.not_in(ENDED),
            Paper.state == "human",
            Paper.replaced_at.is_(None),
        )
        .order_by(Paper.attached_at, Paper.id)
        .limit(A_PAGE)
    )
    return [(paper, application) for paper, application in found]


def a_page_of(banner: str, year: int, stage: str, state: str, page: int) -> Sequence[Application]:
    """The `page`-th fifty (from 0) of the applications of a stage in a state, the one longest there first."""
    found = db.session.execute(
        select(Application)
        .where(
            Application.banner == banner,
            Application.year == year,
            Application.stage == stage,
            Application.state == state,
        )
        .order_by(Application.moved_at, Application.id)
        .offset(page * A_PAGE)
        .limit(A_PAGE)
    )
    return found.scalars().all()
