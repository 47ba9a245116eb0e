"""Questions asked of the papers."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from backend.documents.rows import Paper
from backend.documents.rules.attempts import stands_for_kind
from backend.foundation.database import db


def papers_of(child_id: uuid.UUID) -> Sequence[Paper]:
    """The child's photographed papers as they stand, in the order in which they came, without those retaken since."""
    return [paper for paper in all_papers_of(child_id) if paper.replaced_at is None]


def all_papers_of(child_id: uuid.UUID) -> Sequence[Paper]:
    """Every photograph of the child's papers that was ever sent, in the order in which they came."""
    found = db.session.execute(
        select(Paper).where(Paper.child_id == child_id).order_by(Paper.attached_at, Paper.attempt, Paper.id)
    )
    return found.scalars().all()


def how_papers_stand(child_id: uuid.UUID, kinds: Sequence[str]) -> dict[str, str]:
    """For each kind: present, retake (only photographs that must be taken again) or missing."""
    states: dict[str, list[str]] = {kind: [] for kind in kinds}
    for paper in papers_of(child_id):
        states.setdefault(paper.kind, []).append(paper.state)
    return {kind: stands_for_kind(states[kind]) for kind in kinds}


def retakes_of(child_id: uuid.UUID, kind: str) -> int:
    """How often a photograph of this kind was sent back."""
    return db.session.execute(
        select(func.count())
        .select_from(Paper)
        .where(Paper.child_id == child_id, Paper.kind == kind, Paper.state == "retake")
    ).scalar_one()
