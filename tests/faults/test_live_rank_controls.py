"""Negative controls of the exam's promises: with the protection taken away, the very checks of the trials find the fault (P1, P3, P18).

Each test runs the same story twice, as the service does it and without its protection; kills are told as what they
leave: a transaction that never came to its commit.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from board_builders import Listed, list_session
from database_of_its_own import own_app
from sqlalchemy import Connection, text

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao import change_choice, close_band
from backend.zhongkao.board import record
from backend.zhongkao.board.boards import Boards
from backend.zhongkao.board.engine import Engine
from backend.zhongkao.board.standing import standing_of
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.rows import StandingOrder
from backend.zhongkao.wishes import Kept, Wish
from tests.live_city import LiveCity
from tests.live_phones import Answer
from tests.trials.closings import GRACE_SECONDS, Closing, broken_promises
from tests.trials.crowd import Trial
from tests.trials.kill_checks import lost_or_doubled, untrue, wrongly_closed

TOTALS = [60000 - 100 * who for who in range(8)]
PLANS = [2, 2]
MOMENT = timedelta(milliseconds=500)


@pytest.fixture
def own(services) -> Iterator[Application]:
    """A record of the test's own: what a control spoils is thrown away with it."""
    with own_app(services, f"live_rank_controls_{secrets.token_hex(4)}") as (app, _), app.app_context():
        yield app


def city(app: Application, *, closed_for: timedelta | None = None) -> tuple[LiveCity, Listed]:
    """A listed session, open now, or whose close was so long ago; `closed_for` leaves the closing still to come."""
    closes = None if closed_for is None else clock.now() - closed_for
    with unit_of_work():
        code = f"general-{time.monotonic_ns()}"
        listed = list_session(
            db.session.connection(), TOTALS, PLANS, closes=closes, code=code, grace_seconds=GRACE_SECONDS
        )
    return LiveCity(app, {}, Path(), listed=listed), listed


def wish(listed: Listed, who: int, unit: int, key: str, **more: Any) -> Wish:
    return Wish(
        listed.candidates[who], "choose", listed.units[unit], **{"arrived_at": clock.now(), "request_key": key} | more
    )


def keep(connection: Connection, listed: Listed, asked: Wish) -> Kept:
    return keep_wishes(connection, ground_of(connection, listed.session), [asked])[0]


def answer(kept: Kept, key: str) -> Answer:
    """What the phone is told."""
    said = {"receipt": kept.receipt, "version": kept.version} if kept.refused is None else {"code": kept.refused}
    return Answer(200 if kept.refused is None else 409, said, key, 1)


def test_an_answer_before_the_commit_is_found_lost(own) -> None:
    """P1: whoever answers first and is killed before the commit has told somebody of a change that is not there."""
    where, listed = city(own)
    trial = Trial()
    with db.engine.connect() as connection:
        with connection.begin():
            unit = ground_of(connection, listed.session).units[listed.units[0]].code
            kept = keep(connection, listed, wish(listed, 0, 0, "kept"))
        trial.acks.append((0, unit, answer(kept, "kept")))
        assert lost_or_doubled(where, trial) == []
        began = connection.begin()
        trial.acks.append((1, unit, answer(keep(connection, listed, wish(listed, 1, 0, "lost")), "lost")))
        began.rollback()
    (fault,) = lost_or_doubled(where, trial)
    assert "kept None" in fault


def test_without_its_key_a_wish_sent_again_is_found_twice(own, monkeypatch) -> None:
    """P1, exactly once: the key that was answered is looked for, and the index lets no second one in."""
    where, listed = city(own)

    def twice(key: str) -> None:
        for _ in range(2):
            with unit_of_work():
                keep(db.session.connection(), listed, wish(listed, 2, 1, key))

    twice("once")
    assert lost_or_doubled(where, Trial()) == []
    looked_for = change_choice.answered_earlier
    monkeypatch.setattr(change_choice, "answered_earlier", lambda _: looked_for([]))
    with unit_of_work():
        db.session.execute(text("DROP INDEX uq_exam_change_key"))
    twice("double")
    assert lost_or_doubled(where, Trial()) == ["key double stands 2 times"]


def closing_amid_a_slow_wish(app: Application) -> list[str]:
    """What P3 forbids, after a wish in time whose transaction is still under way when the band is closed."""
    where, listed = city(app, closed_for=timedelta(seconds=GRACE_SECONDS + 1))
    with unit_of_work():
        close_at = db.session.execute(text("SELECT max(close_at) FROM exam_band")).scalar_one()
    closing = Closing(listed.session, listed.bands[0], close_at.timestamp())
    arrived = close_at - MOMENT
    with db.engine.connect() as slow:
        began = slow.begin()
        kept = keep(slow, listed, wish(listed, 3, 0, "slow", arrived_at=arrived))
        closer = threading.Thread(target=closer_of(app, listed))
        closer.start()
        closer.join(timeout=2)
        began.commit()
        closer.join(timeout=30)
    closing.wishes.append((3, arrived.timestamp(), answer(kept, "slow")))
    return broken_promises(where, closing)


