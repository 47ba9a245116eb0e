"""Who comes from the public-service app is logged in by its ticket, once (B06); nobody else is."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import current_app

from backend.foundation.unit_of_work import unit_of_work
from backend.identity.accounts import phone_of
from backend.identity.log_in_by_portal import (
    PortalNotConnected,
    PortalTicketRefused,
    PortalUnavailable,
    log_in_by_portal,
)
from backend.identity.signed_portal import SignedPortal
from backend.settings import PortalSettings
from rehearsal.portal import Portal
from rehearsal.serving import serving

KEY = "k" * 40
PHONE = "17000009001"


@pytest.fixture
def peer(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """The app on loopback, connected."""
    portal = Portal(KEY, "/phone/")
    with serving(portal.site) as address:
        monkeypatch.setitem(current_app.extensions, "portal", SignedPortal(PortalSettings(address, "sunroll", KEY)))
        yield portal


def test_a_ticket_logs_in_whoever_the_app_has_proven_and_only_once(app, peer: Portal) -> None:
    ticket = peer.ticket_for(PHONE)
    first = app.test_client().post("/api/login/portal", json={"ticket": ticket})
    assert (first.status_code, first.json["guardian"]["has_phone"]) == (200, True)
    again = app.test_client().post("/api/login/portal", json={"ticket": ticket})
    assert (again.status_code, again.json["code"]) == (422, "portal-ticket-refused")


def test_the_same_phone_is_the_same_guardian_by_either_way(app, peer: Portal) -> None:
    first, second = (log_in_by_portal(peer.ticket_for(PHONE)) for _ in range(2))
    assert first.id == second.id
    assert phone_of(first) == PHONE


def test_a_ticket_that_the_app_never_gave_is_refused(app, peer: Portal) -> None:
    with pytest.raises(PortalTicketRefused):
        log_in_by_portal("invented")


def test_an_answer_that_was_changed_on_the_way_is_not_believed(app, peer: Portal) -> None:
    peer.lies = True
    with pytest.raises(PortalUnavailable):
        log_in_by_portal(peer.ticket_for(PHONE))


def test_a_question_under_another_key_is_not_answered(app, peer: Portal) -> None:
    stranger = SignedPortal(PortalSettings(current_app.extensions["portal"]._settings.url, "sunroll", "x" * 40))
    with pytest.raises(PortalUnavailable):
        stranger.phone_of(peer.ticket_for(PHONE))


def test_where_the_app_does_not_answer_the_phone_number_still_works(app, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = SignedPortal(PortalSettings("http://127.0.0.1:9", "sunroll", KEY))
    monkeypatch.setitem(current_app.extensions, "portal", silent)
    with unit_of_work(), pytest.raises(PortalUnavailable):
        log_in_by_portal("any")


def test_where_no_app_is_connected_the_answer_says_so(app, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.extensions, "portal", None)
    with pytest.raises(PortalNotConnected):
        log_in_by_portal("any")
