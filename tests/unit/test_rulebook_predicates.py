"""Conditions as data: three-valued, monotone in what is known, and checked before they are believed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.policy.rules.facts import FACTS, Value
from backend.policy.rules.predicates import condition_faults, facts_asked, holds, in_words, questions_traced

QUESTIONS: list[dict[str, Any]] = [
    {"fact": "household.in_area", "is": True},
    {"fact": "home.kind", "in": ["owned", "contract"]},
    {"fact": "home.use", "is": "公寓"},
    {"fact": "work.insured_months", "at_least": 6},
    {"fact": "home.registered_on", "at_most": "2020-08-31"},
    {"fact": "conduct.false_papers", "is": True},
]
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "household.in_area": st.booleans(),
    "home.kind": st.sampled_from(["owned", "contract", "rented", "none"]),
    "home.use": st.sampled_from(["住宅", "公寓", "商业"]),
    "work.insured_months": st.integers(0, 30),
    "home.registered_on": st.dates().map(lambda day: day.isoformat()),
    "conduct.false_papers": st.booleans(),
}
conditions = st.recursive(
    st.sampled_from(QUESTIONS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)
full_facts = st.fixed_dictionaries(VALUES)


unknowable = sorted(name for name in VALUES if FACTS[name].unless_recorded is None)


@given(conditions, full_facts, st.sets(st.sampled_from(unknowable)))
@settings(max_examples=100, deadline=None)
def test_learning_a_fact_never_turns_a_yes_into_a_no(
    condition: dict[str, Any], facts: dict[str, Value], unknown: set[str]
) -> None:
    """What is decided with some facts unknown is decided the same once they are known."""
    known = {name: value for name, value in facts.items() if name not in unknown}
    early, late = holds(condition, known, FACTS), holds(condition, facts, FACTS)
    assert late is not None
    assert early is None or early == late


@given(conditions, full_facts)
@settings(max_examples=100, deadline=None)
def test_a_condition_and_its_denial_never_both_hold(condition: dict[str, Any], facts: dict[str, Value]) -> None:
    assert holds({"not": condition}, facts, FACTS) is (not holds(condition, facts, FACTS))


@given(conditions)
@settings(max_examples=100, deadline=None)
def test_a_sound_condition_can_be_said_and_traced(condition: dict[str, Any]) -> None:
    assert not list(condition_faults(condition, FACTS, ""))
    assert in_words(condition, FACTS)
    assert len(list(questions_traced(condition, {}, FACTS))) == len(facts_asked(condition))


def test_unknown_is_not_no() -> None:
    """Domain 2.11: unavailable differs from not found."""
    rents = {"fact": "home.kind", "is": "rented"}
    assert holds(rents, {}, FACTS) is None
    assert holds({"not": rents}, {}, FACTS) is None
    assert (
        holds({"any": [rents, {"fact": "household.in_area", "is": True}]}, {"household.in_area": True}, FACTS) is True
    )


def test_what_nobody_recorded_about_conduct_did_not_happen() -> None:
    assert holds({"fact": "conduct.false_papers", "is": True}, {}, FACTS) is False


def test_bounds_are_inclusive_for_numbers_and_dates() -> None:
    assert holds({"fact": "work.insured_months", "at_least": 6}, {"work.insured_months": 6}, FACTS) is True
    assert holds({"fact": "work.insured_months", "at_least": 6}, {"work.insured_months": 5}, FACTS) is False
    day = {"fact": "home.registered_on", "at_most": "2020-08-31"}
    assert holds(day, {"home.registered_on": "2020-08-31"}, FACTS) is True
    assert holds(day, {"home.registered_on": "2020-09-01"}, FACTS) is False


@pytest.mark.parametrize(
    ("condition", "pointer"),
    [
        ("owned", ""),
        ({}, ""),
        ({"all": []}, "/all"),
        ({"all": [{"fact": "home.kind", "is": "owned"}], "any": []}, ""),
        ({"xor": []}, ""),
        ({"fact": "home.kind"}, ""),
        ({"fact": "home.kind", "is": "owned", "in": ["owned"]}, ""),
        ({"fact": "home.kind", "is": "owned", "because": "x"}, ""),
        ({"fact": "home.kind", "is": "castle"}, "/is"),
        ({"fact": "home.kind", "at_least": "owned"}, "/at_least"),
        ({"fact": "household.in_area", "is": 1}, "/is"),
        ({"fact": "work.insured_months", "at_least": True}, "/at_least"),
        ({"fact": "home.registered_on", "at_most": "2020-8-31"}, "/at_most"),
        ({"fact": "home.kind", "in": "owned"}, "/in"),
        ({"fact": 7, "is": 7}, "/fact"),
        ({"not": {"fact": "home.nothing", "is": True}}, "/not/fact"),
        ({"any": [{"fact": "home.kind", "is": "owned"}, {"fact": "x", "is": 1}]}, "/any/1/fact"),
    ],
)
def test_an_unsound_condition_is_found_where_it_is(condition: object, pointer: str) -> None:
    assert [place for place, _ in condition_faults(condition, FACTS, "")] == [pointer]


def test_a_condition_nested_too_deep_is_a_fault_and_not_a_crash() -> None:
    condition: dict[str, Any] = {"fact": "home.kind", "is": "owned"}
    for _ in range(50):
        condition = {"not": condition}
    assert "嵌套" in next(what for _, what in condition_faults(condition, FACTS, ""))
