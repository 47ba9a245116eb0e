"""The board on a real record: versions are committed snapshots, readers see whole versions, hosts agree (A54, P18)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from board_builders import Listed, list_session
from database_of_its_own import own_app
from sqlalchemy import text

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.board.between_hosts import Relay, Sender, connect
from backend.zhongkao.board.boards import Boards
from backend.zhongkao.board.engine import Engine
from backend.zhongkao.board.frames import moments_of
from backend.zhongkao.board.layout import NotABoard
from backend.zhongkao.board.publish import KEPT, Publisher
from backend.zhongkao.board.reading import Reader
from backend.zhongkao.board.standing import standing_of, unit_board
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.rows import ExamCandidate, ExamSession
from backend.zhongkao.what_was_seen import what_was_seen
from backend.zhongkao.wishes import Wish

ROOT = Path(__file__).parents[2]
TOTALS = [60000, 59000, 59000, 59000, 58500, 58000]


@pytest.fixture(scope="module")
def own(services) -> Iterator[tuple[Application, dict[str, str]]]:
    with own_app(services, "board_tests") as (app, environ), app.app_context():
        yield app, environ


@pytest.fixture
def listed(own) -> Listed:
    with unit_of_work():
        db.session.execute(text("UPDATE exam_session SET state = 'closed' WHERE state = 'listed'"))
        db.session.execute(text("UPDATE exam_session SET state = 'published' WHERE state = 'closed'"))
        return list_session(db.session.connection(), TOTALS, [3, 1], code=f"general-{time.monotonic_ns()}")


def choose(listed: Listed, who: int, unit: int | None) -> None:
    with unit_of_work():
        connection = db.session.connection()
        wish = Wish(
            listed.candidates[who],
            "clear" if unit is None else "choose",
            None if unit is None else listed.units[unit],
            clock.now(),
        )
        (kept,) = keep_wishes(connection, ground_of(connection, listed.session), [wish])
    assert kept.refused is None


def told(boards: Boards, listed: Listed, who: int, unit: int | None = None) -> dict:
    seat = boards.seat(listed.candidates[who])
    assert seat is not None
    return standing_of(seat, unit)


def test_a_change_is_in_the_next_version_with_rank_and_equals(listed, tmp_path) -> None:
    """T-1.1: A 600, B, C, D 590, E 585 in a unit of three: 1, 2 (three level), 5; the line is 590."""
    engine = Engine(tmp_path)
    engine.tick()
    for who in range(5):
        choose(listed, who, 0)
    assert engine.tick() == 1
    boards = Boards(tmp_path)
    shown = [told(boards, listed, who) for who in range(5)]
    assert [one["rank"] for one in shown] == [1, 2, 2, 2, 5]
    assert [one["level_with"] for one in shown] == [1, 3, 3, 3, 1]
    assert [one["inside"] for one in shown] == [True, True, True, True, False]
    assert {one["lowest_inside"] for one in shown} == {"590.00"}
    assert {one["chosen_count"] for one in shown} == {5}
    assert {one["changes"] for one in shown} == {1}
    assert told(boards, listed, 5)["rank"] is None
    assert told(boards, listed, 5, 1)["rank"] == 6
    assert told(boards, listed, 5, 1)["what_if"] is True


def test_who_asks_while_the_first_look_is_under_way_waits_for_what_it_finds(listed, tmp_path, monkeypatch) -> None:
    """A server that has just begun tells nobody that there is no session: many ask at its first moment (P18)."""
    Engine(tmp_path).tick()
    under_way, may_end, look = threading.Event(), threading.Event(), Boards._look

    def slow(self: Boards) -> None:
        under_way.set()
        may_end.wait(30)
        look(self)

    monkeypatch.setattr(Boards, "_look", slow)
    boards = Boards(tmp_path)
    with ThreadPoolExecutor(2) as askers:
        first = askers.submit(boards.sessions)
        under_way.wait(30)
        second = askers.submit(boards.sessions)
        wait([second], timeout=0.5)
        may_end.set()
        assert second.result() == first.result() == [listed.session]


def test_a_complaint_is_answered_by_the_versions_that_were_published(listed, tmp_path) -> None:
    """T-1.5: what one version showed appeared at once and at its time; what no version showed says so."""
    engine = Engine(tmp_path)
    reader = None
    shown = []
    for entering in ([4], [0, 1], []):
        for who in entering:
            choose(listed, who, 1)
        engine.tick()
        reader = reader or Reader(tmp_path / str(listed.session))
        shown.append((reader.view().version, reader.view().published_at))
    choose(listed, 5, 0)
    choose(listed, 0, None)
    candidate = db.session.get_one(ExamCandidate, listed.candidates[4])
    session = db.session.get_one(ExamSession, listed.session)
    span = [(clock.now() + timedelta(minutes=minutes)).isoformat() for minutes in (-5, 5)]
    told = what_was_seen(candidate, session, *span)
    assert [(one["rank"], one["version"], one["by"]) for one in told] == [
        (1, shown[0][0], "version"),
        (3, shown[1][0], "version"),
        (2, None, "record"),
    ]
    times = [round(datetime.fromisoformat(one["at"]).timestamp() * 1000) for one in told]
    assert times[:2] == [at for _, at in shown[:2]]
    assert [one["word"] is None for one in told] == [True, True, False]
    early = (datetime.fromtimestamp((shown[1][1] - 1) / 1000, UTC)).isoformat()
    assert [one["version"] for one in what_was_seen(candidate, session, span[0], early)] == [shown[0][0]]


def test_nothing_new_makes_no_version_but_the_figures_stay_young(listed, tmp_path) -> None:
    engine = Engine(tmp_path)
    engine.tick()
    reader = Reader(tmp_path / str(listed.session))
    version, confirmed_at = reader.view().version, reader.confirmed_at
    time.sleep(0.01)
    assert engine.tick() == 0
    assert reader.view().version == version
    assert reader.confirmed_at > confirmed_at


def test_leaving_frees_the_place_at_once(listed, tmp_path) -> None:
    """T-1.6: everybody lower gains a rank."""
    engine = Engine(tmp_path)
    for who in (0, 4):
        choose(listed, who, 1)
    engine.tick()
    boards = Boards(tmp_path)
    assert told(boards, listed, 4)["rank"] == 2
    choose(listed, 0, 0)
    engine.tick()
    assert (told(boards, listed, 4)["rank"], told(boards, listed, 4)["inside"]) == (1, True)
    choose(listed, 4, None)
    engine.tick()
    assert told(boards, listed, 4)["unit"] is None


def test_a_transaction_that_commits_late_is_not_skipped(listed, tmp_path) -> None:
    """Transactions commit in another order than they begin; a follower by number would lose the slow one for good."""
    engine = Engine(tmp_path)
    engine.tick()
    slow = db.engine.connect()
    began = slow.begin()
    ground = ground_of(slow, listed.session)
    keep_wishes(slow, ground, [Wish(listed.candidates[0], "choose", listed.units[0], clock.now())])
    choose(listed, 1, 0)
    engine.tick()
    boards = Boards(tmp_path)
    assert (told(boards, listed, 0)["rank"], told(boards, listed, 1)["rank"]) == (None, 1)
    began.commit()
    slow.close()
    engine.tick()
    assert (told(boards, listed, 0)["rank"], told(boards, listed, 1)["rank"]) == (1, 2)


def test_a_version_is_exactly_the_changes_its_cut_sees(listed, tmp_path) -> None:
    """P18: from the record alone, the state of any version can be computed again."""
    engine = Engine(tmp_path)
    rng = np.random.default_rng(4)
    seen = {}
    for _ in range(12):
        choose(listed, int(rng.integers(6)), int(rng.integers(2)))
        engine.tick()
        view = Reader(tmp_path / str(listed.session)).view()
        seen[view.version] = list(view.choice)
    with unit_of_work():
        for version, choices in seen.items():
            found = db.session.execute(
                text(
                    "SELECT DISTINCT ON (c.candidate_id) c.candidate_id, c.unit_id FROM exam_change c, board_version v "
                    "WHERE v.version = :version AND c.session_id = v.session_id AND c.refused IS NULL AND "
                    "pg_visible_in_snapshot(c.written_in::text::xid8, v.cut::pg_snapshot) "
                    "ORDER BY c.candidate_id, c.version DESC"
                ),
                {"version": version},
            )
            held = {row.candidate_id: listed.units.index(row.unit_id) + 1 for row in found}
            assert choices == [held.get(candidate, 0) for candidate in listed.candidates]


def test_a_restarted_engine_shows_the_record_under_a_higher_number(listed, tmp_path) -> None:
    choose(listed, 2, 0)
    first = Engine(tmp_path)
    first.tick()
    version = Reader(tmp_path / str(listed.session)).view().version
    choose(listed, 3, 0)
    Engine(tmp_path).tick()
    view = Reader(tmp_path / str(listed.session)).view()
    assert view.version > version
    assert list(view.choice) == [0, 0, 1, 1, 0, 0]


def test_files_of_another_record_are_cleared_away(listed, tmp_path) -> None:
    folder = tmp_path / str(listed.session)
    Engine(tmp_path).tick()
    (folder / f"snapshot-{2**40}").write_bytes(b"foreign")
    Engine(tmp_path).tick()
    assert Reader(folder).view().version < 2**40
    assert not (folder / f"snapshot-{2**40}").exists()


def test_an_ended_log_in_is_known_to_readers(listed, tmp_path) -> None:
    engine = Engine(tmp_path)
    engine.tick()
    reader = Reader(tmp_path / str(listed.session))
    assert not reader.view().has_ended(listed.logins[2])
    with unit_of_work():
        db.session.execute(
            text("UPDATE candidate_login SET ended_at = :now WHERE id = :login"),
            {"now": clock.now(), "login": listed.logins[2]},
        )
    engine._looked_round_at = float("-inf")
    engine.tick()
    assert reader.view().has_ended(listed.logins[2])
    assert not reader.view().has_ended(listed.logins[3])


def test_an_extended_band_is_told_under_a_new_book(listed, tmp_path) -> None:
    engine = Engine(tmp_path)
    choose(listed, 1, 0)
    engine.tick()
    boards = Boards(tmp_path)
    before = told(boards, listed, 1)
    with unit_of_work():
        db.session.execute(text("UPDATE exam_band SET close_at = :later"), {"later": clock.now() + timedelta(hours=2)})
        db.session.execute(text("UPDATE exam_session SET edition = edition + 1"))
    engine._looked_round_at = float("-inf")
    engine.tick()
    after = told(boards, listed, 1)
    assert after["closes_at"] > before["closes_at"]
    assert (after["rank"], after["unit"]) == (before["rank"], before["unit"])


def test_another_host_computes_the_same_ranks_from_what_it_is_sent(listed, own, tmp_path) -> None:
    _, environ = own
    engine = Engine(tmp_path / "here", Sender(connect(environ["REDIS_URL"]), "hosts"))
    relay = Relay(connect(environ["REDIS_URL"]), "hosts", tmp_path / "there")
    for who in range(5):
        choose(listed, who, who % 2)
        engine.tick()
        assert relay.tick() == 1
    assert relay.tick() == 0
    here, there = Boards(tmp_path / "here"), Boards(tmp_path / "there")
    for who in range(6):
        ours, theirs = told(here, listed, who), told(there, listed, who)
        for shown in (ours, theirs):
            del shown["server_time"], shown["age_ms"]
        assert ours == theirs


def test_ranks_go_on_where_other_hosts_cannot_be_told(listed, tmp_path) -> None:
    engine = Engine(tmp_path, Sender(connect("redis://127.0.0.1:9/0"), "hosts"))
    choose(listed, 0, 0)
    engine.tick()
    assert told(Boards(tmp_path), listed, 0)["rank"] == 1


def test_public_boards_count_by_score_step_and_name_nobody(listed, tmp_path) -> None:
    engine = Engine(tmp_path)
    for who in range(5):
        choose(listed, who, 0)
    engine.tick()
    reader = Reader(tmp_path / str(listed.session))
    board = unit_board(reader.view(), 1, reader.confirmed_at)
    assert board["steps"] == [
        {"from": "600.00", "count": 1, "cumulative": 1},
        {"from": "590.00", "count": 3, "cumulative": 4},
        {"from": "585.00", "count": 1, "cumulative": 5},
    ]
    assert (board["chosen_count"], board["vacant"], board["lowest_inside"]) == (5, 0, "590.00")


def test_one_s_own_history_is_kept_minute_by_minute(listed, tmp_path) -> None:
    engine = Engine(tmp_path)
    choose(listed, 1, 0)
    engine.tick()
    view = Reader(tmp_path / str(listed.session)).view()
    order = view.book.said["order"]
    (moment,) = moments_of(tmp_path / str(listed.session), order, len(view.choice), 1)
    assert (moment.version, moment.unit, moment.rank) == (view.version, 1, 1)
    choose(listed, 0, 0)
    Engine(tmp_path).tick()
    later = Reader(tmp_path / str(listed.session)).view()
    assert later.book.front.book != view.book.front.book
    first, second = moments_of(tmp_path / str(listed.session), later.book.said["order"], len(view.choice), 1)
    assert (first, second.version, second.rank) == (moment, later.version, 2)


def test_a_reader_that_looks_late_is_given_the_newest_version(listed, tmp_path) -> None:
    engine = Engine(tmp_path)
    engine.tick()
    reader = Reader(tmp_path / str(listed.session))
    held = reader.view()
    for turn in range(KEPT + 3):
        choose(listed, 0, turn % 2)
        engine.tick()
    assert held.rank.tolist() == [0] * 6
    assert reader.view().changes[0] == KEPT + 3
    assert len(list((tmp_path / str(listed.session)).glob("snapshot-*"))) == KEPT


def test_what_is_no_board_is_refused(tmp_path) -> None:
    (tmp_path / "head").write_bytes(b"x" * 32)
    with pytest.raises(NotABoard):
        Reader(tmp_path)


WRITER = """
import os, sys, signal, threading, time
import numpy as np
from pathlib import Path
from backend.zhongkao.board.live_board import Fixed, LiveBoard
from backend.zhongkao.board.publish import Publisher
units = [{"id": n, "code": str(n), "name": "", "plan": 3} for n in range(9)]
said = {"session": 1, "code": "c", "category": "g", "units": units, "bands": []}
people = 40_000
board = LiveBoard(Fixed(said, np.arange(people, dtype=np.uint64), np.arange(people), np.zeros(people, np.uint32),
                        np.zeros(people, np.uint16)))
