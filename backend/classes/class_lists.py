"""The newest class lists of a school with their balance report, for the school itself."""

from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.policy.books_in_force import book_in_force
from backend.publication.rows import Run
from backend.publication.runs import output_of
from backend.publication.scopes import classes_scope
from backend.publication.views import run_view


def newest_run(school: str) -> Run | None:
    """The school's newest class run of the year in force that was not withdrawn, or None."""
    scope = classes_scope(school, book_in_force(school.split("-", maxsplit=1)[0]).year)
    return db.session.execute(
        select(Run)
        .where(Run.kind == "classes", Run.scope == scope, Run.state != "withdrawn")
        .order_by(Run.frozen_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def class_lists(actor: Actor, school: str) -> dict[str, Any]:
    """The run with its lists by receipt number and the report. Raises NotAllowed, NotFound."""
    authorize_office(actor, "classes.form", school_scopes(school))
    run = newest_run(school)
    if run is None:
        raise NotFound
    output = output_of(run) if run.state == "published" else {"classes": [], "report": None}
    return {"run": run_view(run), "classes": output["classes"], "balance": output["report"]}
