"""What this room holds about a family's children, for the family's own export (个保法 §45)."""

import base64
import uuid
from collections.abc import Sequence
from typing import Any

from backend.documents.queries import all_papers_of
from backend.documents.rows import Paper
from backend.documents.safe_keeping import take_out


def papers_held(_account_id: uuid.UUID, child_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Every photograph of the children with its verdict, the clean picture in base64; the original stays sealed."""
    return [_paper(paper) for child_id in child_ids for paper in all_papers_of(child_id)]


def _paper(paper: Paper) -> dict[str, Any]:
    clean = take_out(paper.child_id, paper.id, "clean") if paper.clean_size is not None else b""
    return {
        "id": str(paper.id),
        "child_id": str(paper.child_id),
        "kind": paper.kind,
        "state": paper.state,
        "attempt": paper.attempt,
        "attached_at": paper.attached_at.isoformat(),
        "looked_at": paper.looked_at.isoformat() if paper.looked_at else None,
        "reasons": paper.reasons,
        "figures": paper.figures,
        "original_bytes": paper.original_size,
        "picture_jpeg_base64": base64.b64encode(clean).decode() or None,
    }
