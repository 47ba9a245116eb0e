"""Choices are judged at their arrival, under their band's lock, and the record replays to what is held (A54-A56, P3)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.close_band import close_band, frozen_set
from backend.zhongkao.command_session import BandClosed, extend_band, pause_session, resume_session
from backend.zhongkao.give_standing_order import give_standing_order, standing_order_of
from backend.zhongkao.refusals import ChoiceLocked
from backend.zhongkao.rows import ExamChange, ExamChoice, ExamClosing
from backend.zhongkao.rules.admission import admission_input, run_admission
from backend.zhongkao.session_value import events_of, session_value
from backend.zhongkao.take_reading import columns_at
from backend.zhongkao.wishes import Wish
from tests.exam_builders import at, band, exam_official, listed_session, set_clock, wish


def held(session_id: int, candidate_id: int) -> int | None:
    """The unit that the candidate holds."""
    return db.session.get_one(ExamChoice, (session_id, candidate_id), populate_existing=True).unit_id


@pytest.mark.usefixtures("app")
def test_the_window_of_a_band_is_half_open_and_locks_hold_from_their_instant() -> None:
    """T-1.3: 599 changes until 11:59:59.999; 600 at 11:00:00.000 is too late; no delete from 10:00, no first from 10:30."""
    session, (high, low, late), units = listed_session({"X": 1, "Y": 1}, [650, 599, 598])
    assert wish(session, high, units["X"], "08:00").refused is None
    assert wish(session, low, units["X"], "09:00").receipt is not None
    assert wish(session, low, None, "10:00").refused == "locked"
    assert wish(session, late, units["Y"], "10:30").refused == "locked"
    assert wish(session, low, units["Y"], "10:30").refused is None
    assert wish(session, high, units["Y"], "10:59:59.999").refused is None
    assert wish(session, high, units["X"], "11:00").refused == "outside-band-window"
    assert wish(session, low, units["X"], "11:59:59.999").refused is None
    assert wish(session, low, None, "07:59:59.999").refused == "outside-band-window"
    assert held(session.id, high.id) == units["Y"].id


@pytest.mark.usefixtures("app")
def test_every_judged_wish_is_in_the_log_and_the_log_is_never_changed() -> None:
    """A55: refused wishes stand beside the accepted ones, so that a complaint can be answered."""
    session, (one,), units = listed_session({"X": 1}, [650])
    wish(session, one, units["X"], "09:00")
    wish(session, one, None, "10:15")
    rows = db.session.execute(select(ExamChange.action, ExamChange.refused, ExamChange.version)).all()
    assert [tuple(row) for row in rows] == [("choose", None, 1), ("clear", "locked", 1)]
    with pytest.raises(DBAPIError), db.session.begin_nested():
        db.session.execute(ExamChange.__table__.update().values(version=7))  # type: ignore[attr-defined]


@pytest.mark.usefixtures("app")
def test_a_batch_is_the_same_as_its_wishes_one_by_one() -> None:
    """Several wishes of several candidates in one transaction, also several of one candidate."""
    session, (one, two), units = listed_session({"X": 1, "Y": 1}, [650, 590])
    wishes = [
        Wish(one.id, "choose", units["X"].id, at("09:00")),
        Wish(two.id, "clear", None, at("09:00:00.001")),
        Wish(two.id, "choose", units["X"].id, at("09:00:00.002")),
        Wish(one.id, "choose", units["Y"].id, at("09:00:00.003")),
        Wish(one.id, "choose", 0, at("09:00:00.004")),
        Wish(0, "choose", units["X"].id, at("09:00:00.005")),
    ]
    with unit_of_work():
        kept = keep_wishes(db.session.connection(), ground_of(db.session.connection(), session.id), wishes)
    assert [answer.refused for answer in kept] == [
        None,
        "nothing-to-clear",
        None,
        None,
        "unknown-unit",
        "unknown-candidate",
    ]
    assert [answer.version for answer in kept] == [1, 0, 1, 2, 2, 0]
    assert (held(session.id, one.id), held(session.id, two.id)) == (units["Y"].id, units["X"].id)
    ids = [answer.change_id for answer in kept if answer.change_id]
    assert ids == sorted(ids)


@pytest.mark.usefixtures("app")
def test_a_repeated_key_is_one_change_and_another_wish_under_it_is_refused() -> None:
    """P9: the same request gives the same receipt and one effect."""
    session, (one,), units = listed_session({"X": 1, "Y": 1}, [650])
    first = wish(session, one, units["X"], "09:00", request_key="k1")
    again = wish(session, one, units["X"], "09:00:01", request_key="k1")
    assert (again.receipt, again.repeated, again.version) == (first.receipt, True, 1)
    assert wish(session, one, units["Y"], "09:00:02", request_key="k1").refused == "request-key-reused"
    assert db.session.execute(select(func.count()).select_from(ExamChange)).scalar_one() == 1


@pytest.mark.usefixtures("app")
def test_a_wish_that_is_overtaken_by_a_later_one_is_not_kept() -> None:
    """Order of arrival decides, not of processing: the log in the order of arrival gives what is held."""
    session, (one,), units = listed_session({"X": 1, "Y": 1}, [650])
    wish(session, one, units["X"], "09:00:00.002")
    assert wish(session, one, units["Y"], "09:00:00.001").refused == "overtaken"
    assert held(session.id, one.id) == units["X"].id


@pytest.mark.usefixtures("app")
def test_closing_freezes_what_was_acknowledged_and_nothing_enters_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """P3: a wish in time that comes to the record after the closing is told so with a 5xx, never kept, never lost silently."""
    session, (one, two), units = listed_session({"X": 1, "Y": 1}, [650, 640])
    wish(session, one, units["X"], "10:29:59.999")
    set_clock(monkeypatch, "11:00:06")
    with unit_of_work():
        close_band(band(session, 0).id)
    closing = db.session.execute(select(ExamClosing)).scalar_one()
    assert (closing.holders, closing.changes) == (1, 1)
    assert [row["unit"] for row in frozen_set(band(session, 0))] == ["X"]
    assert wish(session, two, units["Y"], "10:59:59.500").refused == "closed-before-kept"
    assert held(session.id, two.id) is None
    with unit_of_work():
        close_band(band(session, 0).id)
    assert db.session.execute(select(func.count()).select_from(ExamClosing)).scalar_one() == 1


@pytest.mark.usefixtures("app")
def test_a_lower_band_never_closes_before_a_higher_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-1.4: bands close from the top, whatever order the workers wake in."""
    session, _, _ = listed_session({"X": 1}, [650, 500])
    set_clock(monkeypatch, "12:00:06")
    with unit_of_work():
        close_band(band(session, 1).id)
    first, second = db.session.execute(select(ExamClosing).order_by(ExamClosing.id)).scalars()
    assert (first.band_id, second.band_id) == (band(session, 0).id, band(session, 1).id)
    db.session.refresh(session)
    assert session.state == "closed"


