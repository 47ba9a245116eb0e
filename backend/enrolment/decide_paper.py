"""An official looks at a photograph that two retakes did not make legible: it can be used, or is needed once more."""

import uuid

from backend.documents.rows import Paper
from backend.documents.views import reason_text
from backend.enrolment.applications import application_scopes, latest_application_of
from backend.enrolment.rows import Application
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import Grant, authorize
from backend.identity.rules.roles import CHILD_READ
from backend.notices.choose_language import language_of
from backend.notices.send_notice import send_notice

LINK = "/phone/#/pages/papers/index"


class PaperDecided(Refusal):
    """Somebody has looked at this photograph already."""

    code = "paper-decided"


def open_paper(actor: Actor, paper: Paper, purpose: str) -> tuple[Grant, Application]:
    """The proof that an official may look at this paper, written down with its purpose (P13). Raises NotFound."""
    application = latest_application_of(paper.child_id)
    if application is None:
        raise NotFound
    return authorize(actor, CHILD_READ, application_scopes(application), purpose), application


def decide_paper(actor: Actor, paper_id: uuid.UUID, *, usable: bool) -> Paper:
    """The paper, good from now on or to be photographed again. Raises NotFound, PaperDecided."""
    paper = db.session.get(Paper, paper_id, with_for_update=True)
    if paper is None:
        raise NotFound
    open_paper(actor, paper, f"paper {paper.id}")
    if paper.state != "human":
        raise PaperDecided
    paper.state, paper.decided_by = "good" if usable else "retake", actor.account_id
    db.session.flush()
    record("paper.decided", "paper", paper.id, kind=paper.kind, state=paper.state)
    if not usable:
        reason = reason_text(paper.reasons[0], language_of(paper.attached_by))
        facts = {"kind": paper.kind, "reason": reason}
        send_notice(paper.attached_by, "paper-retake", facts, f"paper-retake/{paper.id}/official", paper.child_id, LINK)
    return paper
