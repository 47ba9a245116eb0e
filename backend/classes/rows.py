"""The table of class lists: which child a run put into which class. There is no column that could preset one."""

import uuid

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, Rows
from backend.foundation.ddl import append_only


class ClassMember(Numbered, Rows):
    """One child in one class of one run. Rows are made by the run alone and never changed."""

    __tablename__ = "class_member"
    __table_args__ = (UniqueConstraint("run_id", "application_id"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("run.id"), index=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    no: Mapped[str]
    number: Mapped[int]


append_only(ClassMember.__table__)  # type: ignore[arg-type]
