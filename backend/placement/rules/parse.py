"""From a JSON value to a placement's input, with all faults told at once (contracts 0 and 2)."""

from collections.abc import Collection, KeysView, Mapping
from typing import Any

from backend.fairness.canonical import by_bytes
from backend.fairness.strict_json import pointer_to
from backend.placement.rules.form import ABSENT, Form
from backend.placement.rules.inputs import ChoiceApplicant, ChoiceInput, ChoiceSchool, PlacementInput
from backend.placement.rules.parse_zone import parse_zone

MECHANISMS = {
    "choice": ("mechanism", "seed", "draw", "tie_break", "schools", "applicants"),
    "zone": ("mechanism", "seed", "draw", "classes", "last_class", "order", "schools", "applicants"),
}
TIE_BREAKS = ("single", "per-school")


class FaultyInput(Exception):
    """The input has faults; `faults` are (RFC 6901 pointer, sentence), all of them, in the order of reading."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{pointer or '/'}: {what}" for pointer, what in faults))
        self.faults = faults


def parse_placement(value: Any) -> PlacementInput:
    """The input that the JSON value describes; schools and applicants sorted by id. Raises FaultyInput."""
    form = Form()
    others = [key for key in value if key != "mechanism"] if isinstance(value, dict) else []
    mechanism = form.record(value, "", ["mechanism"], dict.fromkeys(others))["mechanism"]
    if mechanism is not ABSENT:
        mechanism = form.one_of(mechanism, "/mechanism", MECHANISMS)
    if form.faults:
        raise FaultyInput(form.faults)
    top = form.record(value, "", MECHANISMS[mechanism])
    parsed = parse_zone(form, top) if mechanism == "zone" else _parse_choice(form, top)
    if form.faults:
        raise FaultyInput(form.faults)
    return parsed


def _parse_choice(form: Form, top: dict[str, Any]) -> ChoiceInput:
    seed, draw = form.text(top["seed"], "/seed") or "", form.text(top["draw"], "/draw") or ""
    tie_break = form.one_of(top["tie_break"], "/tie_break", TIE_BREAKS) or ""
    no_slash = tie_break == "per-school"
    schools: dict[str, ChoiceSchool] = {}
    for at, item in form.items(top["schools"], "/schools"):
        fields = form.record(item, at, ["id", "seats"])
        seats = form.whole(fields["seats"], f"{at}/seats", 0) or 0
        one = _fresh_name(form, fields["id"], f"{at}/id", schools, no_slash=no_slash)
        if one is not None:
            schools[one] = ChoiceSchool(one, seats)
    known = schools.keys() if isinstance(top["schools"], list) else None
    applicants: dict[str, ChoiceApplicant] = {}
    pointers: dict[str, str] = {}
    for at, item in form.items(top["applicants"], "/applicants"):
        fields = form.record(item, at, ["id", "choices"], {"priority": {}, "bundle": None})
        choices = form.distinct_names(fields["choices"], f"{at}/choices", known, "school")
        priority = _priority(form, fields["priority"], f"{at}/priority", known)
        one = _fresh_name(form, fields["id"], f"{at}/id", applicants, no_slash=no_slash)
        if one is not None:
            bundle = (
                None if fields["bundle"] is None else _label(form, fields["bundle"], f"{at}/bundle", no_slash=no_slash)
            )
            applicants[one], pointers[one] = ChoiceApplicant(one, choices, priority, bundle), at
    _check_bundles(form, applicants, pointers)
    return ChoiceInput(
        seed,
        draw,
        tie_break,
        tuple(schools[one] for one in sorted(schools, key=by_bytes)),
        tuple(applicants[one] for one in sorted(applicants, key=by_bytes)),
    )


def _fresh_name(form: Form, value: Any, pointer: str, taken: Collection[str], *, no_slash: bool) -> str | None:
    one = form.name(value, pointer)
    if one is None:
        return None
    if one in taken:
        form.note(pointer, f"the id {one!r} stands twice")
        return None
    if no_slash and "/" in one:
        form.note(pointer, f"the id {one!r} has a '/', which per-school tickets use to join two ids")
    return one


def _label(form: Form, value: Any, pointer: str, *, no_slash: bool) -> str | None:
    label = form.name(value, pointer)
    if no_slash and label is not None and "/" in label:
        form.note(pointer, f"the label {label!r} has a '/', which per-school tickets use to join two ids")
    return label


def _check_bundles(form: Form, applicants: Mapping[str, ChoiceApplicant], pointers: Mapping[str, str]) -> None:
    first: dict[str, ChoiceApplicant] = {}
    for one in applicants.values():
        if one.bundle is None:
            continue
        if one.bundle in applicants:
            form.note(f"{pointers[one.id]}/bundle", f"the bundle label {one.bundle!r} is also somebody's id")
        other = first.setdefault(one.bundle, one)
        if (one.choices, one.priority) != (other.choices, other.priority):
            form.note(
                f"{pointers[one.id]}/bundle",
                f"{one.id!r} and {other.id!r} of the bundle {one.bundle!r} have not the same choices and priority",
            )


def _priority(form: Form, value: Any, pointer: str, known: KeysView[str] | None) -> dict[str, int]:
    if known is not None and type(value) is dict and set(map(type, value.values())) <= {int} and known >= value.keys():
        return value
    priority: dict[str, int] = {}
    for key, item in form.mapping(value, pointer).items():
        at = pointer_to(pointer, key)
        school = form.known_name(key, at, known, "school")
        number = form.whole(item, at)
        if school in priority:
            form.note(at, f"the school {school!r} stands twice")
        elif school is not None and number is not None:
            priority[school] = number
    return priority
