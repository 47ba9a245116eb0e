"""The table of school records: one a child, for life; its fields are sealed (capabilities A65, D29)."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import PublicId, Rows


class StudentRecord(PublicId, Rows):
    """A child's record: number (G with an ID number, L temporary, J without one), school, class, sealed fields."""

    __tablename__ = "student_record"

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), unique=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    school: Mapped[str] = mapped_column(index=True)
    class_number: Mapped[int]
    number_kind: Mapped[str]
    number_index: Mapped[bytes] = mapped_column(unique=True)
    fields_sealed: Mapped[bytes]
    made_at: Mapped[datetime]
