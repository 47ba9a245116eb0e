"""How often the engine looks: often where that is cheap, and never so often that it takes the machine from the choices."""

from hypothesis import given
from hypothesis import strategies as st

from jobs.board import IDLE_TICK, REST, TICK, rest_after

SECONDS = st.floats(0, 30)


def test_a_prefecture_is_looked_at_five_times_a_second() -> None:
    """A58: a look at 20,000 candidates computes for two milliseconds."""
    assert rest_after(0.005, 0.002, is_needed=True) == TICK - 0.005


def test_a_million_candidates_are_looked_at_twice_a_second() -> None:
    """A look that computes for 50 ms would take a quarter of a core, five times a second."""
    assert rest_after(0.05, 0.05, is_needed=True) == REST * 0.05


def test_where_no_session_is_listed_the_engine_looks_once_a_second() -> None:
    """Nobody waits for it then."""
    assert rest_after(0.0, 0.0, is_needed=False) == IDLE_TICK


@given(waited=SECONDS, computed=SECONDS, is_needed=st.booleans())
def test_the_engine_rests_a_second_at_the_most_and_a_slow_database_makes_it_rest_no_longer(
    waited: float, computed: float, *, is_needed: bool
) -> None:
    """Figures may not grow old because the engine was patient: waiting counts as time gone, computing as effort."""
    rest = rest_after(waited + computed, computed, is_needed=is_needed)
    assert 0 <= rest <= IDLE_TICK
    assert computed > 0 or waited < IDLE_TICK or rest == 0
