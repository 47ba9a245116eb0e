"""Tables of forecasts: how far units went in former years, and what was foretold at each reading of a session."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, Rows
from backend.foundation.ddl import append_only


class ExamFormerLine(Numbered, Rows):
    """How far a unit of `year` went in `former_year`: the total of its last admitted, in hundredths, and his place in
    the city among so many candidates. Shown, and what forecasts begin with; it decides nothing.
    """

    __tablename__ = "exam_former_line"
    __table_args__ = (
        UniqueConstraint("year", "unit", "former_year", name="uq_exam_former_line_year"),
        CheckConstraint("place BETWEEN 1 AND candidates", name="place"),
    )

    year: Mapped[int]
    unit: Mapped[str]
    former_year: Mapped[int]
    lowest: Mapped[int]
    place: Mapped[int]
    candidates: Mapped[int]


class ExamForecast(Numbered, Rows):
    """What was foretold at one reading (wish 7): `units` the forecasts, `basis` all they were made of, both as published
    (docs/formats/forecast.md).
    """

    __tablename__ = "exam_forecast"
    __table_args__ = (UniqueConstraint("session_id", "at", name="uq_exam_forecast_at"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    at: Mapped[datetime]
    units: Mapped[list[Any]]
    basis: Mapped[dict[str, Any]] = mapped_column(deferred=True)


append_only(ExamForecast.__table__)  # type: ignore[arg-type]
