"""Changes kept many in one commit: each answered after it, with the rank in a committed snapshot that holds it (P1, P18)."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from board_builders import Listed, list_session
from database_of_its_own import own_app
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.one_message import TwoValues, in_one_message
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.board.boards import Boards
from backend.zhongkao.board.choice_writer import ChoiceWriter
from backend.zhongkao.board.record import changes_from, everything_held
from backend.zhongkao.change_choice import OVERTAKEN, keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.rules.live_ranks import all_ranks, levels_of
from backend.zhongkao.wishes import Kept, Wish

PEOPLE = 60


@pytest.fixture(scope="module")
def own(services) -> Iterator[tuple[Application, Listed]]:
    with own_app(services, "board_writer_tests") as (app, _), app.app_context():
        with unit_of_work():
            totals = [60000 - 50 * (who // 2) for who in range(PEOPLE)]
            listed = list_session(db.session.connection(), totals, [5, 9, 0, 40])
        yield app, listed


@pytest.fixture
def writer(own, tmp_path) -> ChoiceWriter:
    return ChoiceWriter(own[0].app_context, Boards(tmp_path))


def wish(listed: Listed, who: int, unit: int | None, key: str | None = None) -> Wish:
    chosen = None if unit is None else listed.units[unit]
    return Wish(listed.candidates[who], "choose" if chosen else "clear", chosen, clock.now(), request_key=key)


def test_a_batch_reads_the_log_from_its_horizon_on_though_the_statistics_know_nothing_of_it(own) -> None:
    """P18: a batch costs the same however long the log is; another index of the session would read all of it."""
    _, listed = own
    with unit_of_work():
        connection = db.session.connection()
        ground = ground_of(connection, listed.session)
        for turn in range(70):
            keep_wishes(connection, ground, [wish(listed, who, turn % 2) for who in range(PEOPLE)])
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        statement, values = changes_from(listed.session, 1000)
        ((*lines,),) = in_one_message(connection, [(f"EXPLAIN {statement}", values)])
        plan = "\n".join(line[0] for line in lines)
    assert "ix_exam_change_written" in plan
    assert "written_in >=" in plan.partition("Index Cond")[2].partition("\n")[0]


def test_a_name_means_the_same_in_a_whole_message(own) -> None:
    app, _ = own
    with app.app_context(), db.engine.connect() as connection:
        told = in_one_message(
            connection, [("SELECT %(one)s::int", {"one": 1}), ("SELECT %(one)s::int + 1", {"one": 1})]
        )
        assert [rows[0][0] for rows in told] == [1, 2]
        with pytest.raises(TwoValues, match="one"):
            in_one_message(connection, [("SELECT %(one)s", {"one": 1}), ("SELECT %(one)s", {"one": 2})])


def test_many_wishes_go_in_few_commits_and_every_answer_is_in_the_record(own, writer) -> None:
    app, listed = own
    rng = np.random.default_rng(3)
    asked = [(who, int(rng.integers(4))) for who in range(PEOPLE) for _ in range(4)]

    def press(one: tuple[int, int]) -> tuple[Kept, object]:
        with app.app_context():
            return writer(listed.session, wish(listed, *one))

    with ThreadPoolExecutor(24) as crowd:
        answers = list(crowd.map(press, asked))
    assert {kept.refused for kept, _ in answers} <= {None, OVERTAKEN}  # a person's own wishes may overtake each other
    with unit_of_work():
        held = {one.candidate_id: one for one in everything_held(db.session.connection(), listed.session).held}
        written = db.session.execute(
            text("SELECT written_in FROM exam_change WHERE id = ANY(:ids)"),
            {"ids": [kept.change_id for kept, _ in answers]},
        )
        commits = list(written.scalars())
    assert len(commits) == len(asked) > len(set(commits))
    for who in range(PEOPLE):
        newest = max(
            (
                kept
                for (person, _), (kept, _) in zip(asked, answers, strict=True)
                if person == who and kept.refused is None
            ),
            key=_version,
        )
        assert held[listed.candidates[who]].unit_id == newest.unit_id


def _version(kept: Kept) -> int:
    return kept.version


def test_the_rank_in_the_answer_is_the_one_of_the_record(own, writer) -> None:
    """P18: asked one by one, each answer equals all ranks computed from the record at that moment."""
    _, listed = own
    level_from, _ = levels_of(np.array(listed.standings))
    plan = np.array([0, *listed.plans], dtype=np.uint32)
    number = {unit: index for index, unit in enumerate(listed.units, start=1)}
    rng = np.random.default_rng(5)
    for _ in range(25):
        who = int(rng.integers(PEOPLE))
        _, standing = writer(listed.session, wish(listed, who, int(rng.integers(4))))
        with unit_of_work():
            held = {
                one.candidate_id: one.unit_id for one in everything_held(db.session.connection(), listed.session).held
            }
        choice = np.array([number.get(held.get(one), 0) for one in listed.candidates], dtype=np.uint16)
        ranks = all_ranks(choice, level_from, plan)
        assert (standing["rank"], standing["level_with"]) == (ranks.rank[who], ranks.level_with[who])
        assert standing["chosen_count"] == ranks.chosen[choice[who]]
        assert standing["inside"] == (ranks.rank[who] <= plan[choice[who]])


def test_the_same_request_key_has_one_effect_and_one_answer(own, writer) -> None:
    """P9, also where the copies come together."""
    _, listed = own
    one = wish(listed, 7, 1, key="same-key")
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: writer(listed.session, one)[0], range(8)))
    assert {(kept.change_id, kept.version, kept.refused) for kept in answers} == {
        (answers[0].change_id, answers[0].version, None)
    }


def test_a_refused_wish_does_not_hold_up_those_beside_it(own, writer) -> None:
    _, listed = own
    with ThreadPoolExecutor(8) as crowd:
        good = [crowd.submit(writer, listed.session, wish(listed, who, 3)) for who in range(20, 30)]
        unknown = crowd.submit(writer, listed.session, Wish(2**40, "choose", listed.units[0], clock.now()))
        assert all(each.result()[0].refused is None for each in good)
        assert unknown.result()[0].refused == "unknown-candidate"


def test_a_commit_that_fails_is_never_acknowledged(own, writer) -> None:
    _, listed = own
    before = _changes_of(listed, 40)

    with unit_of_work():
        db.session.execute(text(REFUSES_COMMIT))
    try:
        with pytest.raises(DBAPIError, match="no room"):
            writer(listed.session, wish(listed, 40, 0))
    finally:
        with unit_of_work():
            db.session.execute(text("DROP FUNCTION refuse_commit() CASCADE"))
    assert _changes_of(listed, 40) == before
    assert writer(listed.session, wish(listed, 40, 0))[0].refused is None


def test_a_connection_that_fails_is_replaced_by_one_that_waits_as_seldom(own, writer) -> None:
    """P1: every batch is two messages, also after PostgreSQL has ended the connection, and leaves no transaction open."""
    _, listed = own
    writer(listed.session, wish(listed, 41, 0))
    with unit_of_work():
        db.session.execute(text(ENDS_OTHERS))
    with pytest.raises(DBAPIError):
        writer(listed.session, wish(listed, 41, 1))
    assert writer(listed.session, wish(listed, 41, 2))[0].refused is None
    modes = [hand._connection.connection.driver_connection.autocommit for hand in writer._hands if hand._connection]
    assert modes == [True]
    with unit_of_work():
        assert db.session.execute(text(LEFT_OPEN)).scalar_one() == 0


def test_a_wish_is_told_at_once_that_the_database_is_away(own, writer, monkeypatch: pytest.MonkeyPatch) -> None:
    _, listed = own
    away = OperationalError(None, None, OSError("away"))

    def refuse(*_: object) -> None:
        raise away

    with monkeypatch.context() as patched:
        patched.setattr(db.engine, "connect", refuse)
        with pytest.raises(OperationalError, match="away"):
            writer(listed.session, wish(listed, 42, 0))
    assert writer(listed.session, wish(listed, 42, 0))[0].refused is None


ENDS_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
LEFT_OPEN = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
)
REFUSES_COMMIT = """
CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
CREATE CONSTRAINT TRIGGER refused AFTER INSERT ON exam_change DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION refuse_commit()
"""
"""A rule that is asked only when everything is written and the transaction is to become true."""


def _changes_of(listed: Listed, who: int) -> int:
    with unit_of_work():
        return db.session.execute(
            text("SELECT count(*) FROM exam_change WHERE candidate_id = :who"), {"who": listed.candidates[who]}
        ).scalar_one()


def test_changes_by_other_writers_count_in_the_answer(own, writer, tmp_path: Path) -> None:
    """Two processes, each with its own writer: neither needs the other to tell true ranks."""
    app, listed = own
    other = ChoiceWriter(app.app_context, Boards(tmp_path))
    writer(listed.session, wish(listed, 59, 2))
    other(listed.session, wish(listed, 50, 2))
    _, standing = writer(listed.session, wish(listed, 55, 2))
    _, lower = writer(listed.session, wish(listed, 59, 2))
    assert lower["rank"] > standing["rank"] > 1


def test_the_writer_s_thread_is_started_again_if_it_died(own, writer) -> None:
    _, listed = own
    writer(listed.session, wish(listed, 1, 0))
    writer._thread = threading.Thread(target=lambda: None)
    assert writer(listed.session, wish(listed, 1, 1))[0].refused is None
