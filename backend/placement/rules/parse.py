"""From a JSON value to a placement's input, with all faults told at once (contracts 0 and 2)."""

from typing import Any

from backend.placement.rules.form import ABSENT, Form
from backend.placement.rules.inputs import PlacementInput
from backend.placement.rules.parse_choice import parse_choice
from backend.placement.rules.parse_zone import parse_zone

MECHANISMS = {
    "choice": ("mechanism", "seed", "draw", "tie_break", "schools", "applicants"),
    "zone": ("mechanism", "seed", "draw", "classes", "last_class", "order", "schools", "applicants"),
}


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
    parsed: PlacementInput = parse_zone(form, top) if mechanism == "zone" else parse_choice(form, top)
    if form.faults:
        raise FaultyInput(form.faults)
    return parsed
