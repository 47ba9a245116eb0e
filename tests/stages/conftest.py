"""Fixtures of the stages: the banners that are open, with no gateway that reaches outside."""

from typing import Any

import pytest

from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from tests.enrolment_builders import DALATE, open_banner
from tests.placement_builders import quiet


@pytest.fixture
def quiet_city(app: Any, moving_clock: None) -> None:
    """The app on a fixed morning, before any banner has opened; no gateway reaches outside."""
    quiet(app)


@pytest.fixture
def opened(quiet_city: None) -> None:
    """A banner whose registration window is open."""
    with unit_of_work():
        open_banner()


@pytest.fixture
def both_opened(opened: None) -> None:
    """Two banners of different books whose registration windows are open."""
    with unit_of_work():
        open_banner(DALATE, "dalate-2022")


@pytest.fixture
def codes(app: Application) -> list[str]:
    """The codes that were sent, the newest last."""
    sent: list[str] = []
    app.extensions["code_sender"] = lambda _code_id, _subject, _phone, code, _notice: sent.append(code)
    return sent
