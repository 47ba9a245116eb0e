"""The table of results: tip-offs from anybody. Results themselves are read from published runs."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import PublicId, Rows


class Tipoff(PublicId, Rows):
    """Somebody's word that something is wrong (D12f). Text and contact are sealed; the receipt is the only key."""

    __tablename__ = "tipoff"
    __table_args__ = (CheckConstraint("state IN ('filed', 'answered')", name="state"),)

    receipt: Mapped[str] = mapped_column(unique=True)
    banner: Mapped[str | None]
    school: Mapped[str | None]
    text_sealed: Mapped[bytes]
    contact_sealed: Mapped[bytes | None]
    filed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="filed")
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
