"""Families and registers of the simulated city meet as expected, by the service's own reading and comparison."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.enrolment.rules.form import Form
from backend.families.rules.particulars import Particulars, Written, read_particulars
from backend.verification.rules.compare import Said, compare
from rehearsal import land
from rehearsal.departments import Registers, answers_of
from rehearsal.population import Spec, write_city


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(Spec("checks", 500, ("150603", "150627")), folder)
    return folder


def families(city: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (city / "families.jsonl").read_text(encoding="utf-8").splitlines()]


def test_what_departments_know_and_families_write_agrees_exactly_where_a_match_is_expected(city: Path) -> None:
    """C18: the expectation beside a family is what the service's own comparison makes of form and register."""
    registers = Registers(city)
    seen: Counter[tuple[str, str]] = Counter()
    for told in families(city):
        for child in told["children"]:
            for item, expectation in told["expected"].items():
                department, name = item.split("/")
                record = answers_of(registers)[department, name][1](keys_of(item, told, child))
                compared = compare(item, COMPARES[item], record, said_by(told, child, item))
                assert compared.state == expectation["verdict"], (item, told)
                seen[item, compared.state] += 1
    registers.close()
    assert {state for item, state in seen if item == "police/household"} == {"match", "mismatch", "not-found"}
    assert {state for item, state in seen if item == "land/property"} == {"match", "mismatch", "not-found"}


COMPARES = {
    "police/population": ("name", "sex", "ethnicity", "born_on"),
    "police/household": ("household_number", "unit_code", "moved_in_on"),
    "police/household_relation": ("same_household", "relation"),
    "land/property": ("certificate", "unit_code", "use", "owners", "property_unit", "registered_on"),
    "land/no_house": ("none",),
    "labour/social_insurance": ("months",),
    "market/business": ("credit_code",),
    "housing/contract": ("contract", "unit_code", "buyers"),
    "housing/lease": ("record_number", "unit_code", "ends_on", "tenants"),
    "police/residence": ("valid_until",),
}
AT_THE_ADDRESS = ("land/property", "housing/contract", "housing/lease")


def keys_of(item: str, told: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    guardian = told["guardian"]["id_number"]
    keys: dict[str, dict[str, Any]] = {
        "police/population": {"id_number": child["id_number"]},
        "police/household": {"id_number": child["id_number"]},
        "police/household_relation": {"child_id_number": child["id_number"], "adult_id_number": guardian},
        "land/property": {"owner_id_number": guardian, "certificate": told["form"]["home"].get("certificate")},
        "land/no_house": {"id_numbers": [guardian, child["id_number"]]},
        "labour/social_insurance": {"id_number": guardian},
        "market/business": {"id_number": guardian},
    }
    return keys.get(item, {"id_number": guardian})


def said_by(told: dict[str, Any], child: dict[str, Any], item: str) -> Said:
    form = told["form"]
    home, work = form["home"], form["work"]
    fields = {
        **{name: child[name] for name in ("name", "sex", "ethnicity", "born_on")},
        "household_number": form["household_number"],
        "unit_code": form["unit_code"] if item in AT_THE_ADDRESS else form.get("household_unit"),
        "moved_in_on": form["registered_on"],
        "certificate": home.get("certificate"),
        "property_unit": home.get("unit"),
        "use": home.get("use"),
        "registered_on": home.get("registered_on"),
        "months": work.get("months"),
        "credit_code": work.get("credit_code"),
        "contract": home.get("certificate"),
        "record_number": home.get("certificate"),
    }
    guardian = told["guardian"]["name"]
    return Said(fields, told["banner"], guardian, child["relation"], lambda unit: True, lambda unit: True, "2027-05-20")


def test_forms_and_children_are_what_the_service_reads(city: Path) -> None:
    for told in families(city):
        form = Form.model_validate(told["form"])
        assert form.unit_code in {unit.code for unit in land.units_of(told["banner"])}
        for child in told["children"]:
            written = {**child, "born_on": date.fromisoformat(child["born_on"])}
            del written["relation"]
            assert isinstance(read_particulars(Written(**written), date(2026, 11, 22)), Particulars)
