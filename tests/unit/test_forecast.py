"""Forecasts of the lowest admitted scores (wish 7): what always holds, worked examples, and how they are scored."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.forecast import STEP, Basis, Forecast, Step, carried_over, forecasts
from backend.zhongkao.rules.forecast_file import basis_content, forecast_of, forecasts_content, read_basis
from backend.zhongkao.rules.forecast_score import Outcome, pinball, scored

UNITS = ("X", "Y", "Z")


@st.composite
def bases(draw: st.DrawFn) -> Basis:
    """A moment of some session: three units, two groups, some steps of the score."""
    plan = {unit: draw(st.integers(0, 12)) for unit in UNITS}
    open_to = {"001": list(UNITS), "002": ["X"]}
    steps = [
        Step(
            group, 60_000 - STEP * down, {unit: draw(st.integers(1, 4)) for unit in units if draw(st.booleans())}, free
        )
        for group, units in open_to.items()
        for down in range(draw(st.integers(0, 8)))
        if (free := draw(st.integers(0, 9))) >= 0
    ]
    former = {unit: draw(st.lists(st.integers(54_000, 60_000), max_size=3)) for unit in UNITS}
    current = {unit: draw(st.none() | st.integers(56_000, 60_000)) for unit in UNITS}
    return Basis(plan, current, open_to, steps, draw(st.none() | st.integers(56_000, 60_000)), former)


@settings(max_examples=100, deadline=None)
@given(basis=bases())
def test_the_ends_stand_in_order_and_the_middle_is_never_below_what_is_reached(basis: Basis) -> None:
    """Wish 7: low, middle, high; nobody who has a place loses it to somebody worse, so a line only rises."""
    for unit, one in forecasts(basis).items():
        current = basis.current[unit]
        if one.middle is None:
            assert (one.low, one.high, current) == (None, None, None)
            continue
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.middle <= one.high
        assert current is None or one.middle >= current
        assert 0 <= one.settled_percent <= 100


@settings(max_examples=50, deadline=None)
@given(basis=bases())
def test_anybody_computes_the_same_from_what_is_published(basis: Basis) -> None:
    """Wish 7: the published basis, read again, gives the published forecast; in whatever order its rows stand."""
    published = basis_content(basis)
    again, faults = read_basis(published)
    assert faults == []
    assert again is not None
    assert forecasts_content(again) == forecasts_content(basis)
    turned, _ = read_basis(published | {key: published[key][::-1] for key in ("units", "groups", "steps")})
    assert turned is not None
    assert forecasts_content(turned) == forecasts_content(basis)


@settings(max_examples=50, deadline=None)
@given(basis=bases(), more=st.integers(1, 20))
def test_one_who_may_still_come_never_lowers_a_forecast(basis: Basis, more: int) -> None:
    """More candidates without a place, all above everybody else and with a right to X alone, never lower X's middle."""
    crowd = Step("002", 70_000, {}, more)
    before, after = forecasts(_without_former(basis)), forecasts(_without_former(basis, crowd))
    if "X" in before and before["X"].middle is not None:
        assert after["X"].middle is not None
        assert after["X"].middle >= before["X"].middle


def _without_former(basis: Basis, *steps: Step) -> Basis:
    return Basis(basis.plan, basis.current, basis.open_to, [*basis.steps, *steps], basis.closed_from)


def moment(held: Mapping[int, int], free: Mapping[int, int], plan: int, lowest: int | None, **more: object) -> Basis:
    """One unit and one group; `held` and `free` by step in points."""
    floors = sorted(held.keys() | free.keys(), reverse=True)
    steps = [Step("001", at * 100, {"X": held[at]} if at in held else {}, free.get(at, 0)) for at in floors]
    return Basis({"X": plan}, {"X": lowest}, {"001": ["X"]}, steps, **more)  # type: ignore[arg-type]


def test_those_without_a_place_come_down_from_the_top_until_it_is_full() -> None:
    """Ten places, six held at 600; four more stand at 590 without one: the line is the bottom of that step."""
    found = forecasts(moment({600: 6}, {590: 4, 580: 9}, 10, None))["X"]
    assert (found.middle, found.settled_percent) == (59_000, 60)


def test_half_of_a_step_that_is_needed_cuts_it_in_half() -> None:
    """Two of the four at 590 are needed: half way down from 595."""
    assert forecasts(moment({600: 8}, {590: 4}, 10, None))["X"].middle == 59_250


