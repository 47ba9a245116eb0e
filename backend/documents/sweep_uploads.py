"""Delete sealed files that no paper names: left over where a transaction ended between its file and its row."""

import uuid
from pathlib import Path

from sqlalchemy import select

from backend.documents.rows import Paper
from backend.documents.safe_keeping import folder
from backend.foundation.audit import record
from backend.foundation.database import db

OLD_ENOUGH_SECONDS = 3600
"""A file younger than this may belong to a transaction that is still on its way."""


def sweep_uploads(day: str) -> None:
    """Delete every file older than an hour, by the file system's own clock, whose paper was never written."""
    deleted = 0
    now = _now_by_the_disk()
    for path in [*folder().rglob("*.sealed"), *folder().rglob("*.part")]:
        if now - path.stat().st_mtime > OLD_ENOUGH_SECONDS and not _is_named(path):
            path.unlink(missing_ok=True)
            deleted += 1
    record("uploads.swept", "uploads", day, deleted=deleted)


def _now_by_the_disk() -> float:
    mark = folder() / f"{uuid.uuid4().hex}.mark"
    mark.touch()
    now = mark.stat().st_mtime
    mark.unlink()
    return now


def _is_named(path: Path) -> bool:
    if path.suffix != ".sealed":
        return False
    paper = select(Paper.id).where(Paper.id == uuid.UUID(path.stem))
    return db.session.execute(paper).scalar_one_or_none() is not None