def closer_of(app: Application, listed: Listed) -> Callable[[], None]:
    """The closing task of the session's band, in a thread of its own."""

    def run() -> None:
        with app.app_context(), unit_of_work():
            close_band.close_band(listed.bands[0])

    return run


def test_without_the_lock_a_wish_enters_after_the_closing_event(own, monkeypatch) -> None:
    """P3: arrival alone does not keep a slow wish out of a set that was frozen already."""
    assert closing_amid_a_slow_wish(own) == []
    monkeypatch.setattr(close_band, "hold_band_alone", lambda *_: None)
    assert any("entered after the closing event" in fault for fault in closing_amid_a_slow_wish(own))


@pytest.mark.parametrize(
    ("stamped", "arrives", "fault"),
    [
        (timedelta(seconds=1), -MOMENT, "ms before the close: outside-band-window"),
        (timedelta(seconds=-5), MOMENT, "arrived at the close or later and was told that it was accepted"),
    ],
    ids=["stamped-when-processed", "stamped-by-a-slow-clock"],
)
def test_judged_by_another_time_than_its_arrival_a_wish_is_found_wronged(
    own, stamped: timedelta, arrives: timedelta, fault: str
) -> None:
    """P3: neither the moment of processing nor a host's own clock may decide; the arrival does."""
    where, listed = city(own, closed_for=timedelta(seconds=GRACE_SECONDS + 1))
    with unit_of_work():
        close_at = db.session.execute(text("SELECT max(close_at) FROM exam_band")).scalar_one()
    found = {}
    for who, off in enumerate((timedelta(0), stamped)):
        closing, arrived = Closing(listed.session, listed.bands[0], close_at.timestamp()), close_at + arrives
        with unit_of_work():
            kept = keep(db.session.connection(), listed, wish(listed, who, 0, f"k{who}", arrived_at=arrived + off))
        closing.wishes.append((who, arrived.timestamp(), answer(kept, f"k{who}")))
        found[who] = closing
    with unit_of_work():
        close_band.close_band(listed.bands[0])
    assert broken_promises(where, found[0]) == []
    assert [told for told in broken_promises(where, found[1]) if fault in told]


def test_a_follower_by_number_shows_an_untrue_rank(own, tmp_path, monkeypatch) -> None:
    """P18: transactions commit in another order than they begin; who reads only on from the newest misses one for good."""
    where, listed = city(own)

    def shown_after_a_late_commit(folder: Path, first: int) -> list[str]:
        engine, trial = Engine(folder), Trial()
        engine.tick()
        with db.engine.connect() as slow:
            began = slow.begin()
            keep(slow, listed, wish(listed, first, 0, f"slow-{first}"))
            with unit_of_work():
                keep(db.session.connection(), listed, wish(listed, first + 1, 0, f"quick-{first}"))
            engine.tick()
            began.commit()
        with unit_of_work():
            keep(db.session.connection(), listed, wish(listed, first + 2, 0, f"later-{first}"))
        engine.tick()
        boards = Boards(folder)
        for who in range(first, first + 3):
            seat = boards.seat(listed.candidates[who])
            assert seat is not None
            trial.shown.append((who, who, standing_of(seat)))
        return untrue(where, trial)

    assert shown_after_a_late_commit(tmp_path / "as-it-is", 0) == []
    monkeypatch.setattr(record.Look, "horizon", property(lambda look: int(look.cut.split(":")[1])))
    assert shown_after_a_late_commit(tmp_path / "by-number", 4)


def test_another_s_rank_or_an_older_version_is_found(own, tmp_path) -> None:
    """P18: to its owner only, and never back in time."""
    where, listed = city(own)
    engine, boards = Engine(tmp_path), Boards(tmp_path)
    told = []
    for who in range(2):
        with unit_of_work():
            keep(db.session.connection(), listed, wish(listed, who, 0, f"k{who}"))
        engine.tick()
        seat = boards.seat(listed.candidates[0])
        assert seat is not None
        told.append(standing_of(seat))
    assert untrue(where, Trial(shown=[(0, 0, one) for one in told])) == []
    assert untrue(where, Trial(shown=[(0, 1, told[1])]))
    assert untrue(where, Trial(shown=[(0, 0, one) for one in reversed(told)]))


@pytest.mark.parametrize("is_moved", [True, False])
def test_a_list_that_is_not_moved_at_the_closing_is_found_passed_over(own, monkeypatch, *, is_moved: bool) -> None:
    """Wish 5: the round at the closing is the one that decides; nobody may be left behind an empty place."""
    where, listed = city(own, closed_for=timedelta(seconds=GRACE_SECONDS + 1))
    given = clock.now() - timedelta(minutes=5)
    with unit_of_work():
        order = StandingOrder(candidate_id=listed.candidates[0], units=listed.units, given_at=given)
        order.session_id = listed.session
        db.session.add(order)
    if not is_moved:
        monkeypatch.setattr(close_band, "move_lists", lambda *_: [])
    with unit_of_work():
        close_band.close_band(listed.bands[0])
    assert [fault.endswith(f"passed over in {listed.units[0]}") for fault in wrongly_closed(where)] == (
        [] if is_moved else [True, False]
    )
