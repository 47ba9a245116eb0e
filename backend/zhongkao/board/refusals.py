"""What a question to the board is refused with."""

from backend.foundation.problems import Refusal


class RanksNotReady(Refusal):
    """No version is published on this host yet; choosing goes on meanwhile."""

    code = "ranks-not-ready"
    status = 503


class UnitNotOnBoard(Refusal):
    """The session has no such unit."""

    code = "unit-not-on-board"
    status = 404


class UnitNotYours(Refusal):
    """The candidate may not choose the unit, so there is no rank to tell."""

    code = "unit-not-yours"
    status = 403
