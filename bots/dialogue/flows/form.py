"""Between the answers of the conversation and the form of the HTTP interface, both ways."""

from __future__ import annotations

from typing import Any

from bots.dialogue.stages import TAKES_PAPERS, application_of
from bots.dialogue.steps import Scene
from bots.dialogue.world import Child, World

KEPT = ("care", "care_note")


def form_of(scene: Scene) -> dict[str, Any]:
    """The form as `PUT /api/applications/{id}/form` takes it, from what was answered."""
    unit = scene.slot("unit")
    home: dict[str, Any] = {"kind": scene.slot("home")}
    if home["kind"] in {"owned", "contract"}:
        home |= {"use": scene.slot("use"), "owner_relation": scene.slot("owner")}
    if scene.slot("certificate"):
        home["certificate"] = scene.slot("certificate")
    form = {
        "unit_code": unit["code"],
        "address": scene.slot("address"),
        "household": scene.slot("household"),
        "household_number": scene.slot("household_number"),
        "registered_on": scene.slot("registered_on"),
        "home": home,
        "work": {"kind": scene.slot("work") or "none", "months": scene.slot("months")},
        "twins_with": scene.slot("twin") or None,
        "sibling_at": (scene.slot("sibling") or {}).get("code") or None,
    }
    form["work"] = _told(form["work"])
    return _told(form) | _kept(scene)


def _kept(scene: Scene) -> dict[str, Any]:
    """What other doors wrote and the conversation does not ask."""
    found = application_of(scene.child())
    before = (found.form if found else None) or {}
    return {name: before[name] for name in KEPT if before.get(name)}


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, "")}


def recorded(child: Child | None, world: World) -> dict[str, Any]:
    """The answers that a saved form of a draft or returned application already gives, by the names of the questions.

    What the family skipped is answered with an empty text: it is not asked again.
    """
    found = application_of(child)
    if found is None or found.state not in TAKES_PAPERS or not found.form:
        return {}
    form = found.form
    home, work = form.get("home") or {}, form.get("work") or {}
    known = {
        "stage": found.stage,
        "unit": _unit(form, found.banner, world),
        "address": form.get("address"),
        "household": form.get("household"),
        "household_number": form.get("household_number") or "",
        "registered_on": form.get("registered_on") or "",
        "home": home.get("kind"),
        "use": home.get("use"),
        "owner": home.get("owner_relation"),
        "certificate": home.get("certificate") or "",
        "work": work.get("kind"),
        "months": work.get("months") or "",
        "twin": form.get("twins_with") or "",
        "sibling": {"code": form["sibling_at"], "name": form["sibling_at"]} if form.get("sibling_at") else {},
    }
    return {name: value for name, value in known.items() if value is not None}


def _unit(form: Any, banner: str, world: World) -> dict[str, str] | None:
    code = str(form.get("unit_code") or "")
    if not code:
        return None
    known = world.banner(banner)
    names = {"name": str(form.get("unit_name") or code), "town": "", "banner_name": known.name if known else ""}
    return {"code": code, "banner": banner, **names}
