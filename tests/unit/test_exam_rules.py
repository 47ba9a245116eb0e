"""Exam rules that a service runs: columns, ties, eligibility, lists against their oracle, late leavers, two engines."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from backend.matching.serial_dictatorship import serial_dictatorship
from backend.zhongkao.rules.eligibility import Applicant, Terms, WhyNot, terms_content, terms_of, why_not
from backend.zhongkao.rules.exam_rules import ExamRulesFaulty, read_exam_rules
from backend.zhongkao.rules.figures_over_time import Move, figures_over_time
from backend.zhongkao.rules.late_leavers import Leave, late_leavers
from backend.zhongkao.rules.parallel import compare, parallel_outcome, revealed_lists
from backend.zhongkao.rules.session import Band, Candidate, Event, Session, Unit
from backend.zhongkao.rules.seven_columns import seven_columns
from backend.zhongkao.rules.standing_orders import Lister, settle_lists
from backend.zhongkao.rules.tie_sums import ties_of, total_of
from sunroll.commands.zhongkao import command
from tests.exam_builders import rules_content

HOUR = 3_600_000


def session_of(totals: dict[str, int], plan: dict[str, int]) -> Session:
    """A session of one band from 0 to 10 o'clock."""
    return Session(
        tuple(Candidate(name, total * 100) for name, total in sorted(totals.items())),
        tuple(Unit(name, places) for name, places in sorted(plan.items())),
        (Band(None, None, 0, 10 * HOUR, "1970-01-01T00:00:00Z", "1970-01-01T10:00:00Z"),),
        (),
        (),
    )


def chose(at: int, candidate: str, unit: str) -> Event:
    """A choice at an instant."""
    return Event(at, 0, candidate, "choose", unit)


def test_the_seven_columns_of_the_published_examples() -> None:
    """T-1.1 and T-1.2: 1:1 lowest at the plan's place; 应投档 rounded up by default; 缺档 against 应投档."""
    first = seven_columns(3, [600, 590, 590, 590, 585])
    assert (first.lowest_at_plan, first.chosen, first.missing) == (590, 5, 0)
    second = seven_columns(40, list(range(37)), 105)
    assert (second.called, second.missing, second.lowest_at_plan, second.lowest_called) == (42, 5, None, None)
    assert (seven_columns(38, [], 105).called, seven_columns(38, [], 105, "down").called) == (40, 39)
    assert seven_columns(40, list(range(60)), 105).missing == 0


def test_culture_before_sports_where_the_rules_say_so() -> None:
    """T-1.11: equal totals, the one with more points outside PE stands first."""
    content = rules_content(
        subjects=[{"code": "culture", "name": "文化", "full": "660"}, {"code": "pe", "name": "体育", "full": "40"}],
        ties=[{"of": ["culture"]}, {"of": ["culture", "pe"], "by": "highest"}],
    )
    rules = read_exam_rules(content)
    first, second = {"culture": 65000, "pe": 4000}, {"culture": 65200, "pe": 3800}
    assert total_of(first, rules) == total_of(second, rules) == 69000
    assert ties_of(second, rules) > ties_of(first, rules)
    assert ties_of(first, rules) == [65000, 65000]


def test_rules_tell_all_their_faults_at_once() -> None:
    """Unknown keys, a recheck answered too late, a session before the one before it ends and in the same round."""
    content = rules_content(
        recheck={
            "opens": "2031-07-10T08:00:00+08:00",
            "closes": "2031-07-11T18:00:00+08:00",
            "answered_by": "2031-07-16T18:00:00+08:00",
        }
    )
    again = {**content["sessions"][0], "code": "general-2", "round": 1, "locks": [], "takes_over": ["general"]}
    content["sessions"].append(again)
    content["sessions"][0]["locks"].append({"at": "2031-07-15T10:00:00+08:00", "forbid": ["first"], "band": 7})
    with pytest.raises(ExamRulesFaulty) as told:
        read_exam_rules(content)
    assert {pointer for pointer, _ in told.value.faults} == {
        "/recheck/answered_by",
        "/sessions/1",
        "/sessions/1/round",
        "/sessions/1/takes_over",
        "/sessions/0/locks/2",
    }
    with pytest.raises(ExamRulesFaulty):
        read_exam_rules(rules_content(suprise=1))


