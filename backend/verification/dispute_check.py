"""One tap: "that is wrong" — a family's word against a department's record becomes a correction request, no rejection."""

import uuid

from backend.enrolment.applications import move_application, open_application
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.verification.open_case import open_case
from backend.verification.rows import Check, Dispute

DISPUTABLE_IN = ("checking", "returned", "in_review", "verified", "choosing", "settled")


class DisputeTooLate(Refusal):
    """The list is frozen, or the application has ended; what is wrong then is put right by a correction."""

    code = "dispute-too-late"


def dispute_check(actor: Actor, check_id: uuid.UUID, text: str) -> Dispute:
    """File the dispute; a person looks at the application before anything is decided on.

    Raises NotFound, DisputeTooLate.
    """
    check = db.session.get(Check, check_id)
    if check is None:
        raise NotFound
    _, application = open_application(actor, check.application_id, "child.write", lock=True)
    if application.state not in DISPUTABLE_IN:
        raise DisputeTooLate(state=application.state)
    dispute_id = uuid.uuid4()
    dispute = Dispute(
        id=dispute_id,
        check_id=check.id,
        filed_at=clock.now(),
        filed_by=actor.account_id,
        text_sealed=seal(application.child_id, f"dispute.text.{dispute_id}", text.strip()),
    )
    db.session.add(dispute)
    reason = f"disputed:{check.department}/{check.item}"
    open_doubt(application, reason, "家长对部门数据有异议")
    record("check.disputed", "application", application.id, reason)
    return dispute


def open_doubt(application: Application, reason: str, words: str) -> None:
    """A person looks at the application, however far it has gone before the freeze; one that is returned waits."""
    if application.state == "choosing":
        move_application(application, "settled", words)
    if application.state == "settled":
        move_application(application, "verified", words)
    if application.state == "verified":
        move_application(application, "in_review", words)
    if application.state == "in_review":
        open_case(application, [reason])
