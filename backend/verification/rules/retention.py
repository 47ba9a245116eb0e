"""How long a department's record is kept: the verdict stays, what was told goes once nobody can appeal any more."""

from datetime import datetime, timedelta

KEPT_AT_MOST = timedelta(days=180)
"""The appeal period of a season and the audit's duty; after that the verdict alone stays (domain 2.11)."""
OVER = ("recorded", "withdrawn", "declined", "lapsed", "rejected")
AFTER_THE_END = timedelta(days=30)
"""Objections (working days) and a repeated look by another official end well before."""


def record_may_go(state: str, moved_at: datetime, answered_at: datetime, now: datetime) -> bool:
    """Whether a record answered at `answered_at` may be erased: its application in `state` since `moved_at`."""
    if now - answered_at >= KEPT_AT_MOST:
        return True
    return state in OVER and now - moved_at >= AFTER_THE_END
