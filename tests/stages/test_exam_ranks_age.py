"""What the exam office's pages say while live ranks rest, and before a year has anything to show (A54, A58)."""

import time
from pathlib import Path

from backend.foundation.clock import machine_milliseconds
from backend.foundation.doors import Application
from backend.zhongkao.board.boards import LOOKS_AGAIN_AFTER_MS
from tests.board_builders import Painted
from tests.exam_builders import YEAR, listed_session
from tests.exam_steps import office_client

A_MINUTE_MS = 60_000


def test_the_command_room_says_how_old_live_ranks_are(app: Application) -> None:
    """None yet, fresh, and a minute old: the last is a warning that also says that choosing goes on."""
    session, _, _ = listed_session({"Z": 1}, [650])
    office, room = office_client(app), f"/desk/exam/{YEAR}/general-1"
    assert "实时名次还没有算出来" in office.get(room).text
    painted = Painted(Path(app.config["BOARD"]), 3, [1], session=session.id)
    time.sleep(LOOKS_AGAIN_AFTER_MS / 1000 + 0.1)
    painted.publish()
    fresh = office.get(room).text
    assert "秒前更新" in fresh
    assert "没有更新" not in fresh
    painted.publisher.confirm(machine_milliseconds() - A_MINUTE_MS, 0)
    assert "实时名次已经 60 秒没有更新。填报照常" in office.get(room).text


def test_a_desk_without_a_year_says_what_comes_first(app: Application) -> None:
    assert "先公布规则文件" in office_client(app).get("/desk/exam").text
