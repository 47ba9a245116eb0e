"""The placement program: one JSON value in, one JSON value out, and the check of any result against its input.

The service and `sunroll place` use these two functions and nothing else of the room's rules.
"""

from typing import Any

from backend.matching.findings import CheckReport, checked
from backend.placement.rules.choice import place_by_choices
from backend.placement.rules.choice_result_checker import check_choice_result
from backend.placement.rules.inputs import ChoiceInput, PlacementInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.results import PlacementResult
from backend.placement.rules.shape import shape_faults
from backend.placement.rules.zone import place_by_zones
from backend.placement.rules.zone_checker import check_zone_result


def place(given: PlacementInput) -> PlacementResult:
    """The placement that the published rules give on the parsed input; there is only one."""
    return place_by_choices(given) if isinstance(given, ChoiceInput) else place_by_zones(given)


def run_placement(value: dict[str, Any]) -> dict[str, Any]:
    """The result document of contracts 2 for an input document. Raises FaultyInput with every fault of the input."""
    return place(parse_placement(value)).document()


def check_placement(value: dict[str, Any], result: dict[str, Any]) -> CheckReport:
    """What an independent checker finds on `result`, whoever computed it. Raises FaultyInput for a faulty input."""
    return check_parsed_placement(parse_placement(value), result)


def check_parsed_placement(given: PlacementInput, result: Any) -> CheckReport:
    """`check_placement` on an input that is parsed already."""
    mechanism = "choice" if isinstance(given, ChoiceInput) else "zone"
    shape = checked("S1 the result has the shape of the contract", shape_faults(result, mechanism))
    if not shape.passed:
        return CheckReport((shape,))
    if isinstance(given, ChoiceInput):
        return CheckReport((shape, *check_choice_result(given, result)))
    return CheckReport((shape, *check_zone_result(given, result)))
