"""Refusals of enrolment that more than one verb speaks."""

from backend.foundation.problems import Refusal


class StateForbids(Refusal):
    """The application stands at a step where this cannot be done."""

    code = "state-forbids"


class ChildRegisteredElsewhere(Refusal):
    """The child has its one live registration at another place (A22)."""

    code = "child-registered-elsewhere"


class AgeNotEligible(Refusal):
    """By the rule-book the child is not of age this year; `errors` tells the rule (domain 2.4)."""

    code = "age-not-eligible"
    status = 422


class FormIncomplete(Refusal):
    """Fields of the form are still empty; `errors` names them."""

    code = "form-incomplete"
    status = 422


class PapersMissing(Refusal):
    """Papers that the rule-book asks for are not there, or must be photographed again; `errors` names them."""

    code = "papers-missing"
    status = 422


class ChoicesInvalid(Refusal):
    """The chosen schools are not those the family may choose among."""

    code = "choices-invalid"
    status = 422
