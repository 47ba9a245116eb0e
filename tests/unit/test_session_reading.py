"""A session's JSON: defaults filled in, order taken away, and every fault told at its pointer."""

from typing import Any

import pytest

from backend.zhongkao.rules.replay_file import session_content
from backend.zhongkao.rules.session_reading import read_session

OPEN, CLOSE = "2026-06-21T14:00:00+08:00", "2026-06-21T17:00:00+08:00"


def session(**changed: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "candidates": [{"id": "C2", "total": "652.50", "ties": ["312.0", "0120"]}, {"id": "C1", "total": "600"}],
        "units": [{"id": "Y", "plan": 1}, {"id": "X", "plan": 40}],
        "bands": [{"from": "630", "below": "680", "open": OPEN, "close": CLOSE}],
        "locks": [{"at": CLOSE, "forbid": ["first", "clear"], "band": 0}, {"at": OPEN, "forbid": ["clear"]}],
        "statistics_at": [CLOSE, OPEN],
    }
    return {**whole, **changed}


def faults_of(value: Any) -> dict[str, str]:
    read, faults = read_session(value)
    assert read is None
    return dict(faults)


def test_the_hashed_session_has_defaults_shortest_scores_and_no_order_of_its_own() -> None:
    """Contract 0: lists without an order sorted, absent keys filled in, scores in shortest form; bands keep theirs."""
    read, faults = read_session(session())
    assert not faults
    assert read is not None
    assert session_content(read) == {
        "candidates": [
            {"id": "C1", "total": "600", "ties": []},
            {"id": "C2", "total": "652.5", "ties": ["312", "120"]},
        ],
        "units": [{"id": "X", "plan": 40}, {"id": "Y", "plan": 1}],
        "bands": [{"from": "630", "below": "680", "open": OPEN, "close": CLOSE}],
        "locks": [
            {"at": OPEN, "forbid": ["clear"], "band": None},
            {"at": CLOSE, "forbid": ["clear", "first"], "band": 0},
        ],
        "statistics_at": [OPEN, CLOSE],
    }


def test_what_may_be_left_out_is_nothing_all_bands_and_no_limit() -> None:
    read, faults = read_session({"candidates": [], "units": [], "bands": [{"open": OPEN, "close": CLOSE}]})
    assert not faults
    assert read is not None
    assert (read.locks, read.readings) == ((), ())
    assert (read.bands[0].lowest, read.bands[0].below) == (None, None)


def test_ids_are_trimmed_before_they_are_compared() -> None:
    twice = [{"id": " C1", "total": "1"}, {"id": "C1 ", "total": "2"}]
    assert faults_of(session(candidates=twice)) == {"/candidates/1/id": "'C1' stands twice"}


@pytest.mark.parametrize(
    "limits",
    [
        [("630", "680"), ("600", "631")],
        [("630", "680"), (None, "630.01")],
        [(None, None), ("1", "2")],
        [("630", None), ("700", None)],
        [("630", "680"), ("630", "680")],
    ],
)
def test_overlapping_bands_are_bad_input(limits: list[tuple[str | None, str | None]]) -> None:
    """Contract 4."""
    bands = [{"from": low, "below": high, "open": OPEN, "close": CLOSE} for low, high in limits]
    assert "overlaps" in faults_of(session(bands=bands, locks=[]))["/bands/1"]


def test_bands_that_touch_do_not_overlap() -> None:
    limits = [("630", None), ("600.5", "630"), (None, "600.5")]
    bands = [{"from": low, "below": high, "open": OPEN, "close": CLOSE} for low, high in limits]
    assert read_session(session(bands=bands))[1] == []


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"candidates": {}}, "/candidates"),
        ({"candidates": [7]}, "/candidates/0"),
        ({"candidates": [{"id": 7, "total": "1"}]}, "/candidates/0/id"),
        ({"candidates": [{"id": " ", "total": "1"}]}, "/candidates/0/id"),
        ({"candidates": [{"id": "a\0", "total": "1"}]}, "/candidates/0/id"),
        ({"candidates": [{"id": "\ud800", "total": "1"}]}, "/candidates/0/id"),
        ({"candidates": [{"id": "A"}]}, "/candidates/0"),
        ({"candidates": [{"id": "A", "total": 600}]}, "/candidates/0/total"),
        ({"candidates": [{"id": "A", "total": "600.123"}]}, "/candidates/0/total"),
        ({"candidates": [{"id": "A", "total": "1", "ties": ["x"]}]}, "/candidates/0/ties/0"),
        ({"candidates": [{"id": "A", "total": "1", "ties": "12"}]}, "/candidates/0/ties"),
        ({"candidates": [{"id": "A", "total": "1", "na/me~": "x"}]}, "/candidates/0/na~1me~0"),
        ({"units": [{"id": "X", "plan": -1}]}, "/units/0/plan"),
        ({"units": [{"id": "X", "plan": True}]}, "/units/0/plan"),
        ({"units": [{"id": "X", "plan": "40"}]}, "/units/0/plan"),
        ({"units": [{"id": "X"}]}, "/units/0"),
        ({"units": [{"id": "X", "plan": 1}, {"id": "X", "plan": 1}]}, "/units/1/id"),
        ({"bands": [{"from": "5", "below": "5", "open": OPEN, "close": CLOSE}]}, "/bands/0"),
        ({"bands": [{"from": "5", "below": "6", "open": CLOSE, "close": CLOSE}]}, "/bands/0"),
        ({"bands": [{"open": "14:00", "close": CLOSE}]}, "/bands/0/open"),
        ({"bands": [{"open": OPEN}], "locks": []}, "/bands/0"),
        ({"locks": [{"at": OPEN, "forbid": ["change"]}]}, "/locks/0/forbid/0"),
        ({"locks": [{"at": OPEN, "forbid": ["clear", "clear"]}]}, "/locks/0/forbid/1"),
        ({"locks": [{"at": OPEN, "forbid": ["clear"], "band": 1}]}, "/locks/0/band"),
        ({"locks": [{"at": OPEN, "forbid": ["clear"], "band": -1}]}, "/locks/0/band"),
        ({"locks": [{"at": OPEN, "forbid": ["clear"], "band": False}]}, "/locks/0/band"),
        ({"locks": [{"at": OPEN}]}, "/locks/0"),
        ({"statistics_at": [OPEN, "2026-06-21T06:00:00Z"]}, "/statistics_at/1"),
        ({"rounds": 1}, "/rounds"),
    ],
)
def test_each_fault_is_told_at_its_pointer(changed: dict[str, Any], pointer: str) -> None:
    assert list(faults_of(session(**changed))) == [pointer]


def test_a_session_that_is_no_object_or_lacks_its_lists_says_so() -> None:
    assert faults_of([]) == {"/": "must be an object"}
    _, faults = read_session({})
    assert [what for _, what in faults] == [f"the key {key!r} is missing" for key in ("candidates", "units", "bands")]


def test_all_faults_are_told_at_once() -> None:
    broken = session(units=[{"id": "X", "plan": -1}], statistics_at=["never"], candidates=[{"id": "", "total": "?"}])
    assert list(faults_of(broken)) == ["/candidates/0/id", "/candidates/0/total", "/units/0/plan", "/statistics_at/0"]
