"""学位确定: the type that verified facts give, why, and what is asked when a fact is missing (A08, A19, domain 2.1)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.placement.rules.run import run_placement
from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.claims import checks_for, claims_from, facts_assumed, facts_conceded
from backend.policy.rules.facts import FACTS, Fact, Value
from backend.policy.rules.seat_types import order_keys_for, seat_type_for, zone_order

BOOK_OF = {folder.name: read_book(folder) for folder in BOOKS.iterdir()}
DALATE, KANGBASHI = BOOK_OF["dalate-2022"], BOOK_OF["kangbashi-2020"]
WEIFANG, CAPITAL = BOOK_OF["weifang-2019"], BOOK_OF["capital-2023"]


def any_value(fact: Fact) -> st.SearchStrategy[Value]:
    if fact.kind == "truth":
        return st.booleans()
    if fact.kind == "number":
        return st.integers(0, 100)
    if fact.kind == "date":
        return st.dates().map(lambda day: day.isoformat())
    return st.sampled_from(sorted(fact.values) or [""])


all_facts = st.fixed_dictionaries({name: any_value(fact) for name, fact in FACTS.items()})
books = st.sampled_from(sorted(BOOK_OF))


def settled(book_name: str, stage: str, facts: dict[str, Value]) -> str:
    verdict = seat_type_for(BOOK_OF[book_name], stage, facts)
    assert verdict.settled is not None
    return verdict.settled.code


@given(books, all_facts)
@settings(max_examples=100, deadline=None)
def test_with_all_facts_known_every_child_has_a_class_that_the_placement_knows(
    name: str, facts: dict[str, Value]
) -> None:
    """D04: nobody is left without a class; the class is one of contracts 2's `classes` or its `last_class`."""
    for stage in BOOK_OF[name].stages:
        order = zone_order(BOOK_OF[name], stage)
        assert settled(name, stage, facts) in {*order["classes"], order["last_class"]}


@given(books, all_facts, st.sets(st.sampled_from([name for name in FACTS if FACTS[name].unless_recorded is None])))
@settings(max_examples=100, deadline=None)
def test_a_type_settled_early_is_the_type_settled_late(name: str, facts: dict[str, Value], unknown: set[str]) -> None:
    known = {fact: value for fact, value in facts.items() if fact not in unknown}
    early = seat_type_for(BOOK_OF[name], "primary", known)
    late = seat_type_for(BOOK_OF[name], "primary", facts)
    assert late.settled is not None
    if early.settled is None:
        assert set(early.missing) <= unknown
        assert late.settled in early.possible
    else:
        assert early.settled == late.settled


@given(all_facts)
@settings(max_examples=50, deadline=None)
def test_keys_carry_only_values_that_the_zone_mechanism_accepts(facts: dict[str, Value]) -> None:
    """Contracts 2: a value not listed is bad input; keys of other types are left out."""
    for name, book in BOOK_OF.items():
        code = settled(name, "primary", facts)
        listed = {key["key"]: key for key in zone_order(book, "primary")["order"]}
        for key, value in order_keys_for(book, code, facts).items():
            allowed = listed[key].get("values")
            assert value is None or allowed is None or value in allowed
            assert not isinstance(value, bool)


@pytest.mark.parametrize(
    ("in_town", "home", "code"),
    [
        (True, "owned", "1"),
        (True, "contract", "1"),
        (False, "owned", "2"),
        (True, "rented", "3"),
        (False, "rented", "4"),
        (False, "none", "T"),
    ],
)
def test_the_five_types_of_dalate(in_town: bool, home: str, code: str) -> None:  # noqa: FBT001  # a table of cases
    """达拉特旗: 户+房, 房, 户+租, 租; what none of them covers is coordinated, never refused (D04)."""
    facts: dict[str, Value] = {
        "household.in_area": in_town,
        "home.kind": home,
        "home.in_area": home in {"owned", "contract"},
    }
    assert settled("dalate-2022", "primary", facts) == code


@pytest.mark.parametrize("deed", ["false_papers", "absent_last_year", "papers_late", "formalities_missed"])
def test_whoever_falls_into_the_penalty_class_stays_there_whatever_he_owns(deed: str) -> None:
    """达拉特 type 5; T-2.6: a lapsed correction is `papers_late`."""
    facts: dict[str, Value] = {
        "household.in_area": True,
        "home.kind": "owned",
        "home.in_area": True,
        f"conduct.{deed}": True,
    }
    verdict = seat_type_for(DALATE, "primary", facts)
    assert verdict.settled is not None
    assert (verdict.settled.code, verdict.settled.kind) == ("5", "penalty")
    assert order_keys_for(DALATE, "5", facts) == {}


def test_kangbashi_own_home_lived_in_is_first_and_a_flat_or_rent_with_work_second() -> None:
    """康巴什 2020: 1 own 住宅 and really lives there; 2 own 公寓, or rents and works."""
    home: dict[str, Value] = {
        "home.kind": "owned",
        "home.use": "住宅",
        "home.in_banner": True,
        "home.owner_relation": "parents",
        "home.lived_in": True,
    }
    assert settled("kangbashi-2020", "primary", home) == "1"
    assert settled("kangbashi-2020", "primary", home | {"home.use": "公寓"}) == "2"
    assert settled("kangbashi-2020", "primary", home | {"home.seat_used": True}) == "T"
    rents: dict[str, Value] = {"home.kind": "rented", "work.insured_now": False, "work.business_active": True}
    assert settled("kangbashi-2020", "primary", rents) == "2"
    assert settled("kangbashi-2020", "primary", rents | {"work.business_active": False}) == "T"


