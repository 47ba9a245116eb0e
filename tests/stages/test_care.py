"""What a school should be ready for: a disabled child, one whose parents are far away, a poor family (B11, B12, D16, D17)."""

import re
from typing import Any

import pytest

from backend.classes.gather_intake import gather_intake
from backend.classes.intake import admitted_list
from backend.placement.roster import applications_in_states, roster_input, standings
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.facts import CLAIMS, FACTS
from backend.results.school_result import school_result
from tests.class_builders import P01, school
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import renewed
from tests.placement_builders import after_the_close, confirmed, published, row_of, seats_at, settled

pytestmark = pytest.mark.usefixtures("opened")

NOTE = "由奶奶照看，想申请补助"
NEEDS: tuple[dict[str, Any], ...] = (
    {"care": ["disability"]},
    {"care": ["left-behind", "hardship"], "care_note": NOTE},
    {},
)


def roster() -> dict[str, Any]:
    book = book_in_force(KANGBASHI)
    ready = applications_in_states(book, "primary", ("settled",))
    return roster_input(book, "primary", "测试", ready, standings(book, "primary", ready))


def test_nothing_that_a_family_tells_of_its_needs_decides_about_its_place() -> None:
    """D17, D04: what is frozen holds no word of it, so no rule, no official and no draw can refuse a child for it."""
    for needs in NEEDS:
        settled(**needs)
    value = roster()
    shown = [{key: row[key] for key in row if key != "id"} for row in value["applicants"]]
    assert len(shown) == 3
    assert shown[0] == shown[1] == shown[2]
    assert not any(word in str(value) for word in ("care", "disability", "hardship", NOTE))


def test_a_child_in_need_stays_in_the_line_like_everybody_when_seats_run_out() -> None:
    """The draw alone parts children who are alike; a need is neither a way in nor a way out."""
    families = [settled(**needs) for needs in NEEDS]
    seats_at(P01, 1)
    after_the_close()
    run = published()
    assert run.report is not None
    assert all(one["passed"] for one in run.report["properties"])
    assert sorted(application.state for _, application in families) == ["placed", "unplaced", "unplaced"]
    assert {row_of(application).reason["class"] for _, application in families} == {"1"}


def test_the_school_that_has_the_child_reads_what_it_needs_and_nobody_else(app: Any) -> None:
    """D16: a left-behind child has its line of care from the first day; on public pages there is no word of it."""
    families = [settled(**needs) for needs in NEEDS]
    after_the_close()
    published()
    told = {row["application"]: row for row in admitted_list(school(), P01)}
    rows = [told[str(application.id)] for _, application in families]
    assert [row["care"] for row in rows] == [
        ["残疾，随班就读需要帮助"],
        ["父母在外务工，由别人照看", "家庭经济困难"],
        [],
    ]
    assert rows[1]["care_note"] == NOTE
    public = str(school_result(P01)) + app.test_client().get(f"/public/schools/{P01}").text
    assert not any(word in public for word in ("残疾", "困难", "务工", NOTE))


def test_classes_share_the_children_who_need_help_in_an_ordinary_class() -> None:
    """D17: the former of classes balances them, though the school handed in no sheet."""
    families = [settled(**needs) for needs in NEEDS]
    after_the_close()
    published()
    applications = confirmed([(renewed(actor), application) for actor, application in families])
    special = {row["no"]: row["special"] for row in gather_intake(P01, 2).rows}
    assert [special[str(one.receipt)] for one in applications] == ["1", "0", "0"]


def test_no_rule_can_ask_what_a_family_needs() -> None:
    """B12, D17: no fact and no claim of the rule-book speaks of it, so no seat type, order key or paper can."""
    assert not [name for name in (*FACTS, *CLAIMS) if re.search("care|disab|poor|hardship", name)]
