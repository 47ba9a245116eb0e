"""Counts and lists of applications for the desk and the funnel."""

from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.foundation.database import db


def counts_by_state(banner: str, year: int | None = None) -> dict[tuple[str, str], int]:
    """(stage, state) → how many applications of the banner stand there."""
    wanted = select(Application.stage, Application.state, func.count()).where(Application.banner == banner)
    if year is not None:
        wanted = wanted.where(Application.year == year)
    found = db.session.execute(wanted.group_by(Application.stage, Application.state))
    return {(stage, state): count for stage, state, count in found}
