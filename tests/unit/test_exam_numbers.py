"""Scores, instants and the one-fen table: the numbers that the exam's decisions are made of."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.instants import NotAnInstant, milliseconds_of
from backend.zhongkao.rules.one_fen import ScoreStep, one_fen_table
from backend.zhongkao.rules.scores import NotAScore, hundredths_of, shortest

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=100)
@given(st.integers(0, 10**9))
def test_a_score_survives_its_shortest_form(hundredths: int) -> None:
    text = shortest(hundredths)
    assert hundredths_of(text) == hundredths
    assert not (("." in text) and text.endswith(("0", ".")))


@pytest.mark.parametrize(("text", "hundredths"), [("652.5", 65250), ("55", 5500), ("0.05", 5), ("007.10", 710)])
def test_scores_are_hundredths_inside(text: str, hundredths: int) -> None:
    assert hundredths_of(text) == hundredths


@pytest.mark.parametrize(
    "text", ["", "652.555", ".5", "5.", "-1", "+1", "1e2", "６５２", "1_000", "1,5", "NaN", "5 5", "5\n"]
)
def test_anything_else_is_no_score(text: str) -> None:
    with pytest.raises(NotAScore, match="is no score"):
        hundredths_of(text)


@settings(max_examples=100)
@given(st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)), offsets)  # noqa: DTZ001 - the offset is drawn apart
def test_an_instant_is_the_same_whatever_its_offset(moment: datetime, offset: timezone) -> None:
    stamped = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=offset)
    expected = (stamped - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert milliseconds_of(stamped.isoformat(timespec="milliseconds")) == expected
    assert milliseconds_of(stamped.isoformat(timespec="microseconds")) == expected


def test_utc_may_be_written_with_a_z() -> None:
    assert milliseconds_of("1970-01-01T00:00:01.5Z") == milliseconds_of("1970-01-01T08:00:01.500+08:00") == 1500


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-06-21T14:00:00",
        "2026-06-21 14:00:00+08:00",
        "2026-06-21T14:00:00.0001+08:00",
        "2026-06-31T14:00:00+08:00",
        "2026-06-21T24:00:00+08:00",
        "2026-06-21T23:59:60+08:00",
        "2026-06-21T14:00:00+24:00",
        "2026-06-21T14:00:00+08:00\n",
        "0000-06-21T14:00:00Z",
        "２０26-06-21T14:00:00Z",
    ],
)
def test_anything_else_is_no_instant(text: str) -> None:
    with pytest.raises(NotAnInstant):
        milliseconds_of(text)


def test_the_one_fen_table_counts_at_and_above() -> None:
    """T-1.14, A51: 600, 598, 598, 595; nobody has 599, so it has no row."""
    table = one_fen_table(Counter([59800, 60000, 59500, 59800]))
    assert table == [ScoreStep(60000, 1, 1), ScoreStep(59800, 2, 3), ScoreStep(59500, 1, 4)]


@settings(max_examples=50)
@given(st.lists(st.integers(0, 50)))
def test_the_last_cumulative_figure_is_everybody(totals: list[int]) -> None:
    table = one_fen_table(Counter(totals))
    assert all(step.cumulative == sum(total >= step.score for total in totals) for step in table)
    assert sum(step.at for step in table) == len(totals)
