"""Classes of a school brought from the confirmed children to the published lists, by verbs or over HTTP."""

from collections.abc import Callable
from typing import Any

from backend.classes.publish_plan import publish_plan
from backend.classes.rules.values import ClassResult
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.publication.rows import Run
from tests.ceremony_builders import hold_ceremony
from tests.ceremony_steps import hold_over_http
from tests.journey_builders import WITNESSES, Season
from tests.placement_builders import work


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
