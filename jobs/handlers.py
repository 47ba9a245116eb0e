"""Which verb does which kind of task: a name for a name, imported when first needed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from backend.foundation.tasks import Claim

Handler = Callable[..., Any]

HANDLERS = {
    "look-at-picture": "backend.documents.look_at_picture:look_at_picture",
    "fetch-chat-picture": "backend.enrolment.order_chat_picture:fetch_chat_picture",
    "sweep-uploads": "backend.documents.sweep_uploads:sweep_uploads",
    "open-checks": "backend.verification.open_checks:open_checks",
    "ask-department": "backend.verification.ask_department:ask_department",
    "judge-application": "backend.verification.judge_application:judge_application",
    "lapse-return": "backend.verification.lapse_return:lapse_return",
    "deliver-notice": "backend.notices.deliver_notice:deliver_notice",
    "settle-seats": "backend.seats.settle_seats:settle_seats",
    "allocate-run": "backend.placement.allocate_run:allocate_run",
    "announce-run": "backend.placement.announce_run:announce_run",
    "lapse-confirmation": "backend.placement.lapse_confirmation:lapse_confirmation",
    "schedule-closings": "backend.enrolment.close_window:schedule_closings",
    "close-window": "backend.enrolment.close_window:close_window",
    "lapse-claim": "backend.families.lapse_claim:lapse_claim",
    "form-classes": "backend.classes.form_classes:form_classes",
    "make-records": "backend.records.make_records:make_records",
}


def handler_of(claim: Claim) -> Handler:
    """The verb for the claim's kind. Ordinary verbs take the payload's fields, foreign ones take the claim first."""
    module, name = HANDLERS[claim.kind].split(":")
    handler: Handler = getattr(import_module(module), name)
    return handler