REGION = Terms(banners=frozenset({"150602"}))


@pytest.mark.parametrize(
    ("facts", "terms", "reason"),
    [
        ({}, REGION, None),
        ({"school_banner": "150603"}, REGION, WhyNot.REGION),
        ({"school_banner": "150603", "household_banner": "150602"}, REGION, WhyNot.REGION),
        ({"school_banner": "110101", "outside": True}, REGION, None),
        ({"school_banner": "110101", "outside": True, "fresh": False}, REGION, WhyNot.REGION),
        ({"household_banner": "150603"}, REGION, None),
        ({}, Terms(talent="体育"), WhyNot.TALENT),
        ({"tags": frozenset({"体育"})}, Terms(talent="体育"), None),
        ({}, Terms(language="mn"), WhyNot.LANGUAGE),
        ({"subjects": {"mn": 5900}}, Terms(subject_lines=(("mn", 6000),)), WhyNot.SUBJECT_LINE),
        ({"total": 49999}, Terms(line=50000), WhyNot.LINE),
    ],
)
def test_who_may_choose_a_unit(facts: dict[str, object], terms: Terms, reason: WhyNot | None) -> None:
    """Domain 1.2, E35: 学籍 in the region counts, 户籍 only for fresh graduates who studied outside the city."""
    told: dict[str, object] = {
        "total": 60000,
        "subjects": {},
        "junior": "J",
        "school_banner": "150602",
        "household_banner": "150602",
    }
    assert why_not(Applicant(**(told | facts)), terms) is reason  # type: ignore[arg-type]
    assert terms_of(terms_content(terms)) == terms


