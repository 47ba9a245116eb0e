"""Pure rules of applications: states, the form, receipts, the funnel."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.enrolment.rules.form import Form, choices_faulty, missing_in, missing_of, said_in
from backend.enrolment.rules.funnel import WAY, funnel
from backend.enrolment.rules.receipts import luhn_digit, receipt_number
from backend.enrolment.rules.states import EDITABLE, ENDED, STATES, STEPS, WITHDRAWABLE, may_follow
from backend.policy.rules.claims import claims_from

UNIT = "150603001001"


def reachable(start: str) -> set[str]:
    seen, open_ends = {start}, [start]
    while open_ends:
        for following in STEPS[open_ends.pop()]:
            if following not in seen:
                seen.add(following)
                open_ends.append(following)
    return seen


def test_every_state_is_reached_from_a_draft_and_comes_to_an_end() -> None:
    """T-2.6: no application stays in limbo."""
    assert reachable("draft") == set(STATES)
    for state in STATES:
        assert reachable(state) & set(ENDED), state


def test_nothing_is_withdrawn_while_seats_are_given_or_after() -> None:
    """D28: a registration is taken back before the allocation; a place is declined after it."""
    assert not {"frozen", "placed", "confirmed", "enrolled", "recorded"} & set(WITHDRAWABLE)
    assert set(EDITABLE) <= set(WITHDRAWABLE)


def test_an_ended_application_never_comes_back_by_a_step_of_the_family() -> None:
    assert STEPS["withdrawn"] == STEPS["recorded"] == ()
    assert not may_follow("declined", "confirmed")
    assert "declined" in ENDED


def test_a_form_may_be_empty_and_says_what_it_lacks() -> None:
    assert missing_in(Form()) == ["unit_code", "address", "home"]
    owner = Form.model_validate({"unit_code": UNIT, "address": "小区", "home": {"kind": "owned"}})
    assert missing_in(owner) == []
    tenant = Form.model_validate({"unit_code": UNIT, "address": "小区", "home": {"kind": "rented"}})
    assert missing_in(tenant) == ["work"]


def test_missing_papers_stand_after_missing_fields() -> None:
    papers = {"household": "missing", "property": "present", "birth": "retake"}
    assert missing_of(Form(), papers) == ["unit_code", "address", "home", "household", "birth"]
    assert missing_of(None, {}) == ["unit_code", "address", "home"]


@pytest.mark.parametrize("forbidden", ["score", "contest", "certificate", "donation", "state", "receipt"])
def test_the_form_has_no_field_for_contests_grades_certificates_or_donations(forbidden: str) -> None:
    """D05a-D05f; and no field of the application itself can be written through it."""
    with pytest.raises(ValidationError):
        Form.model_validate({forbidden: "x"})
    assert forbidden not in Form.model_fields


@pytest.mark.parametrize(
    ("told", "household"),
    [
        ({"household": "banner"}, "here"),
        ({"household": "unknown", "household_unit": UNIT}, "unknown"),
        ({"household_unit": UNIT}, "here"),
        ({"household_unit": "150621001001"}, "elsewhere"),
        ({"household_number": "610103000001"}, "elsewhere"),
        ({}, None),
    ],
)
def test_where_the_household_is_follows_from_what_was_written(told: dict, household: str | None) -> None:
    assert said_in(Form.model_validate(told), "150603")["household"] == household


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "household": st.sampled_from(["here", "banner", "elsewhere", "unknown"]),
            "home": st.fixed_dictionaries(
                {"kind": st.sampled_from(["owned", "contract", "rented", "none"])},
                optional={
                    "owner_relation": st.sampled_from(
                        ["self", "child", "parent", "parents", "grandparent", "grandparents", "other"]
                    ),
                    "use": st.sampled_from(["住宅", "公寓", "商业", "residence", "apartment", "commercial"]),
                },
            ),
            "work": st.fixed_dictionaries({"kind": st.sampled_from(["insured", "business", "none"])}),
        },
    )
)
@settings(max_examples=100)
def test_whatever_a_phone_sends_the_rule_book_understands(told: dict) -> None:
    form = Form.model_validate(told)
    claims_from(said_in(form, "150603"))
    assert Form.model_validate(form.model_dump(mode="json", exclude_none=True)) == form


@given(st.integers(0, 10**7 - 1), st.sampled_from(["150603", "150621"]), st.integers(0, 12), st.integers(1, 9))
@settings(max_examples=100)
def test_a_receipt_with_one_digit_changed_is_no_receipt(drawn: int, banner: str, place: int, change: int) -> None:
    digits = list(receipt_number(banner, 2027, drawn).replace("-", ""))
    assert luhn_digit("".join(digits[:-1])) == digits[-1]
    digits[place] = str((int(digits[place]) + change) % 10)
    assert luhn_digit("".join(digits[:-1])) != digits[-1]


def test_a_receipt_can_be_read_out() -> None:
    assert receipt_number("150603", 2026, 4821735) == "60326-4821-7351"


def test_choices_are_of_the_zone_without_repeats_and_not_too_many() -> None:
    allowed = ["150603-P01", "150603-P02"]
    assert not choices_faulty(allowed, allowed, 2)
    assert choices_faulty(allowed, allowed, 1)
    assert choices_faulty(["150603-P01", "150603-P01"], allowed, 2)
    assert choices_faulty(["150603-P03"], allowed, 2)


def test_the_funnel_follows_the_way_and_shares_are_of_all_that_were_begun() -> None:
    drawn = funnel({("primary", "draft"): 200, ("primary", "submitted"): 150, ("junior", "draft"): 9}, "primary")
    assert [state for state, _, _ in drawn] == list(WAY)
    assert drawn[:2] == [("draft", 200, 1000), ("submitted", 150, 750)]
    assert funnel({}, "primary")[0] == ("draft", 0, 0)
