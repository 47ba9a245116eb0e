"""Take in a photograph: sealed on disk, its row and its task in one transaction (A23, promises D12)."""

import uuid
from datetime import timedelta

from sqlalchemy import func, select, update

from backend.documents.rows import KINDS, Paper
from backend.documents.rules.attempts import PAPERS_OF_A_KIND_AT_MOST
from backend.documents.safe_keeping import keep
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import provider
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.tasks import put_task

LARGEST = 12 * 1024 * 1024


class PictureTooBig(Refusal):
    """The file has more than 12 MB."""

    code = "picture-too-big"
    status = 413


class PictureEmpty(Refusal):
    """There is no picture in what was sent."""

    code = "picture-empty"
    status = 422


class PaperKindUnknown(Refusal):
    """No paper is called that."""

    code = "paper-kind-unknown"
    status = 422


class TooManyPapers(Refusal):
    """There are as many photographs of this kind as there may be."""

    code = "too-many-papers"


def attach_paper(child_id: uuid.UUID, kind: str, data: bytes, by: uuid.UUID) -> Paper:
    """The paper in state `waiting`; a worker looks at it within the minute. Any bytes are taken: none is opened here.

    The file is durable before the row is: a kill in between leaves a sealed file that no row names, and the family,
    which got no answer, sends again. Raises PictureTooBig, PictureEmpty, PaperKindUnknown, TooManyPapers.
    """
    if kind not in KINDS:
        raise PaperKindUnknown
    if not data:
        raise PictureEmpty
    if len(data) > LARGEST:
        raise PictureTooBig
    so_far = _so_far(child_id, kind)
    if so_far >= PAPERS_OF_A_KIND_AT_MOST:
        raise TooManyPapers
    paper = Paper(
        id=uuid.uuid4(),
        child_id=child_id,
        kind=kind,
        attempt=so_far + 1,
        state="waiting",
        attached_at=clock.now(),
        attached_by=by,
        original_size=len(data),
        original_mac=provider().mac(child_id.bytes, data),
        reasons=[],
        figures={},
    )
    keep(child_id, paper.id, "original", data)
    db.session.execute(
        update(Paper)
        .where(Paper.child_id == child_id, Paper.kind == kind, Paper.state == "retake", Paper.replaced_at.is_(None))
        .values(replaced_at=paper.attached_at)
    )
    db.session.add(paper)
    put_task("look-at-picture", str(paper.id), {"paper_id": str(paper.id)})
    day = clock.today().isoformat()
    put_task("sweep-uploads", day, {"day": day}, due_at=paper.attached_at + timedelta(days=1))
    record("paper.attached", "paper", paper.id, kind=kind, attempt=paper.attempt, bytes=len(data))
    return paper


def _so_far(child_id: uuid.UUID, kind: str) -> int:
    """How many photographs of the kind there are; the child is held, so that no other is taken in meanwhile."""
    db.session.execute(select(Child.id).where(Child.id == child_id).with_for_update(key_share=True)).scalar_one()
    return db.session.execute(
        select(func.count()).select_from(Paper).where(Paper.child_id == child_id, Paper.kind == kind)
    ).scalar_one()
