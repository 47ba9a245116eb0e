"""The clock of a journey: it stands in the test's own transaction, and begins on a fixed day."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journey_builders import moved_clock


@pytest.fixture
def moving_clock(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the clock read its offset where the journey writes it; afterwards it is the machine's again."""
    yield from moved_clock(monkeypatch)
