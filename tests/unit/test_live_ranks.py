"""The live rank's engine equals the rules of the exam's replay, in every state that choices can lead to (A54, contract 4)."""

import numpy as np
import pytest
from exam_sessions import choose, clear, ranks, session_of
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.live_ranks import (
    NOBODY,
    Choices,
    Counts,
    GlobalOrder,
    TooManyUnits,
    all_ranks,
    global_order,
)
from backend.zhongkao.rules.replay import Holdings, replay
from backend.zhongkao.rules.session import Candidate, Session, Unit
from backend.zhongkao.rules.standing import Place
from backend.zhongkao.rules.unit_lists import UnitLists

SCORES = st.integers(0, 4).map(lambda score: score * 50)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    ties = st.lists(SCORES, max_size=2).map(tuple)
    scores = draw(st.lists(st.tuples(SCORES, ties), min_size=1, max_size=14))
    plans = draw(st.lists(st.integers(0, 4), min_size=1, max_size=4))
    people = [Candidate(f"C{number}", total, tie) for number, (total, tie) in enumerate(scores)]
    return session_of(people, [Unit(f"U{number}", plan) for number, plan in enumerate(plans)])


@st.composite
def lived(draw: st.DrawFn) -> tuple[Session, list]:
    session = draw(sessions())
    who = st.sampled_from([candidate.id for candidate in session.candidates])
    what = st.sampled_from([unit.id for unit in session.units])
    chosen = st.builds(lambda person, unit: choose(1, person, unit), who, what)
    return session, draw(st.lists(chosen | st.builds(lambda person: clear(1, person), who), max_size=40))


def state_of(session: Session, held: dict[str, str]) -> tuple[GlobalOrder, dict[str, int], Counts, Choices]:
    order = global_order(session.candidates)
    number = {unit.id: index for index, unit in enumerate(session.units, start=1)}
    plan = np.array([0, *(unit.plan for unit in session.units)], dtype=np.uint32)
    choice = np.array([number.get(held.get(name, ""), 0) for name in order.ids], dtype=np.uint16)
    return order, number, plan, choice


@settings(max_examples=100, deadline=None)
@given(lived())
def test_every_rank_is_the_one_of_the_replay(session_and_events) -> None:
    session, events = session_and_events
    outcome = replay(session, events)
    order, number, plan, choice = state_of(session, outcome.held)
    found = all_ranks(choice, order.level_from, plan)
    places = {name: place for result in outcome.units for name, place in result.places.items()}
    for position, name in enumerate(order.ids):
        place = places.get(name, Place(0, 0, False))
        assert (found.rank[position], found.level_with[position]) == (place.rank, place.level_with)
        assert (0 < found.rank[position] <= plan[choice[position]]) == place.admitted
    reading = Holdings(session)
    reading.held = outcome.held
    for result, told in zip(outcome.units, reading.reading(), strict=True):
        unit = number[result.unit.id]
        assert found.chosen[unit] == told.chosen
        assert found.admitted[unit] == len(result.admitted)
        held = found.holders[found.starts[unit] : found.starts[unit + 1]]
        assert [order.ids[position] for position in held] == list(result.places)
        lowest = int(found.lowest[unit])
        assert (lowest == NOBODY) is (told.lowest_inside is None)
        if told.lowest_inside is not None:
            there = next(one for one in session.candidates if one.id == order.ids[lowest])
            assert (there.total, there.ties) == (told.lowest_inside.total, told.lowest_inside.ties) or (
                order.level_from[lowest] == order.level_from[order.ids.index(told.lowest_inside.id)]
            )


@settings(max_examples=100, deadline=None)
@given(lived())
def test_a_place_kept_up_change_by_change_is_the_one_recomputed(session_and_events) -> None:
    session, events = session_and_events
    order, number, plan, nothing = state_of(session, {})
    lists = UnitLists(
        order.level_from, order.level_to, plan.tolist(), all_ranks(nothing, order.level_from, plan), nothing
    )
    holdings = Holdings(session)
    for event in events:
        if holdings.take(event) is not None:
            continue
        position = order.ids.index(event.candidate)
        unit = number[event.unit] if event.action == "choose" else 0
        lists.move(position, unit)
        found = all_ranks(state_of(session, holdings.held)[3], order.level_from, plan)
        assert lists.unit_of(position) == unit
        if unit:
            rank, level_with = int(found.rank[position]), int(found.level_with[position])
            assert lists.place(position, unit) == Place(rank, level_with, rank <= plan[unit])
            assert lists.chosen(unit) == found.chosen[unit]
            assert (NOBODY if lists.lowest(unit) is None else lists.lowest(unit)) == found.lowest[unit]


@settings(max_examples=60, deadline=None)
@given(lived(), st.data())
def test_what_would_be_is_what_is_after_the_move(session_and_events, data) -> None:
    """The what-if rank of a unit is the rank that the candidate has once he holds it and nobody else moves."""
    session, events = session_and_events
    held = replay(session, events).held
    order, number, plan, choice = state_of(session, held)
    lists = UnitLists(
        order.level_from, order.level_to, plan.tolist(), all_ranks(choice, order.level_from, plan), choice
    )
    name = data.draw(st.sampled_from(order.ids))
    unit = data.draw(st.sampled_from([unit.id for unit in session.units]))
    promised = lists.place(order.ids.index(name), number[unit])
    holdings = Holdings(session)
    holdings.held = {**held, name: unit}
    assert promised == next(result for result in holdings.results() if result.unit.id == unit).places[name]


def test_equals_share_a_rank_and_the_next_ranks_skip() -> None:
    """T-1.1: plan 3; A 600, B, C, D 590, E 585: A 1st, three level 2nd and all admitted over plan, E 5th."""
    totals = {"A": 60000, "B": 59000, "C": 59000, "D": 59000, "E": 58500}
    session = session_of([Candidate(name, total) for name, total in totals.items()], [Unit("X", 3)])
    events = [choose(1, name, "X") for name in totals]
    order, _, plan, choice = state_of(session, dict.fromkeys(totals, "X"))
    found = all_ranks(choice, order.level_from, plan)
    assert found.rank.tolist() == [1, 2, 2, 2, 5]
    assert found.level_with.tolist() == [1, 3, 3, 3, 1]
    assert found.admitted[1] == 4
    assert ranks(replay(session, events))["E"] == (5, 1, False)


def test_nobody_has_chosen_yet() -> None:
    session = session_of([Candidate("A", 1)], [Unit("X", 3)])
    order, _, plan, choice = state_of(session, {})
    found = all_ranks(choice, order.level_from, plan)
    assert (found.rank.tolist(), found.chosen.tolist(), found.lowest.tolist()) == ([0], [0, 0], [NOBODY, NOBODY])


def test_a_board_with_too_many_units_is_refused_with_a_sentence() -> None:
    with pytest.raises(TooManyUnits, match="65534"):
        all_ranks(np.zeros(1, dtype=np.uint16), np.zeros(1, dtype=np.uint32), np.zeros(65_536, dtype=np.uint32))
