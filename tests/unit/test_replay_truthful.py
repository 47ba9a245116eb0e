"""Truthful candidates with enough rounds reach serial dictatorship: the oracle of live choosing (1.6)."""

from exam_sessions import choose, clear, session_of
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.replay import replay
from backend.zhongkao.rules.session import Candidate, Event, Session, Unit

CANDIDATES = [f"C{number}" for number in range(6)]
UNITS = ["X", "Y", "Z"]


def serial_dictatorship(order: list[str], wishes: dict[str, list[str]], plans: dict[str, int]) -> dict[str, str]:
    """From the best down, each takes the first unit of the own list that has a place left."""
    left = dict(plans)
    taken: dict[str, str] = {}
    for name in order:
        for unit in wishes[name]:
            if left[unit]:
                left[unit] -= 1
                taken[name] = unit
                break
    return taken


def truthful_rounds(session: Session, wishes: dict[str, list[str]], order: list[str]) -> list[Event]:
    """In each round everybody who is outside moves to the first wished unit where the rank would be inside."""
    plans = {unit.id: unit.plan for unit in session.units}
    events: list[Event] = []
    for moment in range(2 * len(order) + 2):
        held = replay(session, events).held
        for name in order:
            better = order[: order.index(name)]
            ahead = {unit: sum(held.get(other) == unit for other in better) for unit in plans}
            wished = next((unit for unit in wishes[name] if ahead[unit] < plans[unit]), None)
            if wished is not None and held.get(name) != wished:
                events.append(choose(moment, name, wished))
            elif wished is None and name in held:
                events.append(clear(moment, name))
    return events


@settings(max_examples=60)
@given(
    st.permutations(CANDIDATES),
    st.lists(st.lists(st.sampled_from(UNITS), unique=True), min_size=6, max_size=6),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_truthful_candidates_with_enough_rounds_reach_serial_dictatorship(
    order: list[str], lists: list[list[str]], plans: list[int]
) -> None:
    """The oracle of 1.6: one order, true lists, unlimited changes give serial dictatorship by score."""
    candidates = [Candidate(name, 100 - position) for position, name in enumerate(order)]
    units = [Unit(name, plan) for name, plan in zip(UNITS, plans, strict=True)]
    session = session_of(candidates, units)
    wishes = dict(zip(CANDIDATES, lists, strict=True))
    outcome = replay(session, truthful_rounds(session, wishes, list(order)))
    admitted = {name: unit.unit.id for unit in outcome.units for name in unit.admitted}
    assert admitted == serial_dictatorship(list(order), wishes, dict(zip(UNITS, plans, strict=True)))
