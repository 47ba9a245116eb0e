"""A faulty rule-book tells all its faults at once, each with a pointer and a Chinese sentence; guard rails hold."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.facts import FACTS
from backend.policy.rules.parse_book import BookFaulty, book_of, parse_book
from backend.policy.rules.predicates import condition_faults

Content = dict[str, Any]


def content_of(model: str = "dalate-2022") -> Content:
    return copy.deepcopy(read_book(BOOKS / model).content)


def faults_of(content: Content) -> dict[str, list[str]]:
    try:
        book_of(content)
    except BookFaulty as faulty:
        told: dict[str, list[str]] = {}
        for fault in faulty.faults:
            told.setdefault(fault.pointer, []).append(fault.what)
        return told
    return {}


def faults_after(change: Callable[[Content], object], model: str = "dalate-2022") -> dict[str, list[str]]:
    content = content_of(model)
    change(content)
    return faults_of(content)


def test_every_fault_is_told_at_once_inside_and_between_sections() -> None:
    def spoil(content: Content) -> None:
        content["year"] = "2027"
        content["flow"] = "by-hand"
        content["windows"][0]["closes_at"] = content["windows"][0]["opens_at"]
        content["windows"][1]["opens_at"] = "2027-05-17T08:00:00"
        content["seat_types"][1]["code"] = "1"
        content["seat_types"][2]["when"] = {"fact": "home.colour", "is": "red"}
        content["papers"][0]["kind"] = "diploma"
        del content["confirmation"]
        content["unheard"] = 1
        content["enquiry"] = []

    told = faults_after(spoil)
    assert set(told) >= {
        "/year",
        "/flow",
        "/windows/0/closes_at",
        "/windows/1/opens_at",
        "/seat_types/1/code",
        "/seat_types/2/when/fact",
        "/papers/0/kind",
        "/confirmation",
        "/unheard",
        "/enquiry",
    }
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in what) for whats in told.values() for what in whats)


def test_a_file_that_is_no_toml_is_one_clear_fault() -> None:
    with pytest.raises(BookFaulty, match="不是正确的 TOML"):
        parse_book("banner = ")


def test_an_empty_book_names_every_missing_section() -> None:
    told = faults_of({})
    assert {"/banner", "/seat_types", "/windows", "/papers", "/disclosure", "/confirmation"} <= set(told)


@pytest.mark.parametrize(
    "fact",
    ["contest.won", "certificate.level", "grade.piano", "donation.amount", "exam.score", "prize.level", "竞赛.等级"],
)
def test_no_fact_about_contests_grades_certificates_or_donations_is_accepted(fact: str) -> None:
    """D05a-D05f: such a fact can decide neither a seat type nor an order."""
    told = faults_after(lambda content: content["seat_types"][0].update(when={"fact": fact, "is": True}))
    assert "不得作为入学依据" in told["/seat_types/0/when/fact"][0]
    told = faults_after(lambda content: content["order"][0].update(fact=fact))
    assert "不得作为排序依据" in told["/order/0/fact"][0]


@pytest.mark.parametrize(
    "key", ["contest_points", "certificates", "grade", "donation", "score_order", "奥数", "捐资助学"]
)
def test_no_field_of_such_a_name_is_accepted_anywhere(key: str) -> None:
    """D05a-D05f."""
    assert f"/{key}" in faults_after(lambda content: content.update({key: True}))
    assert f"/placement/{key}" in faults_after(lambda content: content["placement"].update({key: True}))
    assert f"/seat_types/0/{key}" in faults_after(lambda content: content["seat_types"][0].update({key: 1}))


def test_no_word_of_the_vocabulary_is_itself_forbidden() -> None:
    for name in FACTS:
        question = {"truth": True, "number": 1, "date": "2020-01-01", "text": next(iter(FACTS[name].values), "x")}
        assert not list(condition_faults({"fact": name, "is": question[FACTS[name].kind]}, FACTS, ""))


@pytest.mark.parametrize("key", ["refuse_when", "reject", "拒收条件"])
def test_no_school_can_be_given_an_action_to_refuse_a_child(key: str) -> None:
    """D04: 各公办学校不得以任何理由拒绝新生入学."""
    assert any("拒绝新生" in what for what in faults_after(lambda content: content.update({key: {}}))[f"/{key}"])


@pytest.mark.parametrize("stage", ["kindergarten", "primary"])
def test_interviews_are_refused_for_kindergarten_and_primary_whatever_is_stated(stage: str) -> None:
    """D05a; D10 speaks of private junior schools alone."""
    setting = {"stages": [stage], "d10_interview_exception": "民办学校招生办法第五条"}
    assert "/interview/stages/0" in faults_after(lambda content: content.update(interview=setting))


def test_interviews_of_junior_schools_need_the_stated_exception() -> None:
    """D10: 民办初中电脑随机派位加面谈; off unless the exception is stated in words."""
    setting = {"stages": ["junior"], "d10_interview_exception": " "}
    assert "/interview/stages/0" in faults_after(lambda content: content.update(interview=setting))
    stated = setting | {"d10_interview_exception": "市教育局民办初中招生办法第三条"}
    assert faults_after(lambda content: content.update(interview=stated)) == {}
    assert read_book(BOOKS / "dalate-2022").interview.stages == ()


@pytest.mark.parametrize("requirement", ["zones", "plan", "dates", "conditions", "enquiry", "complaint"])
def test_none_of_the_six_disclosures_can_be_left_out(requirement: str) -> None:
    """D12a-D12f."""
    told = faults_after(lambda content: content["disclosure"]["requires"].remove(requirement))
    assert len(told["/disclosure/requires"]) == 1


@pytest.mark.parametrize("name", ["学前教育证明", "计划生育证明", "超龄入学证明", "预防接种证", "竞赛获奖证书"])
def test_abolished_and_forbidden_papers_cannot_be_asked(name: str) -> None:
    """Domain 2.4 (autonomous region 2023), D05c."""
    told = faults_after(lambda content: content["papers"].append({"kind": "other", "name": name, "why": "查验"}))
    assert "/papers/6/name" in told


def test_the_penalty_class_asks_conduct_and_nothing_else_asks_it() -> None:
    """达拉特 type 5: false papers, absence, late papers, missed formalities; never a family's circumstances."""
    told = faults_after(lambda content: content["seat_types"][4].update(when={"fact": "home.kind", "is": "rented"}))
    assert "/seat_types/4/when" in told
    accused = {"fact": "conduct.false_papers", "is": False}
    assert "/seat_types/0/when" in faults_after(lambda content: content["seat_types"][0].update(when=accused))


