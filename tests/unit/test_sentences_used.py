"""Every refusal and every notice that the service can utter has its sentence, and can be filled with what is given."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from backend.app import ROOMS
from backend.foundation.problems import Refusal
from backend.notices.sentences import knows, needs
from backend.policy.read_book import BOOKS, read_book
from backend.verification.decide_case import DECISIONS

BACKEND = Path(__file__).parents[2] / "backend"
FILES = sorted(path for path in BACKEND.rglob("*.py") if "rules" not in path.parts)
MADE_OF_PARTS = {
    "review-": tuple(DECISIONS),
    "deferral-": ("approved", "refused"),
    "exam-recheck-": ("kept", "changed"),
    "placed-": ("special-case", "correction", "transfer"),
    "silence-": tuple(
        sorted({read_book(folder).confirmation.silence for folder in BOOKS.iterdir() if folder.is_dir()})
    ),
}
"""Codes that a verb composes: the part that is written, and what may follow it."""


def refusals() -> list[type[Refusal]]:
    for path in FILES:
        if path.relative_to(BACKEND).parts[0] in {*ROOMS, "foundation"} and path.stem != "__init__":
            import_module(".".join(path.relative_to(BACKEND.parent).with_suffix("").parts))
    found, waiting = [], [Refusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if hasattr(kind, "code") and kind.__module__.startswith("backend."):
                found.append(kind)
    return sorted(set(found), key=lambda kind: (kind.code, kind.__module__))


@pytest.mark.parametrize("kind", refusals(), ids=lambda kind: kind.code)
def test_every_refusal_has_its_sentence(kind: type[Refusal]) -> None:
    assert knows(f"problem.{kind.code}"), f"{kind.__module__}.{kind.__name__}"


def raised_facts() -> dict[str, set[str]]:
    """Refusal's class name → the facts it is raised with wherever it is raised (those that every raise gives)."""
    found: dict[str, list[set[str]]] = {}
    names = {kind.__name__ for kind in refusals()}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Raise) or node.exc is None:
                continue
            call = node.exc if isinstance(node.exc, ast.Call) else None
            name = call.func if call else node.exc
            if isinstance(name, ast.Name) and name.id in names and not _spread(call):
                found.setdefault(name.id, []).append({each.arg or "" for each in call.keywords} if call else set())
    return {name: set.intersection(*given) for name, given in found.items()}


def _spread(call: ast.Call | None) -> bool:
    return call is not None and any(each.arg is None for each in call.keywords)


FACTS = raised_facts()


@pytest.mark.parametrize("kind", [kind for kind in refusals() if kind.__name__ in FACTS], ids=lambda kind: kind.code)
def test_every_refusal_is_raised_with_the_facts_its_sentence_tells(kind: type[Refusal]) -> None:
    """Otherwise the family reads the general sentence, and never learns what to do."""
    assert needs(f"problem.{kind.code}") <= FACTS[kind.__name__]


def notice_codes() -> set[str]:
    """The codes given to the verbs that tell somebody, as texts or as the parts that are written.

    The `code` of a refusal's class is no notice.
    """
    codes: set[str] = set()
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_classes = {id(part) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in node.body}
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and id(node) not in of_classes
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _tells_somebody(node):
                codes |= _codes(node.args[1], named)
    return codes


def _tells_somebody(call: ast.Call) -> bool:
    telling = {"send_notice", "tell_guardians", "tell_family"}
    return isinstance(call.func, ast.Name) and call.func.id in telling and len(call.args) > 1


def _codes(node: ast.expr, named: dict[str, ast.expr]) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return _codes(node.body, named) | _codes(node.orelse, named)
    if isinstance(node, ast.Name) and node.id in named and not isinstance(named[node.id], ast.Name):
        return _codes(named[node.id], named)
    if isinstance(node, ast.JoinedStr):
        written = str(getattr(node.values[0], "value", ""))
        return {written + rest for rest in MADE_OF_PARTS[written]}
    return set()


def test_notices_are_found_in_the_verbs() -> None:
    found = notice_codes()
    assert "deferral-too-late" not in found
    assert {
        "review-accept",
        "placed-correction",
        "silence-forfeit",
        "seat-settled-choose",
        "class-formed",
        "deferral-approved",
        "deferral-kept",
    } <= found


@pytest.mark.parametrize("code", sorted(notice_codes() | {"placed", "placed-visit-school", "unplaced"}))
def test_every_notice_has_its_title_text_and_line_for_plain_phones(code: str) -> None:
    assert all(knows(f"notice.{code}.{part}") for part in ("title", "text", "sms"))
