"""What parents ask first (which school, which papers, does my child qualify), and the disclosure page behind it."""

import datetime as dt

import pytest

from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.claims import ClaimUnknown, checks_for, claims_from, facts_conceded, papers_for
from backend.policy.rules.disclosure import disclosure
from backend.policy.rules.guide import Guide, guide
from backend.policy.rules.places import PlanLine, School, ZoneLine
from backend.policy.rules.placing_words import placing_words

KANGBASHI = read_book(BOOKS / "kangbashi-2020")
DALATE = read_book(BOOKS / "dalate-2022")
WEIFANG = read_book(BOOKS / "weifang-2019")
CAPITAL = read_book(BOOKS / "capital-2023")
UNIT, TOWN_UNIT, VILLAGE_UNIT = "150603001001", "150621100001", "150621101001"
ZONES = [
    ZoneLine("150603-P01", "康巴什一小", "primary", UNIT, "新北社区"),
    ZoneLine("150603-J01", "康巴什一中", "junior", UNIT, "新北社区"),
    ZoneLine("150621-P01", "达旗一小", "primary", TOWN_UNIT, "东园社区", ("1", "3")),
    ZoneLine("150621-P02", "达旗二小", "primary", TOWN_UNIT, "东园社区", ("2", "4")),
]


def asked(**said: str | bool | None) -> Guide:
    return guide(KANGBASHI, ZONES, "primary", UNIT, claims_from(said), dt.date(2021, 8, 31))


def test_a_family_with_its_own_home_learns_school_type_papers_and_dates() -> None:
    """Step 0 of the whole way: address → zone, seat type, papers, dates (A08, A19)."""
    answer = asked(household="here", home="owned", work=None)
    assert answer.of_age is True
    assert answer.schools == (("150603-P01", "康巴什一小"),)
    assert answer.seat_type is not None
    assert answer.seat_type.code == "1"
    assert [paper.kind for paper in answer.papers] == ["household", "property"]
    assert answer.dates[0].what == "小学登记"
    assert answer.dates[0].begins == "2027-05-11 08:00"
    assert any("学位" in note and "3年" in note for note in answer.notes)


def test_a_renting_family_that_works_needs_other_papers() -> None:
    answer = asked(household="elsewhere", home="rented", work="business")
    assert [paper.kind for paper in answer.papers] == ["household", "lease", "residence", "licence"]
    assert answer.seat_type is not None
    assert answer.seat_type.code == "2"


def test_a_family_in_no_type_is_coordinated_and_told_that_a_school_will_be_found() -> None:
    """D04, D08."""
    answer = asked(household="here", home="none", work="none")
    assert answer.seat_type is not None
    assert answer.seat_type.kind == "coordination"
    assert "不会没有学上" in answer.seat_type_text


def test_what_is_not_said_is_not_guessed() -> None:
    answer = guide(DALATE, ZONES, "primary", TOWN_UNIT, claims_from({"home": "owned", "household": "unknown"}), None)
    assert answer.of_age is None
    assert answer.seat_type is None
    assert "第一类：有户有房、第二类：有房无户" in answer.seat_type_text
    assert {code for code, _ in answer.schools} == {"150621-P01", "150621-P02"}


def test_one_community_can_send_seat_types_to_different_schools() -> None:
    """锡林浩特 2023 (domain 2.1)."""
    local = guide(DALATE, ZONES, "primary", TOWN_UNIT, claims_from({"home": "owned", "household": "here"}), None)
    other = guide(DALATE, ZONES, "primary", TOWN_UNIT, claims_from({"home": "owned", "household": "elsewhere"}), None)
    assert local.schools == (("150621-P01", "达旗一小"),)
    assert other.schools == (("150621-P02", "达旗二小"),)


def test_an_address_outside_is_told_so() -> None:
    outside = guide(DALATE, ZONES, "primary", VILLAGE_UNIT, claims_from({"home": "owned", "household": "here"}), None)
    assert any("不在树林召镇的招生范围内" in note for note in outside.notes)
    elsewhere = guide(DALATE, ZONES, "primary", UNIT, {}, None)
    assert any("不在达拉特旗" in note for note in elsewhere.notes)
    unzoned = guide(KANGBASHI, ZONES, "primary", "150603001002", {}, None)
    assert any("还没有划入小学片区" in note for note in unzoned.notes)


def test_a_child_too_young_learns_the_year_that_is_his() -> None:
    answer = guide(KANGBASHI, ZONES, "primary", UNIT, {}, dt.date(2021, 9, 1))
    assert answer.of_age is False
    assert "最早2028年" in answer.age_text


def test_junior_answers_need_no_birth_date() -> None:
    answer = guide(KANGBASHI, ZONES, "junior", UNIT, {}, None)
    assert "应届小学毕业生" in answer.age_text


