"""Guard rails in the shape of the service: no contest, grade, certificate or donation has a place (D05a-D05f), and no
action exists by which a school refuses a child (D04).
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from backend.classes.api import PlanBody
from backend.enrolment.rules.form import Form
from backend.families.api import ChildBody
from backend.foundation.database import Rows
from backend.identity.rules.roles import ROLE_ACTIONS
from backend.policy.rules.facts import CLAIMS, FACTS, PAPER_KINDS

BANNED = re.compile(
    r"contest|competition|olympiad|prize|award|medal|honou?r|donat|sponsor|bribe|"
    r"talent_class|key_class|grade|score|exam|certificate|竞赛|奥数|获奖|奖状|考级|成绩|捐资|捐款|赞助"
)
HOME_PAPER = {"home.certificate"}
"""The number of a home's own paper (不动产权证号) is no certificate of a child's."""
EXAM_WING = re.compile(r"zhongkao|/exam(/|$)")
"""Routes of the senior-high exam, whose scores do count."""
REFUSING = re.compile(r"refus|reject|deny|expel|turn-away|decline")


def fields_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"{prefix}{name}"
        for inner in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from fields_of(inner, f"{prefix}{name}.")


def columns(app: Any) -> set[str]:
    return {f"{table.name}.{column.name}" for table in Rows.metadata.tables.values() for column in table.columns}


def test_no_field_that_a_family_fills_in_speaks_of_what_may_not_count() -> None:
    named = {*fields_of(Form), *fields_of(ChildBody), *fields_of(PlanBody)}
    assert "home.certificate" in named
    assert {name for name in named if BANNED.search(name)} == HOME_PAPER


def test_no_column_keeps_it(app: Any) -> None:
    found = {name for name in columns(app) if BANNED.search(name) and not name.startswith(("zhongkao", "exam_"))}
    assert found == set()


def test_no_route_is_named_for_it(app: Any) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if not EXAM_WING.search(rule.rule)}
    assert {rule for rule in rules if BANNED.search(rule)} == set()


@pytest.mark.parametrize("words", [FACTS, CLAIMS, PAPER_KINDS])
def test_no_rule_book_can_ask_for_it(words: Any) -> None:
    assert {name for name in words if BANNED.search(name)} == set()
    names = {getattr(fact, "name", fact) for fact in words.values()}
    assert {name for name in names if BANNED.search(str(name))} == set()


def test_a_school_has_no_action_by_which_it_could_refuse() -> None:
    """D04: what a school may do is this list; it only looks, confirms, forms classes in public and exports."""
    assert ROLE_ACTIONS["school-admissions"] == {
        "admitted.read", "classes.form", "record.export", "enrolment.confirm", "statistics.read", "run.approve", "ceremony.lead",
    }  # fmt: skip


def test_no_route_of_a_school_refuses(app: Any) -> None:
    routes = {rule.rule for rule in app.url_map.iter_rules() if "/schools/<" in rule.rule}
    assert routes
    assert {rule for rule in routes if REFUSING.search(rule)} == set()
    writing = {rule.rule for rule in app.url_map.iter_rules() if "/schools/<" in rule.rule and "POST" in rule.methods}
    writing -= {rule for rule in writing if rule.endswith("/plan/withdrawal")}
    assert {rule.rpartition("/")[2] for rule in writing} <= {
        "admitted", "classes", "late", "records", "remaining", "<application_id>", "draw", "moves", "plan", "export",
        "<any('pupils','teachers'):kind>",
    }  # fmt: skip


def test_the_patterns_find_what_they_are_for() -> None:
    """The control: each forbidden kind would be found, a home's paper and a class would not."""
    caught = (
        "olympiad_rank",
        "child.prizes",
        "music_grade",
        "donation_cents",
        "exam_score",
        "certificates",
        "获奖证书",
    )
    assert all(BANNED.search(name) for name in caught)
    assert not any(BANNED.search(name) for name in ("class_number", "seat_type", "household_number", "registered_on"))
    assert REFUSING.search("/api/desk/schools/<school>/rejections")
