"""The table of all work that may wait: which queue does it, how long a lease lasts, how often it is tried."""

from dataclasses import dataclass

QUEUES = ("pictures", "readings", "checks", "notices", "decisions", "exam")


@dataclass(frozen=True)
class TaskKind:
    """One kind of work. `foreign` work speaks to somebody outside and finishes its claim itself.

    A `renewed` lease is prolonged while the worker lives: for work whose length grows with the number of families.
    """

    queue: str
    lease_seconds: int
    tries: int
    foreign: bool = False
    renewed: bool = False


KINDS = {
    "look-at-picture": TaskKind("pictures", lease_seconds=30, tries=5),
    "fetch-chat-picture": TaskKind("pictures", lease_seconds=60, tries=8, foreign=True),
    "sweep-uploads": TaskKind("pictures", lease_seconds=30, tries=4, renewed=True),
    "read-picture": TaskKind("readings", lease_seconds=60, tries=3),
    "open-checks": TaskKind("checks", lease_seconds=60, tries=8),
    "ask-department": TaskKind("checks", lease_seconds=30, tries=12, foreign=True),
    "drop-batch": TaskKind("checks", lease_seconds=300, tries=12, foreign=True),
    "pick-up-batches": TaskKind("checks", lease_seconds=300, tries=12, foreign=True),
    "rerun-checks": TaskKind("checks", lease_seconds=60, tries=12, renewed=True),
    "forget-records": TaskKind("checks", lease_seconds=60, tries=4, renewed=True),
    "watch-limbo": TaskKind("checks", lease_seconds=60, tries=4, renewed=True),
    "remind-return": TaskKind("checks", lease_seconds=60, tries=8),
    "judge-application": TaskKind("checks", lease_seconds=30, tries=8),
    "lapse-return": TaskKind("checks", lease_seconds=60, tries=8),
    "deliver-notice": TaskKind("notices", lease_seconds=30, tries=8, foreign=True),
    "send-broadcast": TaskKind("notices", lease_seconds=60, tries=8, renewed=True),
    "settle-seats": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "allocate-run": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "lock-letters": TaskKind("decisions", lease_seconds=30, tries=8, renewed=True),
    "publish-run": TaskKind("decisions", lease_seconds=60, tries=50),
    "announce-run": TaskKind("decisions", lease_seconds=30, tries=8, renewed=True),
    "draw-private": TaskKind("decisions", lease_seconds=60, tries=4),
    "announce-draw": TaskKind("decisions", lease_seconds=300, tries=8),
    "move-waiting-lists": TaskKind("decisions", lease_seconds=60, tries=8),
    "release-absent": TaskKind("decisions", lease_seconds=60, tries=8),
    "lapse-confirmation": TaskKind("decisions", lease_seconds=60, tries=8),
    "schedule-closings": TaskKind("decisions", lease_seconds=60, tries=8),
    "close-window": TaskKind("decisions", lease_seconds=60, tries=8),
    "lapse-claim": TaskKind("decisions", lease_seconds=60, tries=8),
    "form-classes": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "make-records": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "move-record": TaskKind("decisions", lease_seconds=30, tries=4),
    "list-exam-session": TaskKind("exam", lease_seconds=120, tries=500),
    "open-exam-band": TaskKind("exam", lease_seconds=120, tries=50),
    "close-exam-band": TaskKind("exam", lease_seconds=15, tries=500, renewed=True),
    "move-standing-orders": TaskKind("exam", lease_seconds=15, tries=50, renewed=True),
    "take-exam-reading": TaskKind("exam", lease_seconds=120, tries=50),
    "admit-exam": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "announce-exam": TaskKind("decisions", lease_seconds=30, tries=8, renewed=True),
    "compare-exam-engines": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "remind-exam-band": TaskKind("notices", lease_seconds=60, tries=8, renewed=True),
}
