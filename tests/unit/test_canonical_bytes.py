"""Canonical JSON is byte for byte the standard library's, only faster: every digest hangs on that."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.fairness.canonical import canonical_json

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["},\n    {", '"}, {"', "\u2028"]
)
scalars = st.none() | st.booleans() | st.integers() | texts
flat_rows = st.lists(st.dictionaries(texts, scalars, max_size=3), max_size=4)
values = st.recursive(
    scalars | flat_rows, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


@settings(max_examples=100)
@given(values)
def test_the_bytes_are_those_of_the_standard_library(value: Any) -> None:
    expected = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    assert canonical_json(value) == expected.encode()


def test_rows_of_one_list_keep_their_seams() -> None:
    rows = [{"b": "},\n  {", "a": 1}, {"a": None}, {"c": True}]
    assert canonical_json(rows) == (json.dumps(rows, sort_keys=True, ensure_ascii=False, indent=2) + "\n").encode()


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"share": float("nan")})
