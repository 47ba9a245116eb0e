"""Save the form of a draft or returned application: sealed, checked against what the book and the family allow."""

import json
import uuid

from backend.enrolment.applications import form_place, open_application
from backend.enrolment.refusals import ChoicesInvalid, StateForbids
from backend.enrolment.rows import Application
from backend.enrolment.rules.form import Form, choices_faulty, household_place
from backend.enrolment.rules.states import EDITABLE
from backend.families.queries import child_scopes, guardians_of
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import Malformed
from backend.identity.actors import Actor
from backend.policy.books_in_force import book_in_force
from backend.policy.places import UnitUnknown, school_named, unit_named, zone_lines_of


def save_form(actor: Actor, application_id: uuid.UUID, form: Form) -> Application:
    """The application with its form. What is still empty may be added later; what is written must be possible.

    Raises NotFound, StateForbids, Malformed (a place, school or twin that does not exist), ChoicesInvalid.
    """
    _, application = open_application(actor, application_id, "child.write", lock=True)
    if application.state not in EDITABLE:
        raise StateForbids(state=application.state)
    faults = _faults(actor, application, form)
    if faults:
        raise Malformed(faults)
    if form.choices:
        require_choices(application, form.unit_code, list(form.choices))
    write_form(application, form)
    record("application.form-saved", "application", application.id, fields=sorted(form.model_fields_set))
    return application


def write_form(application: Application, form: Form) -> None:
    """Seal the form into the row, with the place of the household said where its address unit says it."""
    form = form.model_copy(update={"household": household_place(form, application.banner)})
    told = form.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    application.form_sealed = seal(
        application.child_id, form_place(application.id), json.dumps(told, ensure_ascii=False, sort_keys=True)
    )
    application.unit_code = form.unit_code
    application.twins_with, application.sibling_at = form.twins_with, form.sibling_at
    application.choices = list(form.choices)
    db.session.flush()


def _faults(actor: Actor, application: Application, form: Form) -> list[dict[str, str]]:
    faults = []
    if form.unit_code is not None and not _is_unit(form.unit_code):
        faults.append(_fault("/unit_code", "unit-unknown"))
    if form.sibling_at is not None:
        school = school_named(form.sibling_at)
        if school is None or school.stage != application.stage:
            faults.append(_fault("/sibling_at", "school-unknown"))
    if form.twins_with is not None and not _is_twin(actor, application, form.twins_with):
        faults.append(_fault("/twins_with", "twin-unknown"))
    return faults


def _is_unit(code: str) -> bool:
    try:
        unit_named(code)
    except UnitUnknown:
        return False
    return True


def _fault(pointer: str, code: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "says": f"field.{code}"}


def _is_twin(actor: Actor, application: Application, other: uuid.UUID) -> bool:
    if other == application.child_id:
        return False
    family = set(guardians_of(application.child_id)) & set(guardians_of(other))
    return bool(family) and (
        actor.may("child.write", child_scopes(other)) is not None or application.drafted_by in family
    )


def require_choices(application: Application, unit_code: str | None, choices: list[str]) -> None:
    """The chosen schools are of the address's zones and no more than the book lets choose. Raises ChoicesInvalid."""
    allowed = schools_of_address(application, unit_code)
    placement = book_in_force(application.banner).placement_of(application.stage)
    if choices_faulty(choices, allowed, placement.choices_at_most):
        raise ChoicesInvalid


def schools_of_address(application: Application, unit_code: str | None) -> list[str]:
    """The schools in whose zones an address unit lies, at the application's stage, by code."""
    if unit_code is None:
        return []
    lines = zone_lines_of(application.banner, application.year, application.stage, unit_code)
    return [line.school for line in lines]
