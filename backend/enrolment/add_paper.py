"""Attach a photograph to an application: while it is being written, and later only what must be taken again."""

import uuid

from backend.documents.attach_paper import attach_paper
from backend.documents.queries import how_papers_stand
from backend.documents.rows import Paper
from backend.enrolment.applications import open_application
from backend.enrolment.refusals import StateForbids
from backend.enrolment.rows import Application
from backend.enrolment.rules.states import EDITABLE
from backend.identity.actors import Actor

TAKES_RETAKES = ("submitted", "checking", "in_review")


def add_paper(actor: Actor, application_id: uuid.UUID, kind: str, data: bytes) -> Paper:
    """The paper, waiting to be looked at. Raises NotFound, StateForbids, and what attach_paper raises."""
    _, application = open_application(actor, application_id, "paper.attach")
    require_taking(application, kind)
    return attach_paper(application.child_id, kind, data, actor.account_id)


def require_taking(application: Application, kind: str) -> None:
    """The application takes a photograph of this kind at this moment. Raises StateForbids."""
    if application.state in EDITABLE:
        return
    standing = how_papers_stand(application.child_id, [kind])[kind]
    if application.state not in TAKES_RETAKES or standing != "retake":
        raise StateForbids(state=application.state)
