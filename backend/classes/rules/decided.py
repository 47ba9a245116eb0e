"""The decision of class lists as a document: from the ledger's input to its output, for the work and for its checkers."""

from typing import Any

from backend.classes.rules.forming import form_classes
from backend.classes.rules.reading import read_options, read_pupils
from backend.classes.rules.values import ClassInput, ClassResult


def class_input(value: dict[str, Any]) -> ClassInput:
    """The former's input from a decision's (docs/formats/ledger.md, `classes`). ValueError where it is damaged."""
    options, faults = read_options(str(value["classes"]), value["seed"], value["balance"], value["tolerance"])
    given, more = read_pupils(enumerate(value["pupils"], start=2), options)
    if faults or more:
        raise ValueError([*faults, *more])
    return given


def class_output(result: ClassResult) -> dict[str, Any]:
    """The decision's output: the lists by number, and the report."""
    return {"classes": [{"no": no, "class": number} for no, number in result.classes], "report": dict(result.report)}


def decided(value: dict[str, Any]) -> dict[str, Any]:
    """The output that an input with its seed leads to. ValueError where the input is damaged."""
    return class_output(form_classes(class_input(value)))
