"""Small versions of the trials of choosing: the large ones run with `make prove` (P1, P3, P18).

The size of a year, 20,000 candidates (A58), is played whole by `python -m bench.live_rank last_minutes`.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.trials import closings, kills


def apart(run: Callable[..., Any], *told: Any) -> Any:
    """Run a trial in a thread of its own: a browser test before it leaves its loop in the main thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run, *told).result()


def test_killed_processes_lose_no_acknowledged_change_and_show_no_untrue_rank(tmp_path) -> None:
    """Web server, engine, worker, PostgreSQL itself and Valkey are killed while phones choose and lists are moved."""
    trial, faults = apart(kills.run, tmp_path, 700, 24, 5, ("web", "board", "worker", "postmaster", "valkey"))
    assert faults == []
    assert len(trial.acks) >= 700
    assert trial.shown


def test_a_close_takes_everything_that_came_in_time_and_nothing_that_did_not(tmp_path) -> None:
    """Two web servers with clocks five seconds wrong, one of them killed, and a true proxy in front of them."""
    done, faults = apart(closings.run, tmp_path, 1, 400, 5)
    assert faults == []
    outcomes = done[0].outcomes()
    assert outcomes["accepted"] > 0
    assert outcomes["outside-band-window"] > 0
