"""A process that has a keeper comes back whatever of it is killed, and nothing of it outlives the keeper (P20)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from rehearsal.season_kills import children_of, kept_process
from sunroll.embedded import free_port

APP = "def app(environ, start):\n    start('200 OK', [])\n    return [b'alive']\n"
ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 60.0


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """A web server under its keeper, as the Procfile starts it, and its address."""
    (tmp_path / "kept.py").write_text(APP)
    port = str(free_port())
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", port, "--workers", "1"]
    keeper = subprocess.Popen(
        [sys.executable, "-m", "backend.foundation.keeper", *granian, "--blocking-threads", "2", "kept:app"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield keeper, f"http://127.0.0.1:{port}/"
    finally:
        if keeper.poll() is None:
            os.killpg(keeper.pid, signal.SIGKILL)
        keeper.wait()


def test_a_web_server_comes_back_whether_its_head_or_its_hands_are_killed(
    web: tuple["subprocess.Popen[bytes]", str],
) -> None:
    keeper, address = web
    for victim in (0, 1):
        _until(lambda: _answers(address))
        before = list(children_of(keeper.pid))
        assert len(before) == 2
        os.kill(before[victim], signal.SIGKILL)
        for pid in before:
            _until(partial(_is_gone, pid))
        _until(lambda: _answers(address))
        assert keeper.poll() is None


def test_a_keeper_that_is_told_to_stop_ends_what_it_keeps(web: tuple["subprocess.Popen[bytes]", str]) -> None:
    keeper, address = web
    _until(lambda: _answers(address))
    kept = list(children_of(keeper.pid))
    assert kept_process(("kept:app",), keeper.pid) == kept[0]
    keeper.terminate()
    assert keeper.wait(STARTS_WITHIN) == 0
    assert all(map(_is_gone, kept))


def _is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).content == b"alive"
    except requests.RequestException:
        return False


def _until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)