@given(
    wishes=st.lists(st.permutations([0, 1, 2]).map(lambda order: order[: max(1, order[0])]), min_size=1, max_size=9),
    plan=st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_lists_of_distinct_standings_give_serial_dictatorship(wishes: list[Sequence[int]], plan: list[int]) -> None:
    """The oracle: from the best down, each the first listed unit with a place (algorithms part 5)."""
    listers = [Lister(index, index, tuple(order)) for index, order in enumerate(wishes)]
    settled = settle_lists(listers, dict(enumerate(plan)))
    assert [settled[index] for index in range(len(wishes))] == serial_dictatorship(
        plan, [list(order) for order in wishes], list(range(len(wishes)))
    )


@given(standings=st.lists(st.integers(0, 3), min_size=1, max_size=8), plan=st.integers(1, 4))
def test_a_whole_level_gets_the_last_place(standings: list[int], plan: int) -> None:
    """A56: equal in everything at the last place are admitted together; nobody before a better one."""
    settled = settle_lists([Lister(index, one, (7,)) for index, one in enumerate(standings)], {7: plan})
    for index, own in enumerate(standings):
        assert (settled[index] == 7) is (sum(other < own for other in standings) < plan)


def test_figures_follow_the_moves() -> None:
    """T-1.6: when a better one leaves, everybody lower gains a rank at that moment."""
    moves = [Move(1, 2, 9), Move(2, 1, 9), Move(3, 3, 9), Move(4, 1, None), Move(5, 2, None)]
    found = figures_over_time(moves, 2, {1: 0, 2: 1, 3: 1}, {9: 1})
    assert [(one.at, one.rank, one.level_with, one.inside) for one in found] == [
        (1, 1, 1, True),
        (2, 2, 1, False),
        (3, 2, 2, False),
        (4, 1, 2, True),
        (5, None, None, None),
    ]


def test_a_late_leaver_is_only_who_left_a_place_inside_late_for_good() -> None:
    """T-1.16: early, outside, or back again is nothing; who fills the gap later is named."""
    plan, closes = {1: 1, 2: 5}, dict.fromkeys(range(5), 100 * 60_000)
    standing = {0: 0, 1: 1, 2: 2, 3: 3}
    late = 95 * 60_000
    leaves = [Leave(1, 0, None, 1), Leave(2, 2, None, 1), Leave(late, 0, 1, 2), Leave(late + 1, 1, None, 1)]
    found = late_leavers(leaves, closes, standing, plan, 10)
    assert [(one.candidate, one.filled_by, one.entered_after) for one in found] == [(0, (1,), (1,))]
    assert late_leavers([*leaves[:2], Leave(3, 0, 1, 2)], closes, standing, plan, 10) == []
    assert late_leavers([*leaves[:2], Leave(late, 2, 1, 2)], closes, standing, plan, 10) == []
    back = late_leavers([*leaves[:3], Leave(late + 2, 0, 2, 1)], closes, standing, plan, 10)
    assert [one.unit for one in back] == [2]


MARKET = {"H": 650, "M": 610, "L": 560}
EVENTS = [
    chose(1, "H", "Z"),
    chose(2, "M", "Z"),
    chose(3, "M", "W"),
    chose(10 * HOUR - 2000, "H", "W"),
    chose(10 * HOUR - 1000, "L", "Z"),
]


def test_the_attack_of_seat_holding_is_counted_and_lists_leave_none() -> None:
    """T-1.16: L is admitted over M, who saw Z closed by 650; one run over the lists has no blocking pair."""
    session = session_of(MARKET, {"Z": 1, "W": 2})
    lists = revealed_lists(session, EVENTS, {})
    assert lists == {"H": ["W", "Z"], "M": ["Z", "W"], "L": ["Z"]}
    found = compare(session, EVENTS, lists, 10)
    assert found.held == {"H": "W", "M": "W", "L": "Z"}
    assert found.parallel == {"H": "W", "M": "Z", "L": None}
    assert found.blocking == [("M", "Z")]
    assert found.blocking_in_parallel == []
    assert [(one.holder, one.friend, one.harmed) for one in found.seat_holding] == [("H", "L", ("M",))]


@given(st.data())
def test_parallel_choice_leaves_no_blocking_pair(data: st.DataObject) -> None:
    """Stable: nobody prefers a unit that has a place or somebody worse (one common order, ties together)."""
    totals = data.draw(st.lists(st.integers(400, 406), min_size=1, max_size=8))
    session = session_of({f"C{index}": total for index, total in enumerate(totals)}, {"X": 1, "Y": 2})
    lists = {
        candidate.id: data.draw(st.permutations(["X", "Y"]).map(lambda order: order[:1] if order[0] == "X" else order))
        for candidate in session.candidates
    }
    found = compare(session, [], lists, 10)
    assert found.parallel == parallel_outcome(session, lists)
    assert found.blocking_in_parallel == []


def test_the_commands_run_both_engines_from_files(tmp_path: Path) -> None:
    """`sunroll zhongkao parallel` and `compare`: canonical JSON, faults with file and line, exit 2."""
    (tmp_path / "session.json").write_text(
        json.dumps(
            {
                "candidates": [{"id": name, "total": str(total)} for name, total in MARKET.items()],
                "units": [{"id": "W", "plan": 2}, {"id": "Z", "plan": 1}],
                "bands": [{"open": "1970-01-01T00:00:00Z", "close": "1970-01-01T10:00:00Z"}],
            }
        )
    )
    rows = ["at,candidate,action,unit"]
    rows += [f"1970-01-01T0{index + 1}:00:00Z,{one.candidate},choose,{one.unit}" for index, one in enumerate(EVENTS)]
    (tmp_path / "events.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "lists.csv").write_text("candidate,place,unit\nM,1,Z\nM,2,W\nL,1,Z\n")
    out = tmp_path / "out.json"
    names = [str(tmp_path / name) for name in ("session.json", "events.csv", "lists.csv")]
    run = CliRunner().invoke(command, ["parallel", names[0], names[2], "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert {one["id"]: one["unit"] for one in json.loads(out.read_text())["candidates"]} == {
        "H": None,
        "L": None,
        "M": "Z",
    }
    run = CliRunner().invoke(command, ["compare", names[0], names[1], "--lists", names[2], "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert json.loads(out.read_text())["blocking_pairs"] == [{"candidate": "M", "unit": "Z"}]
    (tmp_path / "lists.csv").write_text("candidate,place,unit\nN,1,Z\nM,2,Q\n")
    run = CliRunner().invoke(command, ["parallel", names[0], names[2], "--out", str(out)])
    assert run.exit_code == 2
    assert "lists.csv:2" in run.output
