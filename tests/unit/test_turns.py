"""A department's line: rate, quota and breaker as values (domain 2.11: quota-aware; promises 4.5, P19, P20)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.verification.rules.lines import Line, LinesFaulty, as_usual, read_lines
from backend.verification.rules.turns import (
    FAILURES_THAT_CLOSE,
    LONGEST_PAUSE_S,
    Standing,
    after_answer,
    after_failure,
    take_turn,
)

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
QUICK = Line(rate=10, quota=1000)


def failed(times: int, *, of_one: bool = False) -> Standing:
    standing = Standing()
    for number in range(times):
        standing = after_failure(standing, NOW, "one" if of_one else f"question {number}")
    return standing


@settings(max_examples=60, deadline=None)
@given(gaps=st.lists(st.integers(0, 400), min_size=1, max_size=80))
def test_no_second_sees_more_questions_than_the_rate_and_one_burst(gaps: list[int]) -> None:
    """Whatever the questions' instants: in any second at most the rate goes out, beside the burst of one second."""
    standing, moment, sent = Standing(), NOW, []
    for gap in gaps:
        moment += timedelta(milliseconds=gap)
        turn = take_turn(QUICK, standing, moment)
        standing = turn.standing
        if turn.come_back_at is None:
            sent.append(moment)
    for start in sent:
        within = [each for each in sent if start <= each < start + timedelta(seconds=1)]
        assert len(within) <= 2 * QUICK.rate + 1


@settings(max_examples=60, deadline=None)
@given(quota=st.integers(1, 30), questions=st.integers(1, 60))
def test_a_day_sees_no_more_questions_than_its_quota_and_the_next_day_begins_anew(quota: int, questions: int) -> None:
    line, standing, asked = Line(rate=1000, quota=quota), Standing(), 0
    for number in range(questions):
        turn = take_turn(line, standing, NOW + timedelta(seconds=number))
        standing = turn.standing
        asked += turn.come_back_at is None
        if turn.come_back_at is not None:
            assert turn.why == "over-quota"
            assert turn.come_back_at.date() > NOW.date()
    assert asked == min(quota, questions)
    assert take_turn(line, standing, NOW + timedelta(days=1)).come_back_at is None


def test_a_line_closes_after_enough_different_questions_failed() -> None:
    assert failed(FAILURES_THAT_CLOSE - 1).closed_until is None
    closed = failed(FAILURES_THAT_CLOSE)
    turn = take_turn(QUICK, closed, NOW + timedelta(seconds=1))
    assert (turn.why, turn.come_back_at is not None) == ("closed", True)


def test_one_question_that_a_department_chokes_on_closes_nothing() -> None:
    assert failed(50, of_one=True).closed_until is None


def test_an_answer_between_failures_keeps_the_line_open() -> None:
    standing = after_answer(failed(FAILURES_THAT_CLOSE - 1))
    assert after_failure(standing, NOW, "another").closed_until is None


def test_one_question_tries_a_closed_line_and_the_others_wait_for_it() -> None:
    closed = failed(FAILURES_THAT_CLOSE)
    assert closed.closed_until is not None
    later = closed.closed_until + timedelta(seconds=1)
    probe = take_turn(QUICK, closed, later)
    assert probe.come_back_at is None
    assert take_turn(QUICK, probe.standing, later).why == "closed"
    opened = after_answer(probe.standing)
    assert take_turn(QUICK, opened, later).come_back_at is None
    again = after_failure(probe.standing, later, "probe")
    assert again.closed_until is not None
    assert again.closed_until - later > closed.closed_until - NOW


def test_pauses_grow_and_stop_growing() -> None:
    standing = failed(FAILURES_THAT_CLOSE)
    for _ in range(12):
        standing = after_failure(standing, NOW, "probe")
    assert standing.closed_until == NOW + timedelta(seconds=LONGEST_PAUSE_S)


def test_a_department_that_says_how_long_is_left_alone_so_long() -> None:
    """429 with Retry-After."""
    assert after_failure(Standing(), NOW, "q", 7200).closed_until == NOW + timedelta(hours=2)


def test_those_sent_away_come_back_one_after_the_other() -> None:
    closed = failed(FAILURES_THAT_CLOSE)
    first = take_turn(QUICK, closed, NOW)
    second = take_turn(QUICK, first.standing, NOW)
    assert first.come_back_at
    assert second.come_back_at
    assert second.come_back_at - first.come_back_at == timedelta(seconds=1) / QUICK.rate


def test_without_the_breaker_every_question_would_knock() -> None:
    """Negative control: a standing that forgets its failures never closes."""
    forgetful = Standing()
    for number in range(50):
        forgetful = replace(after_failure(forgetful, NOW, f"question {number}"), failing=())
    assert forgetful.closed_until is None


def test_the_table_of_departments_is_read_and_its_faults_told() -> None:
    lines = read_lines('[market]\ntransport = "batch"\nevery_s = 5\n[police]\nrate = 7')
    assert (lines["market"].transport, lines["market"].every_s, lines["police"].rate) == ("batch", 5, 7)
    assert lines["land"] == as_usual()["land"] == Line()
    for wrong in ("[bank]\nrate = 1", "[police]\nspeed = 1", "[police]\nrate = 0", '[police]\ntransport = "fax"', "["):
        with pytest.raises(LinesFaulty):
            read_lines(wrong)
