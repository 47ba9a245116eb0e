"""What a rehearsal wrote down becomes figures that add up, or say where they do not."""

from typing import Any

import pytest

from backend.enrolment.rules.states import STATES
from backend.notices.sentences import say
from backend.policy.rules.facts import EXCHANGE_ITEMS
from rehearsal.figures import STEPS, figures_of
from rehearsal.played import Seen
from rehearsal.season_figures import season_of, step_of

ITEMS = {name: item for item, (name, _) in EXCHANGE_ITEMS.items()}
WAY = (
    "已提交",
    "等待工作人员查看",
    "审核通过",
    "学位类型已确定",
    "名单已封存，等待派位",
    "已派位，等待确认",
    "已确认入学",
    "已报到",
    "学籍已建立",
)


ANSWERED = {"application": "A1", "school": "P1", "card_lines": 3, "messages": 1, "said": [], "step": "zone"}
EXAM = {
    "candidates": 4, "rounds": 2, "done": {"logged-in": 4}, "read": 4, "admitted": 3, "public_admitted": 3,
    "above_plan": 0, "passed_over": 0, "passed_over_lists": 0,
}  # fmt: skip


def line(what: str, second: int, **more: Any) -> dict[str, Any]:
    return {"what": what, "at": f"2026-11-22T08:00:{second:02d}+08:00", "check_id": None, "verdict": "info"} | more


def journal(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    child = {
        "application": "A1",
        "receipt": "R1",
        "papers": {"sent": 4, "good": 3, "retake": 1},
        "waits": {"receipt": 90},
    }
    diary = [line(what, index) for index, what in enumerate(WAY)]
    diary.append(line("户籍信息", 1, check_id="c1", verdict="match"))
    told: dict[str, list[dict[str, Any]]] = {
        "began": [{"at": "2026-11-22T08:00:00+08:00"}],
        "phase": [{"name": "file", "ms": 1000}, {"name": "file", "ms": 500}],
        "filed": [{"family": "F1", "channel": "wechat", "children": [child], "tries": [["GET /api/me", 12, 200]]}],
        "corrected": [{"family": "F1", "children": [{"application": "A1", "papers": {"sent": 1, "good": 1}}]}],
        "case": [{"application": "A1", "decision": "return", "checks": {"户籍信息": "mismatch"}}],
        "killed": [{"queue": "checks", "at_ms": 10, "back_ms": 700}],
        "run": [
            {
                "id": "r",
                "scope": "150603/primary/2027",
                "input_sha256": "ab",
                "silent": 0,
                "keeps_silent": 0,
                "struck_out": 0,
            }
        ],
        "answered": [{"family": "F1", "children": [ANSWERED]}],
        "classes": [{"school": "P1", "confirmed": 1, "classes": [1], "records": {"rows": 1}}],
        "page": [
            {
                "school": "P1",
                "stage": "primary",
                "name": "一小",
                "page": {"seats": 2, "placed": 1, "receipts": ["R1"], "input_sha256": "ab", "leaks": 0},
            }
        ],
        "ledger": [{"season": "2027", "level": "public", "verified": 3, "decisions": 3}],
        "exam": [EXAM],
        "seen": [
            {
                "family": "F1",
                "children": [
                    {"application": "A1", "state": "recorded", "receipt": "R1", "school": "P1", "diary": diary}
                ],
            }
        ],
        "ended": [{"at": "2026-11-22T08:01:00+08:00", "gateways": {"sms": {"sent": 2}}, "cpu_ms": {"web": 7}}],
    }
    return told | changes


def figures(**changes: Any) -> dict[str, Any]:
    city = {"seed": "s", "year": 2027, "families": 1, "banners": [{"code": "150603"}]}
    family = {"id": "F1", "banner": "150603", "stage": "primary", "choices": ["P1"], "expected": {}}
    families = {"F1": {**family, "form": {"unit_code": "150603001001"}}}
    return figures_of(season_of(Seen(journal(**changes), city, families, ITEMS)))


def broken(told: dict[str, Any]) -> list[str]:
    return [each["what"] for each in told["adds_up"] if not each["holds"]]


def test_a_whole_season_adds_up_and_every_step_is_counted() -> None:
    told = figures()
    assert broken(told) == []
    assert [each["applications"] for each in told["funnel"]] == [1] * len(STEPS)
    assert told["final_states"] == {"recorded": 1}


def test_the_first_word_of_a_department_counts_also_where_the_family_corrected_itself_later() -> None:
    """The published shares (C18) are those of the first check."""
    assert figures()["checks"]["police/household"]["mismatch"] == 1
    assert figures(case=[])["checks"]["police/household"]["match"] == 1


def test_pictures_of_all_visits_are_summed_and_phases_that_went_on_are_one() -> None:
    told = figures()
    assert told["papers"] == {"good": 4, "retake": 1, "sent": 5}
    assert told["clock"]["phases"] == [{"name": "file", "ms": 1500}]
    assert told["waits"]["checks"]["p50_ms"] == 1000


def test_every_line_of_the_diary_that_makes_a_step_is_known() -> None:
    """The funnel is read from the words that families see."""
    steps = {state: step_of(say(f"word.diary.state.{state}")) for state in STATES}
    assert {step for step in steps.values() if step} == set(STEPS) - {"registered"}
    assert all(step in (None, state) for state, step in steps.items())


def test_a_rehearsal_that_went_on_counts_nothing_twice() -> None:
    twice = {
        kind: [*lines, *lines]
        for kind, lines in journal().items()
        if kind in ("page", "run", "seen", "answered", "filed")
    }
    assert broken(figures(**twice)) == []
    assert figures(**twice)["final_states"] == {"recorded": 1}


PAGE = {"seats": 2, "placed": 1, "receipts": ["R1"], "input_sha256": "ab", "leaks": 0}


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"seen": []}, "every application is in a final state"),
        ({"filed": []}, "every family has an application"),
        ({"killed": [{"queue": "checks", "at_ms": 1, "back_ms": None}]}, "workers that were killed came back"),
        ({"classes": [{"school": "P1", "confirmed": 1, "classes": [1], "records": {"rows": 0}}]}, "pupils in classes are records"),
        ({"exam": [EXAM | {"read": 3}]}, "candidates who read their result"),
        ({"exam": [EXAM | {"public_admitted": 2}]}, "candidates who are told a school are those of the public results"),
        ({"exam": [EXAM | {"above_plan": 1}]}, "candidates admitted above the plan without a tie"),
        ({"ledger": [{"season": "2027", "level": "public", "verified": 2, "decisions": 3}]}, "decisions of the public ledger of 2027 that its checker verifies"),
        ({"page": [{"school": "P1", "stage": "primary", "name": "一", "page": PAGE | {"leaks": 1}}]}, "names and identity numbers on public pages"),
        ({"page": [{"school": "P1", "stage": "primary", "name": "一", "page": PAGE | {"receipts": ["R9"]}}]}, "receipts on public pages are receipts of families"),
        ({"page": [{"school": "P1", "stage": "primary", "name": "一", "page": PAGE | {"input_sha256": "cd"}}]}, "public pages name the input of a released run"),
    ],
)  # fmt: skip
def test_what_was_lost_is_named(changes: dict[str, Any], what: str) -> None:
    assert what in broken(figures(**changes))


