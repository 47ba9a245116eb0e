"""What a ceremony does not allow: each says which step comes first."""

from backend.foundation.problems import Refusal


class CeremonyExists(Refusal):
    """The ceremony of this list is announced already; there is one a list."""

    code = "ceremony-exists"


class CeremonyNotReady(Refusal):
    """The ceremony has not come to this step, or is past it."""

    code = "ceremony-not-ready"


class CeremonyMissing(Refusal):
    """The seed is made in a public ceremony; it has not been concluded."""

    code = "ceremony-missing"


class WitnessesUnfit(Refusal):
    """At least three witnesses, each with a name of its own and the office in which they stand there."""

    code = "witnesses-unfit"
    status = 422


class CommitmentsMissing(Refusal):
    """Fewer than three witnesses have committed; `count` says how many. Without three nobody speaks."""

    code = "commitments-missing"


class CommitmentMalformed(Refusal):
    """A commitment is 64 lower-case hex digits."""

    code = "commitment-malformed"
    status = 422


class CommitmentStands(Refusal):
    """The witness has committed; nobody takes a commitment back."""

    code = "commitment-stands"


class NotWhatWasCommitted(Refusal):
    """The digits are not those that the witness committed to."""

    code = "not-what-was-committed"
    status = 422


class NumberNotFuture(Refusal):
    """The public number must lie in the future when it is named and when the last witness commits."""

    code = "number-not-future"


class NumberNotOut(Refusal):
    """The public number is not out yet; it appears at `appears_at`."""

    code = "number-not-out"


class NumberNeeded(Refusal):
    """The public number that was named is entered; only from `fallback_from` on does the fall-back stand in its place."""

    code = "number-needed"
    status = 422


class NumberUnfit(Refusal):
    """The public number is named with its source, its instant, and the text that stands in where it never appears."""

    code = "number-unfit"
    status = 422


class WithdrawalReasonMissing(Refusal):
    """Who withdraws a list, or strikes a child out, says why, in a sentence."""

    code = "reason-missing"
    status = 422


class WithdrawalWanted(Refusal):
    """The withdrawal waits for another official: the seed is known, and nobody draws again alone."""

    code = "second-official-needed"


class SeedBinds(Refusal):
    """Witnesses have spoken: this list is divided with their seed and with no other."""

    code = "seed-binds"


class NotOnTheList(Refusal):
    """The number is not on the frozen list."""

    code = "not-on-the-list"
    status = 404
