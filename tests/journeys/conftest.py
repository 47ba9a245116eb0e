"""The clock of a journey: it stands in the test's own transaction, and begins on a fixed day."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from tests.journey_builders import STARTS, stand_at


@pytest.fixture
def moving_clock(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the clock read its offset where the journey writes it; afterwards it is the machine's again."""

    def read_offset() -> int:
        return int(db.session.connection().execute(select(clock.ClockOffset.seconds)).scalar_one_or_none() or 0)

    monkeypatch.setattr(clock, "_read_offset", read_offset)
    stand_at(STARTS)
    yield
    clock._offset.seconds = 0
    clock._offset.read_at = float("-inf")