@pytest.mark.usefixtures("app")
def test_an_extension_shifts_what_follows_and_a_closed_band_is_not_extended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domain 1.6-2: the exam office extends a band, audited; later bands shift; the early closing task does nothing."""
    session, (high, _), units = listed_session({"X": 1}, [650, 500])
    official = exam_official()
    with unit_of_work():
        extend_band(official, session, 0, 30, "系统拥堵")
    assert band(session, 0).close_at == at("11:30")
    assert band(session, 1).close_at == at("12:30")
    assert band(session, 1).open_at == at("08:00")
    set_clock(monkeypatch, "11:00:06")
    with unit_of_work():
        close_band(band(session, 0).id)
    assert band(session, 0).closed_at is None
    assert wish(session, high, units["X"], "10:20").refused is None
    set_clock(monkeypatch, "11:30:06")
    with unit_of_work():
        close_band(band(session, 0).id)
    with pytest.raises(BandClosed), unit_of_work():
        extend_band(official, session, 0, 30, "再延长")


@pytest.mark.usefixtures("app")
def test_the_locks_of_an_extended_band_and_of_later_ones_move_with_the_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domain 1.6-2: who was locked out while the service was unwell has the same last minutes as was promised; audited."""
    session, (high, late, low), units = listed_session({"X": 1, "Y": 1}, [650, 640, 500])
    wish(session, high, units["X"], "09:00")
    assert wish(session, high, None, "10:10").refused == "locked"
    assert wish(session, late, units["Y"], "10:40").refused == "locked"
    set_clock(monkeypatch, "10:50")
    with unit_of_work():
        extend_band(exam_official(), session, 0, 30, "系统拥堵")
    for number in (0, 1):
        assert (band(session, number).no_clear_from, band(session, number).no_first_from) == (at("10:30"), at("11:00"))
    assert wish(session, high, None, "10:29:59.999").refused is None
    assert wish(session, late, units["Y"], "10:55").refused is None
    assert wish(session, low, units["X"], "10:59:59.999").refused is None
    assert wish(session, high, units["X"], "11:00").refused == "locked"
    value = session_value(session)
    replayed = run_admission(admission_input(value, events_of(session, value)))["candidates"]
    assert [one["unit"] for one in replayed] == [None, "Y", "X"]
    told = db.session.execute(select(AuditRow).where(AuditRow.action == "exam-band.extended")).scalar_one()
    assert (told.facts["minutes"], told.reason) == (30, "系统拥堵")


