"""Last-minute moves (wish 6, T-1.16): the last minutes alone tell who left late, pairs make chains, and the replay."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.last_moves import LastMoves, last_moves
from backend.zhongkao.rules.late_leavers import MINUTE, Leave, late_leavers, leavings, with_gaps

PLAN = {1: 1, 2: 2, 3: 1}
CLOSE = 100 * MINUTE
PEOPLE = range(5)


@settings(max_examples=100, deadline=None)
@given(
    wishes=st.lists(
        st.tuples(st.integers(1, CLOSE - 1), st.sampled_from(PEOPLE), st.sampled_from([1, 2, 3, None])), max_size=25
    )
)
def test_the_last_minutes_upon_what_was_held_tell_the_same_as_the_whole_session(
    wishes: list[tuple[int, int, int | None]],
) -> None:
    """Wish 6: what arrived before the last minutes need not be read."""
    leaves, held = list[Leave](), dict[int, int | None]()
    for at, who, unit in sorted(wishes, key=lambda one: one[0]):
        if unit is not None or held.get(who) is not None:
            leaves.append(Leave(at, who, held.get(who), unit))
            held[who] = unit
    begins = CLOSE - 10 * MINUTE
    before = {one.candidate: one.entered for one in leaves if one.at < begins}
    closes, standing_of = dict.fromkeys(PEOPLE, CLOSE), {one: one for one in PEOPLE}
    entered = {(one.candidate, one.entered): one.at for one in leaves if one.entered not in {None, one.left}}
    found = leavings(
        {who: unit for who, unit in before.items() if unit is not None},
        [one for one in leaves if one.at >= begins],
        closes,
        standing_of,
        PLAN,
        10,
    )
    ended = with_gaps(found, held, lambda who, unit: entered.get((who, unit), 0), standing_of)
    assert ended == late_leavers(leaves, closes, standing_of, PLAN, 10)


def late(*moves: tuple[int, int | None, int | None]) -> list[Leave]:
    """Moves (who, left, entered) in the last minutes, one a millisecond."""
    return [Leave(CLOSE - 1000 + number, *move) for number, move in enumerate(moves)]


def test_pairs_that_share_a_person_are_one_chain_and_are_replayed_together() -> None:
    """A leaves unit 1 for unit 2; B leaves unit 3 and takes 1; C comes and takes 3: a chain of two pairs. Without it A is in
    1, B in 3, and C, who held nothing, has no place; D in unit 2 stands as he stood.
    """
    early = [Leave(1, 0, None, 1), Leave(2, 1, None, 3), Leave(3, 3, None, 2)]
    leaves = [*early, *late((0, 1, 2), (1, 3, 1), (2, None, 3))]
    standing_of = {one: one for one in PEOPLE}
    found = late_leavers(leaves, dict.fromkeys(PEOPLE, CLOSE), standing_of, PLAN, 10)
    assert [(one.candidate, one.entered_after) for one in found] == [(0, (1,)), (1, (2,))]
    final: dict[int, int | None] = {0: 2, 1: 1, 2: 3, 3: 2}
    came_from = {(1, 1): 3, (2, 3): None}
    assert last_moves(found, final, came_from, standing_of, PLAN) == LastMoves(2, 2, 1, 2, differing=3, losing=1)


def test_a_session_without_late_moves_is_the_same_without_them() -> None:
    """Nothing is counted and nobody differs."""
    assert last_moves([], {0: 1}, {}, {0: 0}, PLAN) == LastMoves(0, 0, 0, 0, 0, 0)
