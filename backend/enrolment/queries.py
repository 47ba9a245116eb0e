"""Counts and lists of applications for the desk and the funnel."""

from collections.abc import Sequence

from sqlalchemy import func, select

from backend.enrolment.rows import Application, ApplicationEvent
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