def test_weifang_takes_insurance_or_a_business_for_families_without_a_home() -> None:
    """C06e-C06g: 无房证明, 社保证明, 个体工商户登记."""
    base: dict[str, Value] = {"household.in_banner": False, "home.kind": "rented", "home.none": True}
    work: dict[str, Value] = {"work.insured_now": True, "work.business_active": False}
    assert settled("weifang-2019", "primary", base | work) == "4"
    assert settled("weifang-2019", "primary", base | work | {"household.in_banner": True}) == "3"
    assert settled("weifang-2019", "primary", base | {"work.insured_now": False, "work.business_active": False}) == "T"


def test_a_junior_school_of_the_capital_takes_its_zone_and_its_feeder_primary() -> None:
    """D06: household first; D07: zone and 对口直升 for junior schools only; B11, D08, D14: migrants by residence permit."""
    facts: dict[str, Value] = {"household.in_zone": False, "household.in_banner": True, "school.feeder_matches": True}
    assert settled("capital-2023", "junior", facts) == "1J"
    assert settled("capital-2023", "primary", facts) == "2"
    migrant: dict[str, Value] = {"household.in_zone": False, "household.in_banner": False}
    assert settled("capital-2023", "primary", migrant) == "3"


@pytest.mark.parametrize("name", sorted(BOOK_OF))
@pytest.mark.parametrize("household", ["here", "elsewhere"])
@pytest.mark.parametrize("home", ["owned", "rented", "none"])
@pytest.mark.parametrize("work", ["insured", "business", "none"])
def test_a_family_confirmed_in_everything_needs_no_person(name: str, household: str, home: str, work: str) -> None:
    """A26, C07: what the book's own checks confirm, with what a family concedes, settles the seat type by itself.

    Living in one's own home is declared at one's own risk; a purchase contract is always looked at by a person.
    """
    book = BOOK_OF[name]
    claims = claims_from({"household": household, "home": home, "work": work})
    unit = f"{(book.area.towns or (book.banner + '001',))[0]}001"
    assumed = facts_assumed(book, claims, unit)
    for stage in book.stages:
        confirmed = {fact for check in checks_for(book, stage, claims) for fact in check.confirms} | {"home.lived_in"}
        facts = facts_conceded(claims) | {fact: value for fact, value in assumed.items() if fact in confirmed}
        verdict = seat_type_for(book, stage, facts)
        assert verdict.settled is not None, verdict.missing
        assert verdict.settled == seat_type_for(book, stage, assumed).settled


def test_a_missing_fact_is_named_and_no_type_is_guessed() -> None:
    """Domain 2.11: a department that did not answer must not cost the better type."""
    verdict = seat_type_for(DALATE, "primary", {"home.kind": "rented"})
    assert verdict.settled is None
    assert verdict.missing == ("household.in_area",)
    assert [kind.code for kind in verdict.possible] == ["3", "4", "T"]


def test_the_trace_says_each_condition_and_what_was_found() -> None:
    lines = seat_type_for(DALATE, "primary", {"household.in_area": False, "home.kind": "rented"}).lines()
    assert lines[-1].startswith("第四类：无户租房：符合。")
    assert "户籍在本册的招生范围内——否" in lines[-1]
    assert "住房情况——租房居住" in lines[-1]
    assert any(line.startswith("第一类：有户有房：不符合。") for line in lines)


def test_the_keys_of_dalate_put_homes_before_flats_and_dwellers_before_others() -> None:
    facts: dict[str, Value] = {"home.use": "商业", "home.lived_in": True}
    assert order_keys_for(DALATE, "1", facts) == {"home-use": None, "lived-in": "是"}
    assert order_keys_for(DALATE, "3", facts) == {}


def test_longer_insurance_stands_first_in_weifangs_fourth_type() -> None:
    order = {key["key"]: key for key in zone_order(WEIFANG, "primary")["order"]}
    assert order["insured-months"]["direction"] == "descending"
    assert order_keys_for(WEIFANG, "4", {"work.insured_months": 30}) == {"insured-months": 30, "business-founded": None}


def test_classes_belong_to_their_stage() -> None:
    assert zone_order(CAPITAL, "primary")["classes"] == ["1", "2", "3", "T"]
    assert zone_order(CAPITAL, "junior")["classes"] == ["1J", "2", "3", "T"]
    assert zone_order(KANGBASHI, "primary")["last_class"] is None


def test_weifang_puts_a_household_that_stands_where_the_home_is_before_an_earlier_date() -> None:
    """E27 人户一致优先: among owners who are registered in the banner, those registered in the home's own zone go first."""
    both: dict[str, Value] = {"household.in_zone": True, "home.registered_on": "2024-01-01"}
    apart: dict[str, Value] = {"household.in_zone": False, "home.registered_on": "2012-01-01"}
    people = {"both": both, "apart": apart, "unknown": {"home.registered_on": "2010-01-01"}}
    applicants = [
        {
            "id": one,
            "zone": "P",
            "class": "1",
            "keys": {key: value for key, value in order_keys_for(WEIFANG, "1", facts).items() if value is not None},
        }
        for one, facts in people.items()
    ]
    rules = zone_order(WEIFANG, "primary") | {"last_class": "last"}
    schools = [{"id": "P", "seats": 3, "overflow": []}]
    head = {"mechanism": "zone", "seed": "s", "draw": "d", "schools": schools, "applicants": applicants}
    rows = run_placement(head | rules)["placements"]
    assert {row["id"]: row["position"] for row in rows} == {"both": 1, "apart": 2, "unknown": 3}
