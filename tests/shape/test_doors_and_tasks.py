"""Every refusal can be said, every route has a policy, every kind of task has a handler and a worker."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from backend.app import FRAMEWORK_ENDPOINTS
from backend.foundation.doors import POLICY, Application, RouteWithoutPolicy, refuse_open_routes
from backend.foundation.problems import STATUS_CODES, Refusal
from backend.foundation.task_kinds import KINDS, QUEUES
from backend.notices.sentences import knows
from jobs.handlers import HANDLERS

ROOT = Path(__file__).parents[2]


def refusals() -> list[type[Refusal]]:
    found, waiting = [], [Refusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found.append(kind)
            waiting.append(kind)
    return sorted(found, key=lambda kind: kind.__name__)


def test_every_refusal_has_a_code_a_status_and_a_sentence(assembled) -> None:
    unsaid = {kind.code for kind in refusals() if not knows(f"problem.{kind.code}")}
    assert unsaid == set()
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code) for kind in refusals())
    assert all(400 <= kind.status < 600 for kind in refusals())


def test_every_status_of_the_web_has_a_sentence() -> None:
    codes = {*STATUS_CODES.values(), "request-refused", "internal-fault"}
    assert {code for code in codes if not knows(f"problem.{code}")} == set()


def test_one_code_means_one_thing(assembled) -> None:
    """Two classes may share a code only where they say the same thing with the same status."""
    by_code: dict[str, set[int]] = {}
    for kind in refusals():
        by_code.setdefault(kind.code, set()).add(kind.status)
    assert {code for code, statuses in by_code.items() if len(statuses) > 1} == set()


def test_every_route_has_a_policy(assembled) -> None:
    for rule in assembled.url_map.iter_rules():
        if rule.endpoint not in FRAMEWORK_ENDPOINTS:
            assert hasattr(assembled.view_functions[rule.endpoint], POLICY), rule.rule


def test_an_app_with_an_open_route_does_not_start() -> None:
    app = Application("open")
    app.add_url_rule("/open", "open", lambda: "anybody")
    with pytest.raises(RouteWithoutPolicy, match="/open"):
        refuse_open_routes(app, ["static", "openapi.spec", "openapi.docs", "openapi.swagger_ui_oauth_redirect"])


def test_every_kind_of_task_leads_to_a_handler_that_takes_its_fields() -> None:
    assert HANDLERS.keys() == KINDS.keys()
    for kind, name in HANDLERS.items():
        module, function = name.split(":")
        handler = getattr(import_module(module), function)
        parameters = list(inspect.signature(handler).parameters)
        assert (parameters[0] == "claim") is KINDS[kind].foreign, kind


def test_every_queue_has_a_worker_of_its_own() -> None:
    procfile = (ROOT / "Procfile").read_text(encoding="utf-8")
    working = re.findall(r"^\w+: python -m jobs\.worker (\w+)$", procfile, re.MULTILINE)
    assert sorted(working) == sorted(QUEUES)
    assert {kind.queue for kind in KINDS.values()} <= set(QUEUES)
