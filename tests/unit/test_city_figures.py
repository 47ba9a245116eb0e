"""The figures of a season: they add up where the season was whole, and say where it was not."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.fairness.canonical import canonical_json
from rehearsal.figures import FINAL_STATES, STEPS, Application, SchoolSeats, Season, Try, decimal, figures_of, quantiles

ALL = frozenset(STEPS)
UP_TO_PLACED = frozenset(STEPS[: STEPS.index("placed") + 1])


def season(**changes: Any) -> Season:
    told = [
        Application(
            "A1", "F1", "150603", "primary", "wechat", "recorded", ALL, "P1", {"police/household": "match"}, {"sent": 3}
        ),
        Application(
            "A2",
            "F2",
            "150603",
            "primary",
            "sms",
            "lapsed",
            UP_TO_PLACED,
            "P1",
            {"police/household": "mismatch"},
            {"sent": 4},
        ),
        Application("A3", "F3", "150603", "primary", "wechat", "unplaced", frozenset(STEPS[:5]), None, {}, {"sent": 3}),
    ]
    whole = Season(
        seed="s",
        year=2027,
        families=3,
        candidates=0,
        banners=["150603"],
        began_at="2026-11-22T08:00:00+08:00",
        ended_at="2026-11-22T08:00:02+08:00",
        phases={"register": 1500, "allocate": 500},
        applications=told,
        schools=[SchoolSeats("P1", "一小", "primary", 2, 2, 1, 1)],
        tries=[Try("GET /api/me", 10, 200), Try("GET /api/me", 30, 503), Try("GET /api/me", 20, 0)],
    )
    return replace(whole, **changes)


def broken(told: Season) -> list[str]:
    return [statement["what"] for statement in figures_of(told)["adds_up"] if not statement["holds"]]


def test_a_whole_season_adds_up() -> None:
    assert broken(season()) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"families": 4}, "every family has an application"),
        ({"schools": [SchoolSeats("P1", "一小", "primary", 1, 2, 1, 1, holding=2)]}, "schools above their seats"),
        ({"schools": [SchoolSeats("P1", "一小", "primary", 2, 1, 1, 1)]}, "placed at schools is placed by families"),
        ({"schools": [SchoolSeats("P1", "一小", "primary", 2, 2, 0, 1)]}, "confirmed at schools"),
        ({"schools": [SchoolSeats("P1", "一小", "primary", 2, 2, 1, 2)]}, "recorded at schools"),
        ({"applications": [*season().applications, season().applications[2]]}, "every application has one entry"),
        (
            {"applications": [*season().applications[:2], replace(season().applications[2], state="checking")]},
            "every application is in a final state",
        ),
        (
            {
                "applications": [
                    *season().applications[:2],
                    replace(season().applications[2], steps=frozenset({"frozen"})),
                ]
            },
            "frozen without settled",
        ),
    ],
)
def test_a_season_that_is_not_whole_is_caught(changes: dict[str, Any], what: str) -> None:
    assert any(what in statement for statement in broken(season(**changes)))


def test_a_rule_may_allow_a_seat_above_the_plan_and_silence_may_count_as_consent() -> None:
    silent = replace(season().applications[1], state="recorded", steps=ALL - {"confirmed"})
    told = season(
        applications=[season().applications[0], silent, season().applications[2]],
        schools=[SchoolSeats("P1", "一小", "primary", 1, 2, 1, 2, allowed_over=1, holding=2)],
    )
    assert broken(told) == []


def test_the_figures_are_canonical_json_of_integers_and_texts() -> None:
    """Contracts 0: JSON numbers are integers only."""
    figures = figures_of(season())
    again = json.loads(canonical_json(figures), parse_float=pytest.fail)
    assert again == figures
    assert figures["final_states"] == {"lapsed": 1, "recorded": 1, "unplaced": 1}
    assert figures["rates"] == {
        "applications_a_second": "1.5",
        "families_a_minute": "90",
        "household_pass": "50",
        "property_pass": "",
    }
    assert figures["requests"]["GET /api/me"]["broken"] == 2
    assert figures["papers"] == {"sent": 10}
    assert figures["funnel"][0] == {"step": "registered", "applications": 3}


def test_every_key_of_the_figures_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats" / "figures.md").read_text(encoding="utf-8")
    for key in figures_of(season()):
        assert f"| `{key}` |" in page, key
    for state in FINAL_STATES:
        assert f"`{state}`" in page, state


@settings(max_examples=80)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=300))
def test_quantiles_are_values_that_were_seen_and_stand_in_order(values: list[int]) -> None:
    told = quantiles(values)
    assert told["count"] == len(values)
    assert {told["p50_ms"], told["p90_ms"], told["p99_ms"], told["longest_ms"]} <= set(values)
    assert told["p50_ms"] <= told["p90_ms"] <= told["p99_ms"] <= told["longest_ms"] == max(values)
    assert sum(value <= told["p50_ms"] for value in values) * 2 >= len(values)


def test_no_values_have_no_quantiles() -> None:
    assert quantiles([]) == {"count": 0}


@pytest.mark.parametrize(
    ("hundredths", "divisor", "said"),
    [(6306, 1, "63.06"), (5500, 1, "55"), (5050, 1, "50.5"), (1, 3, "0"), (2, 3, "0.01"), (10_000, 3, "33.33")],
)
def test_decimals_are_written_in_their_shortest_form(hundredths: int, divisor: int, said: str) -> None:
    assert decimal(hundredths, divisor) == said
