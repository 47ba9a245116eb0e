"""The task behind a photograph: made anew in the sandbox, judged, the clean picture sealed, the verdict written."""

import uuid

from sqlalchemy import select

from backend.documents.picture_box import picture_box
from backend.documents.queries import retakes_of
from backend.documents.read_picture import plan_reading
from backend.documents.rows import Paper
from backend.documents.rules.attempts import standing_after
from backend.documents.safe_keeping import keep, take_out
from backend.documents.tell_sender import tell_sender
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db


def look_at_picture(paper_id: str) -> None:
    """Give the paper its verdict; done before, nothing happens again.

    Killed at any instant: the row still says `waiting`, the task is claimed anew, files are replaced whole.
    Raises SandboxAway where the sandbox is down: the task is tried again, the picture is not blamed.
    """
    paper = db.session.get(Paper, uuid.UUID(paper_id))
    if paper is None or paper.state != "waiting":
        return
    look = picture_box().look_at(take_out(paper.child_id, paper.id, "original"))
    if look.refused is None:
        keep(paper.child_id, paper.id, "clean", look.clean)
        paper.clean_size, paper.width, paper.height = len(look.clean), look.width, look.height
    reasons = [look.refused] if look.refused else list(look.reasons)
    db.session.execute(select(Child.id).where(Child.id == paper.child_id).with_for_update(key_share=True))
    paper.state = standing_after(reasons, retakes_of(paper.child_id, paper.kind))
    paper.reasons, paper.figures, paper.looked_at = reasons, look.figures or {}, clock.now()
    db.session.flush()
    tell_sender(paper)
    if paper.state == "good":
        plan_reading(paper)
    record("paper.looked-at", "paper", paper.id, kind=paper.kind, state=paper.state, reasons=reasons)