def test_lapses_into_the_penalty_class_need_one() -> None:
    """T-2.6; silence that means the penalty class next year needs the class to ask for it."""
    told = faults_after(lambda content: content["seat_types"].pop(4))
    assert len(told["/returns/lapse"]) == 3
    assert len(told["/confirmation/silence"]) == 3


def test_papers_at_the_school_need_the_visit_and_the_schools_confirmation() -> None:
    """D26, D27."""
    assert "/school_visit" in faults_after(lambda content: content.pop("school_visit"), "capital-2023")
    told = faults_after(lambda content: content["confirmation"].update(by="guardian"), "capital-2023")
    assert set(told) == {"/confirmation/by", "/confirmation/silence"}
    visit = {"brings": ["household"], "notice": "带户口簿"}
    assert "/school_visit" in faults_after(lambda content: content.update(school_visit=visit))


def test_a_department_fact_that_nobody_confirms_is_a_fault() -> None:
    """A19: police and housing are asked before a seat type is fixed."""
    told = faults_after(lambda content: content["checks"].pop(1))
    assert any("户籍在本册的招生范围内" in what for what in told["/seat_types/0/when"])


def test_checks_ask_only_what_the_exchange_has() -> None:
    """C06a-C06g."""
    assert "/checks/0/item" in faults_after(lambda content: content["checks"][0].update(item="marriage"))
    assert "/checks/0/compares" in faults_after(lambda content: content["checks"][0].update(compares=["score_of_exam"]))


def test_one_twin_more_than_planned_needs_a_rule_that_allows_it() -> None:
    """Guard rail: admitted above plan only by a rule (domain 2.8)."""
    told = faults_after(lambda content: content["placement"].update(last_bundle="add"))
    assert set(told) == {"/placement/over_plan"}


