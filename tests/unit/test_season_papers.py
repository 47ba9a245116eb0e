"""Families correct their forms by their papers, and the simulated desk decides by them alone."""

from typing import Any

import pytest

from backend.policy.rules.facts import FACTS
from rehearsal.chance import Chance
from rehearsal.families import Place, draw_family
from rehearsal.fates import Check, Fate
from rehearsal.identity_numbers import NumberOffice
from rehearsal.land import units_of
from rehearsal.season_papers import FIELD_NAMES, corrected, decide, facts_proved, unit_at, unlike_the_papers

UNIT = units_of("150603")[5]
SCHOOLS = {"primary": ("150603-P01", "150603-P02")}


def family(fate: Fate, number: int = 7) -> dict[str, Any]:
    place = Place(2027, "primary", UNIT)
    told, _ = draw_family("s", number, place, fate, Chance(f"family {number}"), NumberOffice(), SCHOOLS)
    return told


def case_of(told: dict[str, Any], **changes: Any) -> dict[str, Any]:
    case = {
        "form": told["form"],
        "banner": "150603",
        "stage": "primary",
        "guardian": {"name": told["guardian"]["name"], "relation": told["children"][0]["relation"]},
        "papers": [{"kind": kind, "state": "good"} for kind in told["papers"]],
        "checks": [],
        "missing": [],
    }
    return case | changes


SLIPS = {
    "household_number": Fate(household=Check("mismatch", "household_number", "family")),
    "household_unit": Fate(household=Check("mismatch", "unit_code", "family")),
    "home.use": Fate(property=Check("mismatch", "use", "family")),
    "home.certificate": Fate(property=Check("not-found", None, "family")),
    "work.months": Fate(employment=Check("mismatch", "months", "family")),
    "work.credit_code": Fate(work="business", employment=Check("mismatch", "credit_code", "family")),
}


@pytest.mark.parametrize("fate", [Fate(), Fate(home="rented"), Fate(home="contract"), Fate(home="none", work="none")])
def test_a_family_that_wrote_the_truth_has_nothing_to_correct(fate: Fate) -> None:
    told = family(fate)
    assert corrected(told["form"], told["papers_say"]) == told["form"]
    assert unlike_the_papers(told["form"], told["papers_say"]) == []


@pytest.mark.parametrize(("slip", "fate"), SLIPS.items())
def test_every_slip_of_a_family_is_seen_on_its_papers_and_corrected_to_the_truth(slip: str, fate: Fate) -> None:
    wrong = family(fate)
    truth = family(Fate(work=fate.work))
    assert unlike_the_papers(wrong["form"], wrong["papers_say"]) == [slip]
    assert corrected(wrong["form"], wrong["papers_say"]) == truth["form"]


def test_a_household_outside_the_prefecture_is_corrected_to_elsewhere() -> None:
    told = family(Fate(household=Check("not-found", None, "family")))
    form = corrected(told["form"], told["papers_say"])
    assert form["household"] == "elsewhere"
    assert "household_unit" not in form
    assert unlike_the_papers(told["form"], told["papers_say"]) == ["household"]


def test_the_form_is_not_changed_in_place() -> None:
    told = family(SLIPS["home.use"])
    before = repr(told["form"])
    corrected(told["form"], told["papers_say"])
    assert repr(told["form"]) == before


def test_an_address_is_found_in_its_unit_and_a_strange_one_in_none() -> None:
    assert unit_at(f"{UNIT.address}阳光花园3号楼") == UNIT.code
    assert unit_at("陕西省榆林市榆阳区草原新城5号楼") is None


@pytest.mark.parametrize("fate", SLIPS.values())
def test_the_desk_returns_what_the_family_wrote_wrongly_and_names_the_field(fate: Fate) -> None:
    """A person never rejects a child over a slip of the pen (promises P19)."""
    told = family(fate)
    found = decide(case_of(told), told["papers_say"], {})
    assert (found.decision, found.reason_code) == ("return", "field-wrong")
    assert any(name in found.reason for name in FIELD_NAMES.values())
    form = corrected(told["form"], told["papers_say"])
    assert decide(case_of(told, form=form), told["papers_say"], {}).decision == "accept"


def test_what_was_not_photographed_cannot_contradict_the_form() -> None:
    told = family(SLIPS["home.use"])
    seen = case_of(told, papers=[{"kind": "household", "state": "good"}])
    assert decide(seen, told["papers_say"], {}).decision == "accept"


def test_accepting_establishes_what_is_missing_and_what_the_department_did_not_confirm_and_nothing_else() -> None:
    told = family(Fate(property=Check("mismatch", "use", "department")))
    checks = [{"item": "不动产权信息", "state": "mismatch"}, {"item": "户籍信息", "state": "match"}]
    missing = [{"fact": "residence.permit"}]
    zones = {UNIT.code: ["150603-P01"]}
    found = decide(case_of(told, checks=checks, missing=missing), told["papers_say"], zones)
    assert found.decision == "accept"
    assert found.facts["home.use"] == told["papers_say"]["property"]["用途"]
    assert {FACTS[name].source for name in found.facts} <= {"land/property", "police/residence", "review"}
    assert "residence.permit" in found.facts
    assert found.facts["home.in_zone"] is True


@pytest.mark.parametrize("fate", [Fate(), Fate(relation="grandparent", home="rented"), Fate(home="none", work="none")])
def test_what_papers_prove_is_said_in_the_vocabulary_of_the_books(fate: Fate) -> None:
    told = family(fate)
    proved = facts_proved(case_of(told), told["papers_say"], {})
    kinds: dict[str, type] = {"truth": bool, "text": str, "date": str, "number": int}
    for name, value in proved.items():
        assert type(value) is kinds[FACTS[name].kind], name
        assert not FACTS[name].values or value in FACTS[name].values, name