publisher = Publisher(Path(sys.argv[1]))
version = publisher.version
if not (Path(sys.argv[1]) / "book-1").exists():
    publisher.book(1, board.book_parts(1))
print("writing", flush=True)
while True:
    version += 1
    board.choice[:] = version % 8 + 1
    board.changes[:] = version
    publisher.snapshot(version, board.snapshot_parts(version, 1, version, board.ranks(), [version]), 1)
"""


def test_no_reader_ever_sees_half_a_version_though_the_writer_is_killed(tmp_path) -> None:
    """Every column says which version it is of; a mixture of two, or a file that is not whole, would show at once."""
    Publisher(tmp_path)
    reader = Reader(tmp_path)
    versions: list[int] = []
    rng = np.random.default_rng(7)
    for _ in range(6):
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        until = time.monotonic() + 0.2 + rng.random() * 0.2
        while time.monotonic() < until:
            _look_at_every_column(reader, versions)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        _look_at_every_column(reader, versions)
    assert versions == sorted(versions)
    assert len(set(versions)) > 20


def _look_at_every_column(reader: Reader, versions: list[int]) -> None:
    view = reader.view()
    if view is None:
        return
    unit = view.version % 8 + 1
    for position in (0, 17, len(view.choice) - 1):
        assert view.choice[position] == unit
        assert view.rank[position] == position + 1
        assert view.changes[position] == view.version
    assert view.chosen[unit] == len(view.choice)
    assert view.holders[len(view.choice) - 1] == len(view.choice) - 1
    assert view.has_ended(view.version)
    versions.append(view.version)
