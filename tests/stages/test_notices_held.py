"""Notices whose kind officials hold, or that would wake people: every attempt waits, by whichever channel (D27)."""

from datetime import timedelta

import time_machine

from backend.foundation import clock
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.rules.roles import CITY, Scope
from backend.notices.gateways import ChannelRefused
from backend.notices.hold_notices import hold_notices, let_notices_go
from jobs.run_tasks import drain
from tests.families_builders import official
from tests.notices_builders import fails_with, guardian, tell, the


def test_a_kind_that_is_held_is_held_by_the_next_channel_too(sms, chat, app) -> None:
    """D27: an attempt that has begun ends; what WeChat refuses meanwhile goes by SMS only when the kind is let go."""
    city = official("city-admissions", Scope("city", CITY))
    notice = tell(guardian(openid="o1"))

    def held_meanwhile() -> None:
        with unit_of_work():
            hold_notices(city, "seat-settled")
        raise ChannelRefused("43004")

    chat.outcomes = [held_meanwhile]
    drain("notices")
    assert (the(notice).channel, the(notice).state) == ("sms", "ready")
    assert sms.calls == []
    with unit_of_work():
        let_notices_go(city, "seat-settled")
    drain("notices")
    assert (sms.calls, the(notice).state) == ([notice.hex], "sent")


def test_a_hold_catches_what_already_waits_for_its_next_channel(sms, chat, app) -> None:
    """D27: whichever attempt is the next one, none of the kind leaves any more."""
    city = official("city-admissions", Scope("city", CITY))
    chat.outcomes = [fails_with(ChannelRefused("43004"))]
    notice = tell(guardian(openid="o1"))
    drain("notices", most=1)
    with unit_of_work():
        hold_notices(city, "seat-settled")
    drain("notices")
    assert (sms.calls, the(notice).state) == ([], "ready")
    with unit_of_work():
        let_notices_go(city, "seat-settled")
    drain("notices")
    assert sms.calls == [notice.hex]


def test_the_next_channel_lets_people_sleep(sms, chat, app, monkeypatch) -> None:
    """D27: what fails by WeChat at night goes by SMS in the morning."""
    monkeypatch.setitem(app.config, "QUIET_HOURS", (21, 8))
    midday = clock.now().replace(hour=12, minute=0)
    with time_machine.travel(midday):
        notice = tell(guardian(openid="o1"))
    chat.outcomes = [fails_with(ChannelRefused("43004"))]
    with time_machine.travel(midday.replace(hour=23)):
        drain("notices")
        assert (sms.calls, the(notice).channel) == ([], "sms")
    with time_machine.travel((midday + timedelta(days=1)).replace(hour=8, minute=1)):
        drain("notices")
    assert sms.calls == [notice.hex]