def test_when_every_band_above_is_closed_the_line_is_certain() -> None:
    """T-1.4: after the close of a band nobody's rank in it changes: no margins are left."""
    told = forecasts(moment({600: 10}, {550: 30}, 10, 60_100, closed_from=60_000))["X"]
    assert told == Forecast(60_100, 60_100, 60_100, 100, is_certain=True)


def test_before_anybody_has_settled_the_former_years_alone_speak() -> None:
    """Wish 7: nobody has chosen, so the middle of three former lines, carried over, is the forecast."""
    told = forecasts(moment({}, {600: 40}, 10, None, former={"X": [58_800, 59_600, 59_200]}))["X"]
    assert (told.middle, told.settled_percent) == (59_200, 0)


def test_where_half_have_settled_session_and_former_years_weigh_the_same() -> None:
    """Wish 7: five of ten at the line or above have a place; the session says 590, the former years 580."""
    told = forecasts(moment({600: 5}, {590: 5}, 10, None, former={"X": [58_000]}))["X"]
    assert (told.middle, told.settled_percent) == (58_500, 50)


def test_too_few_for_the_plan_is_foretold_as_unfilled() -> None:
    """A unit that even all who may come cannot fill has no line."""
    assert forecasts(moment({600: 2}, {590: 3}, 10, None))["X"].middle is None


def test_a_unit_of_which_nothing_is_known_is_not_foretold() -> None:
    """Nobody has a place anywhere and there is no former year."""
    assert forecasts(moment({}, {600: 40}, 10, None)) == {}


@pytest.mark.parametrize(("place", "candidates", "score"), [(1, 4, 700), (2, 4, 690), (4, 4, 500), (1, 400, 700)])
def test_a_former_line_is_carried_over_by_its_place_in_the_city(place: int, candidates: int, score: int) -> None:
    """The second of four is as good as the fourth of this year's eight."""
    assert carried_over(place, candidates, [700, 700, 690, 690, 600, 600, 500, 500]) == score


def test_a_basis_with_faults_is_told_all_of_them() -> None:
    """Every fault with its pointer, like the other files of the exam."""
    _, faults = read_basis(
        {
            "format": 1,
            "closed_from": "many",
            "units": [{"unit": "X", "plan": -1, "lowest": None, "former": []}],
            "groups": [{"group": "001", "units": ["Y"]}],
            "steps": [{"group": "002", "from": "600", "held": {"Z": 1}, "free": 0}],
        }
    )
    assert [pointer for pointer, _ in faults] == [
        "/units/0/plan",
        "/groups/0",
        "/steps/0",
        "/steps/0/held/Z",
        "/closed_from",
    ]


def outcome(line: int | None, ends: tuple[int | None, int | None, int | None], **more: object) -> Outcome:
    """A unit's forecast with what it came to."""
    certain = bool(more.pop("certain", False))
    fields = {"last_year": None, "current": None} | more
    return Outcome(Forecast(*ends, 50, is_certain=certain), line, **fields)  # type: ignore[arg-type]


def test_the_pinball_loss_is_that_of_its_quantile() -> None:
    """One point too low costs 0.1 at the low end and 0.9 at the high end; one too high the other way round."""
    assert [pinball(59_900, 60_000, tenths) for tenths in (1, 5, 9)] == [100, 500, 900]
    assert [pinball(60_100, 60_000, tenths) for tenths in (1, 5, 9)] == [900, 500, 100]


def test_a_reading_is_scored_beside_those_who_know_nothing() -> None:
    """Wish 7: of two open units one lay inside; a certain one counts for itself; losses are means over equal units."""
    told = scored(
        [
            outcome(60_000, (59_900, 60_000, 60_100), last_year=59_000, current=59_700),
            outcome(60_200, (59_900, 60_000, 60_100), last_year=60_200),
            outcome(58_000, (58_000, 58_000, 58_000), certain=True),
            outcome(None, (None, None, None)),
        ]
    )
    assert (told.foretold, told.certain, told.inside) == (4, 1, 2)
    # (10 + 0 + 10) / 3 points over one unit; last minute's line lies 300 below: (30 + 150 + 270) / 3
    assert (told.compared, told.loss, told.loss_current) == (1, 6, 150)
    assert told.compared_last_year == 2
    assert (told.loss_beside_last_year, told.loss_last_year) == ((20 + 30 + 100 + 90) // 6, 1500 // 6)


def test_a_kept_forecast_is_read_back_as_it_was() -> None:
    """What stands in the record is what was foretold."""
    basis = moment({600: 5}, {590: 5}, 10, None)
    assert forecast_of(forecasts_content(basis)[0]) == forecasts(basis)["X"]
