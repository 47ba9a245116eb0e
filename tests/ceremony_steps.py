"""The steps of a public ceremony as requests, for tests that speak HTTP alone."""

from collections.abc import Callable, Mapping
from typing import Any

from backend.fairness.ceremony import witness_commitment


def hold_over_http(call: Callable[[str, str, Any], Any], run: str, said: Mapping[str, str], number: Any = None) -> None:
    """Announce, commit, say, conclude; `call(method, path, body)` speaks as an official who may lead."""
    root = call("GET", f"/api/desk/runs/{run}", None)["roster_root"]
    path = f"/api/desk/runs/{run}/ceremony"
    names = [{"name": name, "office": "见证人"} for name in said]
    call("POST", path, {"witnesses": names, "number": number})
    commitments = {name: witness_commitment(root, name, text) for name, text in said.items()}
    call("POST", f"{path}/commitments", {"commitments": commitments})
    call("POST", f"{path}/commitments/closing", None)
    call("POST", f"{path}/words", {"words": dict(said)})
    call("POST", f"{path}/words/closing", None)
    call("POST", f"{path}/conclusion", {"number": None})
