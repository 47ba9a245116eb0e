"""A host whose clock is wrong stamps no deadline: it does not start, is not ready, and closes no band (P3, D5, D20)."""

from datetime import timedelta

import pytest

from backend.foundation import clock, host_clock
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.host_clock import HostClockWrong, Skew, require_true_clock, start_with_true_clock
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.close_band import close_band
from tests.exam_builders import band, listed_session, set_clock

_machine = clock.machine_milliseconds


def run_ahead(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let the host's own clock be wrong."""
    monkeypatch.setattr(clock, "machine_milliseconds", lambda: _machine() + by // timedelta(milliseconds=1))


@pytest.mark.parametrize("seconds", [5, -5])
def test_a_host_that_is_seconds_off_does_not_start_and_is_not_ready(
    app: Application, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    assert app.test_client().get("/ready").json["ready"] is True
    run_ahead(monkeypatch, timedelta(seconds=seconds))
    with pytest.raises(HostClockWrong, match="NTP"):
        start_with_true_clock(app.app_context)
    told = app.test_client().get("/ready")
    assert (told.status_code, told.json["ready"]) == (503, False)
    assert abs(told.json["clock_ahead_ms"] - 1000 * seconds) < 900


@pytest.mark.usefixtures("app")
def test_a_host_that_is_seconds_off_closes_no_band(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fast host would close before the hour; the task is left for another."""
    session, _, _ = listed_session({"X": 1}, [650])
    set_clock(monkeypatch, "11:00:06")
    run_ahead(monkeypatch, timedelta(seconds=30))
    with pytest.raises(HostClockWrong), unit_of_work():
        close_band(band(session, 0).id)
    assert band(session, 0).closed_at is None
    monkeypatch.setattr(clock, "machine_milliseconds", _machine)
    with unit_of_work():
        close_band(band(session, 0).id)
    assert band(session, 0).closed_at is not None


@pytest.mark.usefixtures("app")
def test_some_hundred_milliseconds_are_told_and_do_not_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(host_clock, "log", lambda _name: _Log(told))
    monkeypatch.setattr(host_clock, "skew_of", lambda _connection: Skew(400, 2))
    require_true_clock(db.session.connection())
    assert told == ["host-clock-wrong"]


class _Log:
    def __init__(self, told: list[str]) -> None:
        self.told = told

    def error(self, event: str, **_facts: object) -> None:
        """Remember what is told."""
        self.told.append(event)


def test_a_slow_answer_is_no_wrong_clock() -> None:
    """What the question's own way explains is not held against the clock."""
    assert not Skew(3000, 2500).is_wrong
    assert Skew(3000, 1500).is_wrong
    assert Skew(-1100, 20).is_wrong
