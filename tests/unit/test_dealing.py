"""Cases are dealt fairly to named people, and the sample is drawn by the application's own random id (C07, C08)."""

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.verification.rules.dealing import is_sampled, needs_second, next_official
from backend.verification.rules.reasons import REASON_CODES
from backend.verification.rules.same_value import is_same

NOW = datetime(2026, 5, 20, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(officials=st.integers(1, 6), cases=st.integers(1, 120))
def test_nobody_ever_holds_two_more_cases_than_a_colleague(officials: int, cases: int) -> None:
    names = [f"official-{number}" for number in range(officials)]
    dealt: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for number in range(cases):
        who = next_official(names, dealt, last, set())
        assert who is not None
        dealt[who] += 1
        last[who] = NOW + timedelta(minutes=number)
        held = [dealt[name] for name in names]
        assert max(held) - min(held) <= 1
    assert sum(dealt.values()) == cases


def test_of_equals_the_one_who_waited_longest_is_dealt_the_next() -> None:
    last = {"a": NOW, "b": NOW - timedelta(hours=1)}
    assert next_official(["a", "b"], {}, last, set()) == "b"
    assert next_official(["a", "b", "c"], {}, last, set()) == "c"


def test_somebody_who_has_spoken_is_passed_over_and_perhaps_nobody_is_left() -> None:
    assert next_official(["a", "b"], {"b": 9}, {}, {"a"}) == "b"
    assert next_official(["a"], {}, {}, {"a"}) is None


def test_turning_away_and_calling_papers_false_takes_two() -> None:
    for code, decisions in REASON_CODES.items():
        for decision in decisions:
            assert needs_second(decision, code) == (decision == "reject" or code == "false-papers")


def test_about_one_in_fifty_is_sampled() -> None:
    drawn = sum(is_sampled(uuid.UUID(int=(number * 0x9E3779B97F4A7C15) % 2**128).bytes) for number in range(20_000))
    assert 300 <= drawn <= 500


def test_blanks_brackets_and_capitals_are_no_difference() -> None:
    assert is_same("certificate", "蒙(2019)康巴什区不动产权第0000001号", "蒙（2019） 康巴什区不动产权第0000001号")
    assert is_same("ethnicity", "蒙古", "蒙古族")
    assert not is_same("household_number", "150603000001", "150603000002")
