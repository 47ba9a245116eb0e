"""One's own score and the public line say what the admission says (wish 4, A56): school and kind of seat."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.own_check import Line, check_line
from backend.zhongkao.rules.replay import replay
from backend.zhongkao.rules.reserves import Claim, Claimant, Places, settle_reserves
from backend.zhongkao.rules.session import Candidate, Unit
from tests.unit.exam_sessions import choose, session_of

SCORES = st.tuples(st.integers(0, 4), st.lists(st.integers(0, 2), max_size=2).map(tuple))


@settings(max_examples=100, deadline=None)
@given(people=st.lists(st.tuples(SCORES, st.sampled_from("XY")), min_size=1, max_size=9), plan=st.integers(1, 4))
def test_who_held_a_unit_is_admitted_exactly_where_his_score_does_not_come_behind_its_line(
    people: list[tuple[tuple[int, tuple[int, ...]], str]], plan: int
) -> None:
    """Wish 4: nobody needs the list of the others, only the line that is published for all."""
    candidates = [Candidate(f"C{n}", total, ties) for n, ((total, ties), _) in enumerate(people)]
    events = [choose(n, f"C{n}", unit) for n, (_, unit) in enumerate(people)]
    outcome = replay(session_of(candidates, [Unit("X", plan), Unit("Y", plan)]), events)
    by_id = {one.id: one for one in candidates}
    for result in outcome.units:
        admitted = result.admitted
        line = None
        if len(admitted) >= plan:
            last = by_id[admitted[-1]]
            line = Line(last.total, last.ties)
        for holder in result.places:
            own = by_id[holder]
            assert (check_line(own.total, own.ties, line) != "below") == (holder in admitted)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_both_lines_of_a_school_say_which_kind_of_seat_one_has(data: st.DataObject) -> None:
    """Wish 4: quota-first: the own reserve's line, then the open one; open-first: the line of the planned open places, the
    own reserve's, that of the open places with what fell to them (one school, no ties).
    """
    many = data.draw(st.integers(1, 10))
    first = data.draw(st.sampled_from(["quota-first", "open-first"]))
    rights = {one: data.draw(st.sampled_from([1, 2, None])) for one in range(many)}
    claimants = [Claimant(one, one, (Claim(0, open=True, reserve=right),)) for one, right in rights.items()]
    places = Places(data.draw(st.integers(0, 4)), {1: data.draw(st.integers(0, 2)), 2: data.draw(st.integers(0, 2))})
    seats = settle_reserves(claimants, {0: places}, first)  # type: ignore[arg-type]
    by_kind: dict[int | None, list[int]] = {}
    for one, seat in sorted(seats.items()):
        if seat is not None:
            by_kind.setdefault(seat.reserve, []).append(one)
    worst = {kind: there[-1] for kind, there in by_kind.items()}
    opened = by_kind.get(None, [])[: places.open]
    for one, right in rights.items():
        steps = [(right, worst.get(right)), (None, worst.get(None))]
        if first == "open-first":
            steps.insert(0, (None, opened[-1] if opened else None))
        expected = next(((kind,) for kind, last in steps if last is not None and one <= last), None)
        seat = seats[one]
        assert (None if seat is None else (seat.reserve,)) == expected


def test_equal_in_everything_is_on_the_line_and_a_missing_tie_breaker_is_behind_it() -> None:
    """A56: those level with the last are admitted with him; T-1.11 compares the tie-breakers from the left."""
    line = Line(61_000, (30_100, 10_500))
    assert check_line(61_000, (30_100, 10_500), line) == "level"
    assert check_line(61_000, (30_200, 9_000), line) == "above"
    assert check_line(61_000, (30_100,), line) == "below"
    assert check_line(10_000, (), None) == "not-full"