@pytest.mark.usefixtures("app")
def test_a_pause_stops_choosing_and_keeps_the_request_key_free() -> None:
    """The same request succeeds once choosing goes on."""
    session, (one,), units = listed_session({"X": 1}, [650])
    official = exam_official()
    with unit_of_work():
        pause_session(official, session, "停电")
    assert wish(session, one, units["X"], "09:00", request_key="k").refused == "paused"
    with unit_of_work():
        resume_session(official, session, "恢复供电")
    assert wish(session, one, units["X"], "09:05", request_key="k").refused is None


@pytest.mark.usefixtures("app")
def test_standing_orders_move_their_candidates_and_decide_at_the_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wish 5: nobody sits awake; a place that falls free in the last second is taken by whoever's list names it."""
    session, (high, middle, low), units = listed_session({"Z": 1, "W": 1}, [690, 650, 640])
    wish(session, high, units["Z"], "09:00")
    with unit_of_work():
        give_standing_order(middle, session, ["Z", "W"], at("09:01"))
        give_standing_order(low, session, ["Z", "W"], at("09:02"))
    assert held(session.id, middle.id) == units["W"].id
    assert wish(session, high, units["W"], "10:59:59.999").refused is None
    set_clock(monkeypatch, "11:00:06")
    with unit_of_work():
        close_band(band(session, 0).id)
    assert held(session.id, middle.id) == units["Z"].id
    assert held(session.id, low.id) == units["Z"].id
    sources = db.session.execute(
        select(ExamChange.source).where(ExamChange.candidate_id == middle.id).order_by(ExamChange.id)
    ).scalars()
    assert set(sources) == {"standing-order"}


@pytest.mark.usefixtures("app")
def test_a_list_counts_on_no_place_that_somebody_better_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose list leads nowhere keeps what he holds; who stands behind him is moved past that place, not into it."""
    session, (best, high, low), units = listed_session({"X": 1, "U": 1, "V": 1}, [690, 650, 640])
    wish(session, best, units["X"], "09:00")
    wish(session, high, units["U"], "09:00")
    with unit_of_work():
        give_standing_order(high, session, ["X"], at("09:01"))
        give_standing_order(low, session, ["U", "V"], at("09:02"))
    set_clock(monkeypatch, "11:00:06")
    with unit_of_work():
        close_band(band(session, 0).id)
    assert held(session.id, high.id) == units["U"].id
    assert held(session.id, low.id) == units["V"].id


@pytest.mark.usefixtures("app")
def test_a_list_left_before_the_last_first_choice_is_moved_however_late_the_round_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A list given in a pause before nothing new may be begun still enters; one that could not is refused at once."""
    session, (early, late), units = listed_session({"X": 1, "Y": 1}, [650, 640])
    official = exam_official()
    set_clock(monkeypatch, "10:28")
    with unit_of_work():
        pause_session(official, session, "停电")
        give_standing_order(early, session, ["X"], at("10:29"))
    assert held(session.id, early.id) is None
    with pytest.raises(ChoiceLocked), unit_of_work():
        give_standing_order(late, session, ["X", "Y"], at("10:30"))
    set_clock(monkeypatch, "11:00:06")
    with unit_of_work():
        close_band(band(session, 0).id)
    assert held(session.id, early.id) == units["X"].id
    assert held(session.id, late.id) is None


@pytest.mark.usefixtures("app")
def test_choosing_by_hand_takes_the_standing_order_back() -> None:
    """What the candidate does himself is not undone by his list."""
    session, (one,), units = listed_session({"X": 1, "Y": 1}, [650])
    with unit_of_work():
        give_standing_order(one, session, ["X"], at("09:00"))
    assert standing_order_of(one.id, session.id) is not None
    wish(session, one, units["Y"], "09:01")
    assert standing_order_of(one.id, session.id) is None
    assert held(session.id, one.id) == units["Y"].id


@pytest.mark.usefixtures("app")
def test_statistics_count_the_wishes_that_arrived_before_their_time() -> None:
    """A52 and T-1.2: seven columns; a wish of the very instant is not in."""
    session, (one, two), units = listed_session({"X": 1, "Y": 3}, [650, 640])
    wish(session, one, units["X"], at("09:00") - timedelta(milliseconds=1))
    wish(session, two, units["X"], "09:00")
    columns = {row["unit"]: row for row in columns_at(session, at("09:00"))}
    assert (columns["X"]["chosen"], columns["X"]["lowest_at_plan"]) == (1, "650")
    assert (columns["Y"]["chosen"], columns["Y"]["missing"], columns["Y"]["lowest_at_plan"]) == (0, 3, None)


def test_two_closings_of_one_band_cannot_stand(app: Application) -> None:
    """The closing is one row a band, by the schema."""
    assert app is not None
    assert any(column.unique for column in ExamClosing.__table__.columns if column.name == "band_id")
