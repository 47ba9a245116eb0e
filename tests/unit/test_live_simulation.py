"""Either engine simulated from the other's lists: with looks enough the same, with few some are too late (domain 1.6)."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.live_simulation import live_outcome
from backend.zhongkao.rules.parallel import blocking_pairs, parallel_outcome
from backend.zhongkao.rules.session import Band, Candidate, Session, Unit

UNITS = {"X": 1, "Y": 1, "Z": 2}
MANY = 60


def session_of(totals: Mapping[str, int], bands: list[tuple[int | None, int | None]]) -> Session:
    """A session with these totals; only the bands' bounds matter here."""
    return Session(
        tuple(Candidate(name, total, ()) for name, total in totals.items()),
        tuple(Unit(unit, plan) for unit, plan in UNITS.items()),
        tuple(Band(low, below, 0, number, "", "") for number, (low, below) in enumerate(bands, 1)),
        (),
        (),
    )


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_with_looks_enough_live_choosing_is_one_run_over_the_lists(data: st.DataObject) -> None:
    """With one band or with several closing from the top, with equals or without."""
    totals = {f"C{n}": total for n, total in enumerate(data.draw(st.lists(st.integers(1, 8), min_size=1, max_size=7)))}
    lists = {name: data.draw(st.permutations(sorted(UNITS)))[: data.draw(st.integers(0, 3))] for name in totals}
    bands = data.draw(st.sampled_from([[(None, None)], [(6, None), (3, 6), (None, 3)]]))
    session = session_of(totals, bands)
    found = live_outcome(session, lists, MANY)
    assert found == parallel_outcome(session, lists)
    assert blocking_pairs(session, lists, found) == []


def test_with_one_look_all_go_for_the_same_place_and_it_is_too_late() -> None:
    """Three want X; they look once, each sees a free place, two stand outside, though Y and Z are free."""
    session = session_of({"A": 7, "B": 6, "C": 5}, [(None, None)])
    lists = {name: ["X", "Y", "Z"] for name in "ABC"}
    assert live_outcome(session, lists, 1) == {"A": "X", "B": None, "C": None}
    assert live_outcome(session, lists, 2) == {"A": "X", "B": "Y", "C": None}
    assert live_outcome(session, lists, 3) == {"A": "X", "B": "Y", "C": "Z"}


def test_bands_from_the_top_need_fewer_looks() -> None:
    """A close after each of the three spreads them out."""
    lists = {name: ["X", "Y", "Z"] for name in "ABC"}
    session = session_of({"A": 7, "B": 6, "C": 5}, [(7, None), (6, 7), (None, 6)])
    assert live_outcome(session, lists, 1) == {"A": "X", "B": "Y", "C": "Z"}
