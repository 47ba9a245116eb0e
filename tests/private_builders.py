"""A private school beside the public ones, and its draw, for tests of places."""

from typing import Any

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.placement.leave_list import leave_frozen_list
from backend.placement.private_draw import freeze_private
from backend.policy.rows import Plan, SchoolRow
from backend.publication.rows import Run
from tests.enrolment_builders import KANGBASHI
from tests.placement_builders import bureau, checked, released

PRIVATE = f"{KANGBASHI}-P90"


def open_private_school() -> None:
    """康巴什民办小学 with one seat; else like the banner's first school."""
    with unit_of_work():
        pattern = db.session.query(SchoolRow).filter_by(code=f"{KANGBASHI}-P01").one()
        plan = db.session.query(Plan).filter_by(school=pattern.code).one()
        db.session.add(copied(pattern, code=PRIVATE, name="康巴什民办小学", private=True))
        db.session.flush()
        db.session.add(copied(plan, school=PRIVATE, seats=1))


def copied(row: Any, **changes: Any) -> Any:
    """A new row like this one."""
    values = {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
    values.pop("id", None)
    return type(row)(**values | changes)


def drawn(*leaving: Any) -> Run:
    """The private draw, held and released; the (guardian, application) in `leaving` are struck out after the freeze."""
    with unit_of_work():
        run = freeze_private(bureau(), PRIVATE, "民办抽签")
    for actor, application in leaving:
        with unit_of_work():
            leave_frozen_list(actor, application.id, "全家搬走")
    return released(checked(run, bureau()))
