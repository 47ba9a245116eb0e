"""Choose among the schools of a multi-school zone, or apply to a school after the check (C04)."""

import uuid

from backend.enrolment.applications import open_application, read_form
from backend.enrolment.refusals import ChoicesInvalid, StateForbids
from backend.enrolment.rows import Application
from backend.enrolment.rules.form import Form
from backend.enrolment.rules.states import EDITABLE
from backend.enrolment.save_form import require_choices, write_form
from backend.foundation.audit import record
from backend.identity.actors import Actor

MAY_CHOOSE = (*EDITABLE, "verified", "choosing")


def choose_schools(actor: Actor, application_id: uuid.UUID, schools: list[str]) -> Application:
    """The application with these choices, first wish first; they may be changed until the seat type is settled.

    Raises NotFound, StateForbids, ChoicesInvalid.
    """
    _, application = open_application(actor, application_id, "application.submit", lock=True)
    if application.state not in MAY_CHOOSE:
        raise StateForbids(state=application.state)
    if not schools:
        raise ChoicesInvalid
    require_choices(application, application.unit_code, schools)
    write_form(application, (read_form(application) or Form()).model_copy(update={"choices": tuple(schools)}))
    record("application.schools-chosen", "application", application.id, schools=schools)
    return application
