"""The table of published versions: which committed snapshot of the record each number shows, for good."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Rows
from backend.foundation.ddl import append_only


class BoardVersion(Rows):
    """One published version of a session's board.

    `cut` is PostgreSQL's own snapshot (`pg_current_snapshot()`): a change is in the version where
    `pg_visible_in_snapshot(written_in, cut)` holds. So what anybody saw can be computed again (T-1.5, P18). The row is
    committed before the version is published; numbers only rise, over restarts too.
    """

    __tablename__ = "board_version"
    __table_args__ = (Index("ix_board_version_session", "session_id", "published_at"),)

    version: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    published_at: Mapped[datetime]
    cut: Mapped[str]


append_only(BoardVersion.__table__)  # type: ignore[arg-type]
