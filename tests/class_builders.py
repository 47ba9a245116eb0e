"""Classes of a school brought from the confirmed children to the published lists, by verbs or over HTTP."""

from collections.abc import Callable
from typing import Any

from backend.classes.publish_plan import publish_plan
from backend.classes.rules.values import ClassResult
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.identity.rules.roles import Scope
from backend.publication.rows import Run
from tests.ceremony_builders import hold_ceremony
from tests.ceremony_steps import hold_over_http
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import official
from tests.journey_builders import WITNESSES, Season
from tests.placement_builders import work

P01 = f"{KANGBASHI}-P01"
CHILDREN = 4
"""How many children have a place at the first school in the fixtures `families` and `intake`."""


def school(code: str = P01) -> Actor:
    """An official of the school."""
    return official("school-admissions", Scope("school", code))


def formed_at_first(classes: int = 2) -> Run:
    """The classes of the first school formed and published by the press of the hall."""
    return formed(school(), P01, classes)


def formed(by: Actor, school: str, classes: int = 2, tolerance: str | None = None) -> Run:
    """The plan published, the ceremony held, the lists formed, checked and published by the press."""
    with unit_of_work():
        run = publish_plan(by, school, classes, tolerance)
    hold_ceremony(run, by)
    work()
    assert run.state == "published", run.report
    return run


def all_in_one_class(form: Callable[[Any], ClassResult]) -> Callable[[Any], ClassResult]:
    """A former that says what `form` says and puts everybody into the first class."""

    def wrong(value: Any) -> ClassResult:
        result = form(value)
        return ClassResult(tuple((no, 1) for no, _ in result.classes), result.report)

    return wrong


def form_over_http(season: Season, login: str, school: str, classes: int = 1) -> dict[str, Any]:
    """The same over HTTP; the published run as the desk sees it."""
    run = season.call("POST", f"/api/desk/schools/{school}/plan", login, json={"classes": classes})
    hold_over_http(lambda method, path, body: season.call(method, path, login, json=body), run["id"], WITNESSES)
    season.work()
    told = season.call("GET", f"/api/desk/runs/{run['id']}", login)
    assert told["state"] == "published", told["report"]
    return dict(told)
