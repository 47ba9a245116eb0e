"""The guardian takes the registration back before seats are given (D28); the child may register anew."""

import uuid

from backend.enrolment.applications import move_application, open_application
from backend.enrolment.refusals import StateForbids
from backend.enrolment.rows import Application
from backend.enrolment.rules.states import WITHDRAWABLE
from backend.enrolment.tell_guardians import tell_guardians
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor

DECIDED = ("frozen", "placed", "confirmed", "enrolled", "recorded")


class WithdrawalTooLate(Refusal):
    """The allocation has begun; after the result a place can be declined."""

    code = "withdrawal-too-late"


def withdraw_application(actor: Actor, application_id: uuid.UUID, reason: str) -> Application:
    """The application, withdrawn. Raises NotFound (helpers never withdraw), WithdrawalTooLate, StateForbids."""
    _, application = open_application(actor, application_id, "application.withdraw", lock=True)
    if application.state in DECIDED:
        raise WithdrawalTooLate
    if application.state not in WITHDRAWABLE:
        raise StateForbids(state=application.state)
    move_application(application, "withdrawn", reason.strip() or "家长撤回")
    tell_guardians(application, "application-withdrawn")
    return application
