"""No route opens to a stranger, to a guardian where an official is meant, or to an official of another duty (promises P7).

The expectation is the declared policy of each route; the requests go through the real door.
"""

import uuid
from typing import Any

import pytest
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from backend.app import FRAMEWORK_ENDPOINTS
from backend.foundation.doors import POLICY
from backend.identity.actors import PUBLIC, Policy
from backend.identity.rules.roles import ROLE_ACTIONS, allows
from tests.identity_builders import PASSWORD, enter, log_in, official, one_time

NOBODY = str(uuid.UUID(int=7))
LEAST_ROUTES = 80


def guarded(app: Any) -> list[tuple[str, Rule, Policy]]:
    """Every (method, rule, policy) that is not public."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in FRAMEWORK_ENDPOINTS:
            continue
        wanted = getattr(app.view_functions[rule.endpoint], POLICY)
        if wanted != PUBLIC:
            found += [(method, rule, wanted) for method in rule.methods & {"GET", "POST", "PUT", "DELETE"}]
    return sorted(found, key=lambda each: (each[1].rule, each[0]))


def address(rule: Rule) -> str:
    """An address of the route, with ids of nothing."""
    return rule.build({name: _nothing(rule._converters[name]) for name in rule.arguments})[1]


def _nothing(converter: BaseConverter) -> str | int:
    """A value that the converter takes and that names nothing."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 7 if isinstance(converter, IntegerConverter) else NOBODY


def statuses(app: Any, headers: dict[str, str], which: list[tuple[str, Rule, Policy]]) -> dict[str, int]:
    client = app.test_client()
    told = {}
    for method, rule, _ in which:
        answer = client.open(
            address(rule), method=method, headers={**headers, "Idempotency-Key": uuid.uuid4().hex}, json={}
        )
        told[f"{method} {rule.rule}"] = answer.status_code
    return told


def test_there_are_routes_to_guard(app) -> None:
    assert len(guarded(app)) >= LEAST_ROUTES


def test_a_stranger_gets_nowhere(app) -> None:
    told = statuses(app, {}, guarded(app))
    assert {route: status for route, status in told.items() if status not in {401, 302}} == {}


def test_a_guardian_gets_to_no_official_route(app) -> None:
    headers = log_in(app, "17000000001")
    official_routes = [each for each in guarded(app) if each[2].kind == "official"]
    told = statuses(app, headers, official_routes)
    assert {route: status for route, status in told.items() if status not in {401, 403, 302}} == {}


@pytest.mark.parametrize("role", sorted(set(ROLE_ACTIONS) - {"guardian", "helper"}))
def test_an_official_gets_only_to_the_routes_of_the_role(app, role: str) -> None:
    scope = {"school-admissions": ("school", "150603-P01")}.get(role, ("city", "1506"))
    _, totp = official("anna", (role, *scope))
    token = enter(app, "anna", PASSWORD, one_time(totp)).json["token"]
    headers = {"Authorization": f"Bearer {token}"}
    others = [
        each
        for each in guarded(app)
        if each[2].kind == "guardian" or (each[2].action and not allows(role, each[2].action))
    ]
    told = statuses(app, headers, others)
    assert {route: status for route, status in told.items() if status != 403} == {}


def test_an_open_door_would_be_noticed(app, monkeypatch) -> None:
    """Negative control: with the door's guard gone a guardian reads an official's queue."""
    headers = log_in(app, "17000000001")
    client = app.test_client()
    assert client.get("/api/desk/cases", headers=headers).status_code == 403
    monkeypatch.setattr("backend.app.enforce", lambda wanted: None)
    assert client.get("/api/desk/cases", headers=headers).status_code == 200
