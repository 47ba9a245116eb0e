"""Canonical JSON is byte for byte the standard library's, only faster: every digest hangs on that."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.fairness.canonical import Rows, canonical_json, input_sha256, sha256_hex

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


@settings(max_examples=50)
@given(st.lists(texts, min_size=1, max_size=4, unique=True), st.integers(0, 3), st.data())
def test_rows_by_names_are_a_list_of_objects(names: list[str], beyond: int, data: st.DataObject) -> None:
    width = len(names) + beyond
    tuples = data.draw(st.lists(st.tuples(*[values] * width), max_size=4))
    objects = [dict(zip(names, row, strict=False)) for row in tuples]
    assert canonical_json({"rows": Rows(tuple(names), tuples)}) == canonical_json({"rows": objects})


@settings(max_examples=20)
@given(values)
def test_the_digest_of_an_input_is_that_of_its_bytes(value: Any) -> None:
    whole = {"files": {"roster": value}, "options": {"seats": 3}}
    assert input_sha256({"roster": value}, {"seats": 3}) == sha256_hex(canonical_json(whole))


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"share": float("nan")})