def test_the_capital_tells_of_the_school_visit_and_of_what_silence_means() -> None:
    """D27, D28."""
    notes = guide(CAPITAL, [], "primary", "150602001001", {}, None).notes
    assert any("短信" in note for note in notes)
    assert any("学籍注册在指派学校，不得转接" in note for note in notes)


def test_an_answer_outside_the_questions_is_refused_in_words() -> None:
    with pytest.raises(ClaimUnknown, match="不能填“castle”"):
        claims_from({"home": "castle"})
    with pytest.raises(ClaimUnknown, match="没有“colour”"):
        claims_from({"colour": "red"})
    with pytest.raises(ClaimUnknown, match="是或否"):
        claims_from({"twins": "yes"})


def test_a_family_is_believed_where_it_speaks_against_itself_and_nowhere_else() -> None:
    """A19: what speaks for the family is verified."""
    against = facts_conceded(claims_from({"household": "elsewhere", "home": "rented", "work": "none"}))
    assert against["household.in_area"] is False
    assert against["home.kind"] == "rented"
    assert against["work.insured_now"] is False
    assert facts_conceded(claims_from({"household": "here", "home": "owned", "work": "insured"})) == {}


def test_papers_come_one_of_a_kind_and_a_birth_certificate_only_where_the_book_does_not_show_it() -> None:
    kinds = [paper.kind for paper in papers_for(KANGBASHI, "primary", claims_from({"on_guardians_book": False}))]
    assert kinds == ["household", "birth"]
    assert [paper.kind for paper in papers_for(KANGBASHI, "primary", {})] == ["household"]


def test_checks_follow_the_claims() -> None:
    """C06a-C06g: seven items; a family without a home is asked for by no-house, insurance, business."""
    owner = checks_for(WEIFANG, "primary", claims_from({"household": "here", "home": "owned"}))
    assert [check.item for check in owner] == ["population", "household", "household_relation", "property"]
    assert owner[3].item_name == "不动产权信息"
    assert "home.registered_on" in owner[3].confirms
    worker = checks_for(
        WEIFANG, "primary", claims_from({"household": "elsewhere", "home": "rented", "work": "insured"})
    )
    assert [check.item for check in worker] == ["population", "household_relation", "no_house", "social_insurance"]


SCHOOLS = [
    School(
        "150603-P01",
        "康巴什一小",
        "primary",
        private=False,
        address="新北路1号",
        phone="",
        conditions="30个班，专任教师80人",
    ),
    School(
        "150603-K01", "康巴什一幼", "kindergarten", private=False, address="新北路2号", phone="", conditions="9个班"
    ),
    School("150603-J01", "康巴什一中", "junior", private=False, address="新北路3号", phone="", conditions="24个班"),
]
PAGE_ZONES = [ZoneLine(school.code, school.name, school.stage, UNIT, "新北社区") for school in SCHOOLS]
PLAN = [PlanLine(school.code, 90, 2) for school in SCHOOLS]


def test_a_complete_disclosure_page_lacks_nothing_and_holds_all_six() -> None:
    """D12a-D12f."""
    page = disclosure(KANGBASHI, SCHOOLS, PAGE_ZONES, PLAN)
    assert page.missing == ()
    assert page.value["book_sha256"] == KANGBASHI.sha256
    assert page.value["zones"][0]["units"] == [{"code": UNIT, "name": "新北社区"}]
    assert page.value["plan"][0] == {
        "school": "150603-J01",
        "school_name": "康巴什一中",
        "stage": "junior",
        "seats": 90,
    }
    assert all(page.value[duty] for duty in ("conditions", "enquiry", "complaint", "papers", "class_forming"))
    assert {"what": "小学登记", "from": "2027-05-11 08:00", "to": "2027-05-20 18:00"} in page.value["dates"]
    assert page.value["preferences"][0]["name"] == "军人子女"
    assert page.value["placing"] == placing_words(KANGBASHI)
    assert {"1", "2", "T"} == {shown["code"] for shown in page.value["seat_types"]}


def test_each_absence_is_named_by_its_duty() -> None:
    bare = School("150603-P02", "康巴什二小", "primary", private=False, address="", phone="", conditions="")
    page = disclosure(KANGBASHI, [*SCHOOLS, bare], PAGE_ZONES, PLAN)
    assert [missing.duty for missing in page.missing] == ["D12a", "D12b", "D12d"]
    assert all("康巴什二小" in missing.what for missing in page.missing)
    assert {missing.duty for missing in disclosure(KANGBASHI, [], [], []).missing} == {"D12a"}


def test_schools_of_stages_that_do_not_open_are_not_disclosed() -> None:
    kindergarten = SCHOOLS[1]
    value = disclosure(CAPITAL, [kindergarten], [], []).value
    assert value["zones"] == []
