"""Try again to make the records that could not be made, once the family's particulars are complete (T-4.3)."""

from backend.classes.class_lists import newest_run
from backend.classes.join_classes import ClassesNotFormed
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes


def complete_records(actor: Actor, school: str) -> None:
    """Put the work on. Raises NotAllowed, ClassesNotFormed."""
    authorize_office(actor, "record.export", school_scopes(school))
    run = newest_run(school)
    if run is None or run.state != "published":
        raise ClassesNotFormed
    put_task("make-records", f"{run.id}/{clock.now().isoformat()}", {"run_id": str(run.id)})
    record("records.completed", "school", school)
