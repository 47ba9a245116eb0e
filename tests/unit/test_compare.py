"""Holding a register's record against what a family wrote: total, never a "no" out of silence (promises P19, C06)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.policy.rules.facts import EXCHANGE_ITEMS, FACTS
from backend.verification.rules.compare import Said, compare
from backend.verification.rules.registers import RecordUnreadable, read_record

ITEMS = sorted(EXCHANGE_ITEMS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
RIGHT: dict[str, dict[str, Any]] = {
    "police/population": {"name": "苏日娜", "sex": "女", "ethnicity": "蒙古族", "born_on": "2019-10-02"},
    "police/household": {"household_number": "HK1", "unit_code": "150603001001", "moved_in_on": "2019-10-20"},
    "police/household_relation": {"same_household": True, "relation": "母女"},
    "land/property": {"certificate": "蒙(2020)1号", "use": "住宅", "owners": ["乌云"], "unit_code": "150603001001"},
    "land/no_house": {"none": True, "homes": []},
    "labour/social_insurance": {"months": 30, "status": "参保缴费", "back_paid": False},
    "market/business": {"credit_code": "92150603MA1", "state": "存续", "founded_on": "2021-05-01"},
    "police/residence": {"permit": "J1", "issued_on": "2022-03-01", "valid_until": "2027-03-01"},
    "police/household_moves": {"moves": [{"moved_on": "2019-10-20", "from": "", "to": "康巴什区"}]},
    "land/homestead": {"plot": "Z1", "unit_code": "150603001001", "registered_on": "2010-01-01", "owners": ["乌云"]},
    "housing/contract": {"contract": "YS1", "unit_code": "150603001001", "signed_on": "2026-01-02", "handed_over": True, "buyers": ["乌云"]},
    "housing/lease": {"record_number": "租备1", "unit_code": "150603001001", "began_on": "2024-02-01", "ends_on": "2028-02-01", "tenants": ["乌云"]},
    "housing/public_rental": {"unit_code": "150603001001", "began_on": "2024-02-01", "tenants": ["乌云"]},
    "labour/employment": {"employer": "某单位", "began_on": "2020-01-01", "state": "在业"},
    "labour/talent": {"grade": "D", "valid_until": "2029-01-01"},
    "market/company": {"credit_code": "92150603MA1", "state": "存续", "founded_on": "2021-05-01"},
    "welfare/birth": {"birth_certificate": "B1", "born_on": "2019-10-02", "parents": ["乌云"]},
    "welfare/status": {"kinds": [{"kind": "低保"}], "valid_until": "2027-01-01"},
}  # fmt: skip


def said(**changes: Any) -> Said:
    fields = {
        "name": "苏日娜",
        "sex": "female",
        "ethnicity": "蒙古",
        "born_on": "2019-10-02",
        "household_number": "hk1",
        "unit_code": "150603001001",
        "certificate": "蒙(2020) 1号",
        "use": "住宅",
        "months": 24,
        "credit_code": "92150603ma1",
        "contract": "YS1",
        "record_number": "租备 1",
    }
    relation = changes.pop("relation", "mother")
    return Said(
        fields | changes,
        banner="150603",
        guardian="乌云",
        relation=relation,
        in_area=lambda unit: unit.startswith("150603"),
        in_zone=lambda unit: unit == "150603001001",
        today="2026-05-20",
    )


def verdict(item: str, record: dict[str, Any] | None, **changes: Any) -> Any:
    return compare(item, EXCHANGE_ITEMS[item][1], record, said(**changes))


@pytest.mark.parametrize("item", ITEMS)
def test_what_the_family_wrote_as_the_register_has_it_is_a_match(item: str) -> None:
    compares = tuple(RIGHT[item])
    assert compare(item, compares, read_record(RIGHT[item], EXCHANGE_ITEMS[item][1]), said()).state == "match"


@pytest.mark.parametrize("item", ITEMS)
def test_nothing_found_is_not_found_and_establishes_nothing(item: str) -> None:
    """Not found is neither a "no" nor an outage (domain 2.11)."""
    told = verdict(item, None)
    assert (told.state, dict(told.facts)) == ("not-found", {})


@settings(max_examples=100, deadline=None)
@given(item=st.sampled_from(ITEMS), answer=st.dictionaries(st.sampled_from(sorted({f for _, fs in EXCHANGE_ITEMS.values() for f in fs})), JSON, max_size=6) | JSON)  # fmt: skip
def test_whatever_a_department_answers_is_read_as_declared_or_is_no_answer(item: str, answer: Any) -> None:
    """A lie of any shape gives a verdict over known facts of the right kind, or is refused as unreadable."""
    declared = EXCHANGE_ITEMS[item][1]
    try:
        record = read_record(answer, declared)
    except RecordUnreadable:
        return
    if record is not None:
        assert set(record) <= set(declared)
    told = compare(item, declared, record, said())
    assert told.state in {"match", "mismatch", "not-found"}
    for name, value in told.facts.items():
        kind = FACTS[name].kind
        assert value is not None
        assert isinstance(value, {"truth": bool, "number": int}.get(kind, str))
        if kind == "date":
            assert date.fromisoformat(str(value))


@settings(max_examples=100, deadline=None)
@given(item=st.sampled_from(ITEMS), data=st.data())
def test_a_field_that_a_record_leaves_out_establishes_nothing(item: str, data: st.DataObject) -> None:
    """Facts from a part of a record are those of the whole record, or unknown."""
    whole = RIGHT[item]
    kept = data.draw(st.sets(st.sampled_from(sorted(whole)), min_size=1))
    part = verdict(item, {name: whole[name] for name in kept}).facts
    everything = verdict(item, whole).facts
    assert {name: everything[name] for name in part} == dict(part)


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        ("police/population", "name", "苏日"),
        ("police/household", "unit_code", "150603001002"),
        ("police/household_relation", "same_household", False),
        ("police/household_relation", "relation", "父女"),
        ("land/property", "owners", ["别人"]),
        ("land/property", "use", "公寓"),
        ("land/no_house", "none", False),
        ("labour/social_insurance", "months", 23),
        ("market/business", "credit_code", "92150603MA2"),
        ("police/residence", "valid_until", "2026-05-19"),
        ("housing/contract", "buyers", ["别人"]),
        ("housing/lease", "ends_on", "2026-01-31"),
        ("housing/lease", "unit_code", "150603001002"),
        ("welfare/birth", "parents", []),
    ],
)
def test_one_field_that_differs_is_named_and_alone(item: str, field: str, value: Any) -> None:
    told = compare(item, tuple(RIGHT[item]), RIGHT[item] | {field: value}, said())
    assert (told.state, told.differs) == ("mismatch", (field,))


def test_a_field_that_the_family_left_empty_is_not_compared() -> None:
    assert compare("land/property", ("certificate",), RIGHT["land/property"], said(certificate=None)).state == "match"


def test_another_guardian_than_parents_and_grandparents_is_a_persons_matter() -> None:
    """No register tells that an aunt may speak for a child."""
    record = {"same_household": True, "relation": "无亲属关系登记"}
    assert verdict("police/household_relation", record, relation="other").state == "mismatch"


def test_back_paid_months_do_not_count() -> None:
    record = RIGHT["labour/social_insurance"] | {"back_paid": True}
    assert verdict("labour/social_insurance", record).facts["work.insured_months"] == 0


@pytest.mark.parametrize(("status", "now"), [("参保缴费", True), ("暂停缴费", False), (None, None)])
def test_insurance_is_paid_now_ended_or_unknown(status: str | None, now: object) -> None:
    told = verdict("labour/social_insurance", {"months": 30, "status": status})
    assert told.facts.get("work.insured_now") is now


@pytest.mark.parametrize(
    ("name", "value"),
    [("moved_in_on", "昨天"), ("moved_in_on", "2019-13-01"), ("unit_code", 150603001001), ("address", "长" * 501)],
)
def test_a_field_of_the_wrong_kind_is_no_answer(name: str, value: Any) -> None:
    with pytest.raises(RecordUnreadable, match=name):
        read_record(RIGHT["police/household"] | {name: value}, EXCHANGE_ITEMS["police/household"][1])


def test_fields_that_were_not_declared_are_dropped_unread() -> None:
    """P19: kept ⊆ declared."""
    told = read_record(RIGHT["land/no_house"] | {"criminal_record": "none"}, EXCHANGE_ITEMS["land/no_house"][1])
    assert told == RIGHT["land/no_house"]
