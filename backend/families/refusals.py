"""Refusals of families that more than one verb speaks."""

from backend.foundation.problems import Refusal


class ChildHasGuardian(Refusal):
    """Another guardian has registered this child; it can be claimed."""

    code = "child-has-guardian"


class TooManyChildren(Refusal):
    """The account cares for as many children as it may."""

    code = "too-many-children"


class ParticularsWrong(Refusal):
    """What was written about the child or the guardian cannot be; `errors` names each field."""

    code = "particulars-wrong"
    status = 422


class ConsentMissing(Refusal):
    """A purpose that registration needs was not agreed to."""

    code = "consent-missing"
    status = 422


class ConsentOutdated(Refusal):
    """The digest is not that of the text in force: the text that was shown has changed since."""

    code = "consent-outdated"
    status = 409
