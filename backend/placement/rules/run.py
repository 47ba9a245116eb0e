"""The placement program: one JSON value in, one JSON value out, and the check of any result against its input.

The service and `sunroll place` use these two functions and nothing else of the room's rules.
"""

from collections.abc import Callable
from typing import Any

from backend.matching.findings import CheckReport, checked
from backend.placement.rules.choice import place_by_choices
from backend.placement.rules.choice_result_checker import choice_checker
from backend.placement.rules.inputs import ChoiceInput, PlacementInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.results import PlacementResult
from backend.placement.rules.shape import shape_faults
from backend.placement.rules.zone import place_by_zones
from backend.placement.rules.zone_checker import zone_checker


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
    return checker_of(given)(result)


def checker_of(given: PlacementInput) -> Callable[[Any], CheckReport]:
    """The independent checker of this input's results; what it needs of the input alone is worked out at once."""
    by_choices = isinstance(given, ChoiceInput)
    properties = choice_checker(given) if isinstance(given, ChoiceInput) else zone_checker(given)

    def check(result: Any) -> CheckReport:
        faults = shape_faults(result, "choice" if by_choices else "zone")
        shape = checked("S1 the result has the shape of the contract", faults)
        return CheckReport((shape, *properties(result)) if shape.passed else (shape,))

    return check