def verified(**changes: Any) -> list[dict[str, Any]]:
    """The desk's figures at the end of the review."""
    items = [
        {"item": "police/household", "pass_rate": 6300, "match": 63, "mismatch": 37, "not-found": 0},
        {"item": "land/property", "pass_rate": 8600, "match": 86, "mismatch": 14, "not-found": 0},
        {"item": "market/business", "pass_rate": 9000, "match": 9, "mismatch": 1, "not-found": 0},
    ]
    people = {"handed_in": 100, "passed": 86, "by_hand": 14, "under_way": 0, "pass_rate": 8600}
    told = {"items": items, "people": people, "refused_files": 1, "lines": [{"department": "land", "failed_at": "x"}]}
    return [{"banner": "150603", "told": told | changes, "queue": []}]


def test_what_a_family_read_before_it_corrected_is_the_first_word() -> None:
    """C18: a second submission that matches does not raise the rate of the first."""
    corrected = [
        {"family": "F1", "children": [{"application": "A1", "papers": {}, "checks": {"户籍信息": "not-found"}}]}
    ]
    assert figures(corrected=corrected)["checks"]["police/household"]["not-found"] == 1


def test_an_outage_is_a_rehearsal_only_if_it_was_met() -> None:
    """The hard day: the department was out, its wrong file was refused, and pictures were judged in time."""
    usual = figures(verification=verified(refused_files=0, lines=[]))
    assert broken(usual) == []
    outage = [{"name": "outage"}]
    assert broken(figures(weather=outage, verification=verified())) == []
    missed = figures(weather=outage, verification=verified(refused_files=0, lines=[]))
    assert broken(missed) == ["the outage of the land registry was met", "the wrong batch file was refused whole"]


def test_a_rejection_that_no_official_spoke_is_named() -> None:
    """P19: no answer of a department turns anybody away."""
    seen = journal()["seen"]
    seen[0]["children"][0]["state"] = "rejected"
    assert "applications rejected without an official's word" in broken(figures(seen=seen))
