"""What keeps a list from being frozen: somebody may still file, is still being checked, or is waited for elsewhere."""

from backend.foundation.problems import Refusal


class NobodyReady(Refusal):
    """No application of the stage has a settled seat type."""

    code = "nobody-ready"


class ApplicationsOpen(Refusal):
    """Applications of the stage are still being checked; nobody is left in limbo. `count` says how many."""

    code = "applications-open"


class WindowStillOpen(Refusal):
    """Families may still file for the stage until `closes_at`; whoever files in time is in the list."""

    code = "window-still-open"


class ChoicesOpen(Refusal):
    """`count` families may still choose their school, the last until `until`."""

    code = "choices-open"


class PlanMissing(Refusal):
    """No public school of the stage has a plan."""

    code = "plan-missing"


class PrivateDrawOpen(Refusal):
    """Families of the stage are registered at private schools that have not drawn yet (`schools`); who is admitted
    there is off the public list.
    """

    code = "private-draw-open"
