"""The worked examples of live choosing: ranks with ties, windows, locks, refusals, statistics."""

from exam_sessions import HOUR, band, choose, clear, lock, ranks, session_of

from backend.zhongkao.rules.replay import replay
from backend.zhongkao.rules.session import Candidate, Event, Unit


def test_ranks_run_one_two_two_two_five() -> None:
    """T-1.1: the level ones share a rank, all of them are admitted at the last place, and the next is fifth."""
    scores = {"A": 60000, "B": 59000, "C": 59000, "D": 59000, "E": 58500}
    session = session_of([Candidate(*one) for one in scores.items()], [Unit("X", 3)], readings=[50])
    outcome = replay(session, [choose(1, name, "X") for name in "EDCBA"])
    assert ranks(outcome) == {
        "A": (1, 1, True),
        "B": (2, 3, True),
        "C": (2, 3, True),
        "D": (2, 3, True),
        "E": (5, 1, False),
    }
    assert outcome.units[0].admitted == ["A", "B", "C", "D"]
    lowest = outcome.readings[0][1][0].lowest_inside
    assert lowest is not None
    assert lowest.total == 59000


def test_the_ties_decide_from_the_left_before_anybody_is_level() -> None:
    """1.3: equal totals are parted by the subject sums; only who is equal in all shares the rank."""
    session = session_of(
        [Candidate("A", 600, (300, 120)), Candidate("B", 600, (301, 100)), Candidate("C", 600, (300, 120))],
        [Unit("X", 2)],
    )
    outcome = replay(session, [choose(1, name, "X") for name in "ABC"])
    assert ranks(outcome) == {"B": (1, 1, True), "A": (2, 2, True), "C": (2, 2, True)}


def test_a_missing_tie_breaker_counts_below_every_score() -> None:
    session = session_of([Candidate("A", 600, ()), Candidate("B", 600, (0,))], [Unit("X", 1)])
    assert list(ranks(replay(session, [choose(1, "A", "X"), choose(1, "B", "X")]))) == ["B", "A"]


def test_a_band_is_closed_at_its_close_and_open_at_its_open() -> None:
    """T-1.3, T-1.10: windows are [open, close) to the millisecond."""
    session = session_of(
        [Candidate("H", 67000), Candidate("L", 66900)],
        [Unit("X", 1)],
        [band(67000, None, 8 * HOUR, 11 * HOUR), band(None, 67000, 8 * HOUR, 12 * HOUR)],
    )
    moments = [8 * HOUR - 1, 8 * HOUR, 11 * HOUR - 1, 11 * HOUR]
    outcome = replay(session, [choose(at, name, "X") for at in moments for name in "HL"])
    closed = "outside-band-window"
    assert outcome.verdicts == [closed, closed, None, None, None, None, closed, None]


def test_locks_add_up_and_hold_from_their_own_instant() -> None:
    """1.1: from 10:00 nobody deletes, from 10:30 nobody enters for the first time, changing goes on."""
    session = session_of(
        [Candidate("A", 1), Candidate("B", 1)],
        [Unit("X", 1), Unit("Y", 1)],
        locks=[lock(10, "clear"), lock(20, "first")],
    )
    events = [choose(1, "A", "X"), clear(9, "A"), choose(9, "A", "X"), clear(10, "A"), choose(19, "A", "Y")]
    events += [clear(20, "A"), choose(20, "B", "X"), choose(20, "A", "X"), choose(21, "A", "X")]
    assert replay(session, events).verdicts == [None, None, None, "locked", None, "locked", "locked", None, None]


def test_a_lock_of_one_band_leaves_the_others_free() -> None:
    bands = [band(5, None, 0, 99), band(None, 5, 0, 99)]
    session = session_of([Candidate("H", 9), Candidate("L", 1)], [Unit("X", 1)], bands, [lock(0, "first", of=0)])
    assert replay(session, [choose(1, "H", "X"), choose(1, "L", "X")]).verdicts == ["locked", None]


def test_refusals_are_told_in_the_listed_order() -> None:
    """Contract 4: unknown candidate, unknown unit, outside the window, locked, nothing to clear."""
    session = session_of(
        [Candidate("A", 5), Candidate("Z", 0)],
        [Unit("X", 1)],
        [band(1, None, 5, 9)],
        [lock(6, "clear", "first")],
    )
    asked = [choose(0, "?", "?"), choose(0, "A", "?"), choose(0, "A", "X"), choose(6, "A", "X"), clear(6, "A")]
    asked += [clear(5, "A"), choose(6, "Z", "X"), Event(5, 0, "A", "clear", "?"), Event(0, 0, "?", "clear", "X")]
    assert replay(session, asked).verdicts == [
        "unknown-candidate",
        "unknown-unit",
        "outside-band-window",
        "locked",
        "locked",
        "nothing-to-clear",
        "outside-band-window",
        "nothing-to-clear",
        "unknown-candidate",
    ]


def test_choosing_another_unit_leaves_the_first_at_that_moment() -> None:
    """T-1.6: Q moves from M to N, and everyone lower in M gains a rank."""
    session = session_of([Candidate("Q", 9), Candidate("R", 5)], [Unit("M", 1), Unit("N", 1)], readings=[2, 4])
    outcome = replay(session, [choose(1, "Q", "M"), choose(1, "R", "M"), choose(3, "Q", "N")])
    assert [[unit.chosen for unit in units] for _, units in outcome.readings] == [[2, 0], [1, 1]]
    assert ranks(outcome) == {"R": (1, 1, True)}


def test_a_unit_without_places_admits_nobody_and_has_no_lowest() -> None:
    session = session_of([Candidate("A", 1)], [Unit("X", 0)], readings=[9])
    outcome = replay(session, [choose(1, "A", "X")])
    assert outcome.units[0].admitted == []
    assert outcome.readings[0][1][0].lowest_inside is None
    assert outcome.readings[0][1][0].vacant == 0


def test_a_statistic_leaves_out_the_events_of_its_own_instant() -> None:
    """T-1.2 and contract 4: [.., at): 37 of 40 chosen leave 3 vacant, and the event at the very time is not counted."""
    names = [f"N{number:02}" for number in range(38)]
    session = session_of([Candidate(name, 500) for name in names], [Unit("X", 40)], readings=[7])
    events = [choose(6, name, "X") for name in names[:37]] + [choose(7, names[37], "X")]
    unit = replay(session, events).readings[0][1][0]
    assert (unit.chosen, unit.vacant, unit.lowest_inside) == (37, 3, None)


def test_holding_a_seat_for_a_friend_fails_where_bands_close_early() -> None:
    """T-1.16: with one deadline the friend slips in; with bands the seat stands empty for hours and the best takes it."""
    people = [Candidate("H", 650), Candidate("M", 610), Candidate("L", 560)]
    units = [Unit("Z", 1), Unit("V", 9)]
    late = [choose(1, "H", "Z"), choose(1, "M", "V"), choose(99, "H", "V"), choose(99, "L", "Z")]
    assert replay(session_of(people, units, [band(None, None, 0, 100)]), late).units[0].admitted == ["L"]
    bands = [band(640, None, 0, 10), band(600, 640, 0, 20), band(None, 600, 0, 100)]
    early = [choose(1, "H", "Z"), choose(1, "M", "V"), choose(9, "H", "V"), choose(15, "M", "Z"), choose(99, "L", "Z")]
    assert replay(session_of(people, units, bands), early).units[0].admitted == ["M"]
