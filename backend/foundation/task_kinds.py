"""The table of all work that may wait: which queue does it, how long a lease lasts, how often it is tried."""

from dataclasses import dataclass

QUEUES = ("pictures", "checks", "notices", "decisions")


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
    "open-checks": TaskKind("checks", lease_seconds=60, tries=8),
    "ask-department": TaskKind("checks", lease_seconds=30, tries=12, foreign=True),
    "judge-application": TaskKind("checks", lease_seconds=30, tries=8),
    "lapse-return": TaskKind("checks", lease_seconds=60, tries=8),
    "deliver-notice": TaskKind("notices", lease_seconds=30, tries=8, foreign=True),
    "settle-seats": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "allocate-run": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "announce-run": TaskKind("decisions", lease_seconds=30, tries=8, renewed=True),
    "lapse-confirmation": TaskKind("decisions", lease_seconds=60, tries=8),
    "schedule-closings": TaskKind("decisions", lease_seconds=60, tries=8),
    "close-window": TaskKind("decisions", lease_seconds=60, tries=8),
    "lapse-claim": TaskKind("decisions", lease_seconds=60, tries=8),
    "form-classes": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
    "make-records": TaskKind("decisions", lease_seconds=30, tries=4, renewed=True),
}