def test_a_lock_on_homes_shows_in_the_seat_types() -> None:
    """Domain 2.3: one seat per home; off by default, and never half on."""
    assert set(faults_after(lambda content: content.pop("locks"), "kangbashi-2020")) == {"/locks"}
    lock = {"stage": "primary", "years": 6}
    assert set(faults_after(lambda content: content.update(locks=[lock]))) == {"/locks"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda c: c["windows"].append(c["windows"][0]), "/windows/3"),
        (lambda c: c["windows"].append(c["windows"][0] | {"kind": "supplement"}), "/windows/3"),
        (lambda c: c["ages"].pop(0), "/ages"),
        (lambda c: c["ages"][0].update(by="02-30"), "/ages/0/by"),
        (lambda c: c["ages"][2].update(turns=12), "/ages/2"),
        (lambda c: c["terms"].pop(0), "/terms"),
        (lambda c: c["dates"][0].update(to_on="2027-02-30"), "/dates/0/to_on"),
        (lambda c: c["dates"][0].update(to_on="2027-01-01"), "/dates/0/to_on"),
        (lambda c: c["area"].update(towns=["150622100"]), "/area/towns/0"),
        (lambda c: c["windows"][0].update(opens_at="2027-05-17T08:00:00+00:00"), "/windows/0/opens_at"),
        (lambda c: c["order"][0].update(values=["别墅"]), "/order/0/values"),
        (lambda c: c["order"][0].update(seat_types=["5"]), "/order/0/seat_types"),
        (lambda c: c["coordination"].update(code="1"), "/seat_types/0/code"),
        (lambda c: c["terms"][0].update(days=0), "/terms/0/days"),
        (lambda c: c["version"].__class__ and c.update(version=True), "/version"),
    ],
)
def test_each_slip_is_found_where_it_is(change: Callable[[Content], object], pointer: str) -> None:
    assert pointer in faults_after(change)


def test_a_placement_by_zones_counts_one_school_and_says_how_to_let_families_rank() -> None:
    """A second choice that nobody reads would be a promise broken (C04)."""
    told = faults_after(lambda content: content["placement"].update(choices_at_most=2))
    assert told == {
        "/placement/choices_at_most": [
            '按片区派位（zone）只认一所学校，choices_at_most 应为 1；要让家长填几个志愿，请写 mechanism = "choice"。'
        ]
    }


def test_a_placement_by_choices_lets_families_rank_and_keeps_twins_together_or_not() -> None:
    def by_choices(content: Content) -> None:
        content["placement"].update(mechanism="choice", choices_at_most=3)

    def apart(content: Content) -> None:
        by_choices(content)
        content["families"]["twins_together"] = False

    def one_school(content: Content) -> None:
        apart(content)
        content["placement"].update(multi_school="chosen-school", choices_at_most=1)

    assert faults_after(by_choices) == {}
    assert faults_after(apart) == {}
    assert set(faults_after(one_school)) == {"/placement/multi_school"}


@pytest.mark.parametrize(
    ("letters", "pointer"),
    [
        ([{"stage": "primary", "opens_at": "2020-01-01T10:00:00+08:00"}], "/letters/0/opens_at"),
        ([{"stage": "primary", "opens_at": "2099-08-01T10:00:00+00:00"}], "/letters/0/opens_at"),
        ([{"stage": "primary", "opens_at": "2099-08-01T10:00:00+08:00"}] * 2, "/letters/1"),
    ],
)
def test_the_hour_of_a_result_lies_after_the_close_in_beijing_time_and_is_named_once(
    letters: list[dict[str, str]], pointer: str
) -> None:
    """Wishes 13: nobody's result is fixed for an hour at which families still register."""
    assert pointer in faults_after(lambda content: content.update(letters=letters))
    assert (
        faults_after(lambda content: content.update(letters=[letters[0] | {"opens_at": "2099-08-01T10:00:00+08:00"}]))
        == {}
    )


def test_a_stage_whose_seats_are_given_otherwise_is_looked_at_like_the_whole_book() -> None:
    """C04, D06: junior schools may be ranked where primary schools go by zones; a stage stands once and has a window."""

    def spoil(content: Content) -> None:
        own = content["stage_placements"][0] | {"mechanism": "zone", "last_bundle": "skip"}
        content["stage_placements"] += [own, content["placement"] | {"stage": "kindergarten", "mechanism": "choice"}]
        content["windows"] = [window for window in content["windows"] if window["stage"] != "kindergarten"]

    told = faults_after(spoil, "weifang-2019")
    assert "写了两次" in told["/stage_placements/1"][0]
    assert "choices_at_most 应为 1" in told["/stage_placements/1/choices_at_most"][0]
    assert "要一起写" in told["/stage_placements/1/over_plan"][0]
    assert "chosen-school" in told["/stage_placements/2/multi_school"][0]
    assert "没有登记时间" in told["/stage_placements/2/stage"][0]
