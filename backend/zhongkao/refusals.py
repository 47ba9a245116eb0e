"""What the record refuses a candidate, each with a permanent code; those that are logged keep their effects."""

from backend.foundation.problems import Refusal
from backend.zhongkao.wishes import Kept


class NotInSession(Refusal):
    """The candidate does not take part in this session."""

    code = "unknown-candidate"


class UnitUnknown(Refusal):
    """There is no such unit in this session."""

    code = "unknown-unit"
    status = 422
    keeps_effects = True


class BandNotOpen(Refusal):
    """The wish arrived before the band opened or at its close or later."""

    code = "outside-band-window"
    keeps_effects = True


class ChoiceLocked(Refusal):
    """At this time of the session nothing may be taken back, or nothing new begun."""

    code = "locked"
    keeps_effects = True


class NothingToClear(Refusal):
    """The candidate holds nothing."""

    code = "nothing-to-clear"
    keeps_effects = True


class UnitNotForYou(Refusal):
    """The unit asks for a condition that the candidate does not meet; `reason` names it."""

    code = "not-eligible"
    keeps_effects = True


class AdmittedEarlier(Refusal):
    """An earlier category has admitted the candidate; later ones are locked for him."""

    code = "admitted-earlier"
    keeps_effects = True


class Overtaken(Refusal):
    """A later wish of the same candidate was kept before this one reached us; that one stands."""

    code = "overtaken"
    keeps_effects = True


class ClosedBeforeKept(Refusal):
    """The wish arrived in time, but the closing happened before it could be kept: it is not in, and nobody said it was."""

    code = "closed-before-kept"
    status = 503
    keeps_effects = True


class ChoosingPaused(Refusal):
    """The exam office has stopped all choosing for a while."""

    code = "choosing-paused"
    status = 503
    keeps_effects = True


class LoginEnded(Refusal):
    """The log-in was ended, by the candidate or by a newer one."""

    code = "login-ended"
    status = 401
    keeps_effects = True


class KeyReused(Refusal):
    """The request key belongs to another wish of the same candidate."""

    code = "request-key-reused"
    status = 422


REFUSALS: dict[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (
        NotInSession,
        UnitUnknown,
        BandNotOpen,
        ChoiceLocked,
        NothingToClear,
        UnitNotForYou,
        AdmittedEarlier,
        Overtaken,
        ClosedBeforeKept,
        LoginEnded,
        KeyReused,
    )
} | {"paused": ChoosingPaused}


def require_accepted(kept: Kept) -> Kept:
    """The kept wish, or the refusal that it met."""
    if kept.refused is not None:
        raise REFUSALS[kept.refused]
    return kept
