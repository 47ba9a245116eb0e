"""The engine's process: one leads, another host relays and takes over, and a killed one resumes from the record (A54)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from board_builders import Listed, list_session
from database_of_its_own import own_app

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.board.boards import Boards
from backend.zhongkao.board.standing import standing_of
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.wishes import Wish

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0


@pytest.fixture
def hosts(services, tmp_path) -> Iterator[tuple[Listed, Callable[[str], "subprocess.Popen[bytes]"]]]:
    """A listed session and a way to start an engine on a host of its own folder."""
    with own_app(services, "engine_process_tests") as (app, environ), app.app_context():
        with unit_of_work():
            listed = list_session(db.session.connection(), [60000, 59000, 58000], [1, 1])
        begun: list[subprocess.Popen[bytes]] = []

        def engine(host: str) -> "subprocess.Popen[bytes]":
            told = {**os.environ, **environ, "SUNROLL_BOARD": str(tmp_path / host), "SUNROLL_REHEARSAL": "0"}
            command = [sys.executable, "-m", "jobs.board", "--once"]
            begun.append(subprocess.Popen(command, env=told, cwd=ROOT, stderr=subprocess.DEVNULL))
            return begun[-1]

        yield listed, engine
        for process in begun:
            process.kill()
            process.wait()


def shows(folder: Path, listed: Listed, who: int, rank: int) -> bool:
    """Whether within some patience the host shows this rank."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        seat = Boards(folder).seat(listed.candidates[who])
        if seat is not None and standing_of(seat)["rank"] == rank:
            return True
        time.sleep(0.1)
    return False


def choose(listed: Listed, who: int) -> None:
    with unit_of_work():
        connection = db.session.connection()
        wish = Wish(listed.candidates[who], "choose", listed.units[0], clock.now())
        keep_wishes(connection, ground_of(connection, listed.session), [wish])


def test_hosts_show_the_same_and_the_next_leads_where_the_leader_dies(hosts, tmp_path) -> None:
    listed, engine = hosts
    choose(listed, 2)
    leader = engine("one")
    assert shows(tmp_path / "one", listed, 2, 1)
    engine("two")
    assert shows(tmp_path / "two", listed, 2, 1)
    before = Boards(tmp_path / "two").seat(listed.candidates[2])
    leader.kill()
    choose(listed, 0)
    assert shows(tmp_path / "two", listed, 2, 2)
    after = Boards(tmp_path / "two").seat(listed.candidates[2])
    assert after.view.version > before.view.version
    old = Boards(tmp_path / "one").seat(listed.candidates[2])
    assert (standing_of(old)["rank"], old.age_ms > 0) == (1, True)
    engine("one")
    assert shows(tmp_path / "one", listed, 2, 2)
