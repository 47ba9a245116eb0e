"""Fixtures of the stages: the banners that are open, with no gateway that reaches outside."""

from typing import Any

import pytest

from backend.enrolment.rows import Application
from backend.foundation.doors import Application as Service
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from tests.class_builders import CHILDREN
from tests.enrolment_builders import DALATE, open_banner
from tests.notices_builders import HostileChat, HostileSms
from tests.placement_builders import confirmed, placed, quiet


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
def families(opened: None) -> list[tuple[Actor, Application]]:
    """Four children with an announced place at the first school."""
    return placed(CHILDREN)


@pytest.fixture
def intake(families: list[tuple[Actor, Application]]) -> list[Application]:
    """The same, all confirmed."""
    return confirmed(families)


@pytest.fixture
def chat(app: Service) -> HostileChat:
    """The WeChat platform, that does what a test tells it."""
    gateway = HostileChat()
    app.extensions["chat_gateway"] = gateway
    return gateway


@pytest.fixture
def sms(app: Service, chat: HostileChat) -> HostileSms:
    """The SMS gateway, that does what a test tells it; nothing goes to the real platform either."""
    gateway = HostileSms()
    app.extensions["sms_gateway"] = gateway
    return gateway


@pytest.fixture
def codes(app: Service) -> list[str]:
    """The codes that were sent, the newest last."""
    sent: list[str] = []
    app.extensions["code_sender"] = lambda _code_id, _subject, _phone, code, _notice: sent.append(code)
    return sent
