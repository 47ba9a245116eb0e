"""Tell whoever sent a photograph what to do about it; a good one needs no message."""

from backend.documents.rows import Paper
from backend.documents.views import reason_text
from backend.notices.choose_language import language_of
from backend.notices.send_notice import send_notice


def tell_sender(paper: Paper) -> None:
    """The message about a photograph that is to be taken again, or that a person looks at."""
    if paper.state == "good":
        return
    code = "paper-retake" if paper.state == "retake" else "paper-with-staff"
    facts = {"kind": paper.kind, "reason": reason_text(paper.reasons[0], language_of(paper.attached_by))}
    send_notice(paper.attached_by, code, facts, f"{code}/{paper.id}", paper.child_id, "/phone/#/pages/papers/index")
