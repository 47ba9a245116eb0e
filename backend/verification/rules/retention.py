"""How long a department's record is kept: the verdict stays, what was told goes once nobody can appeal any more."""

from datetime import timedelta

KEPT_AT_MOST = timedelta(days=180)
"""The appeal period of a season and the audit's duty; after that the verdict alone stays (domain 2.11)."""
OVER = ("recorded", "withdrawn", "declined", "lapsed", "rejected")
AFTER_THE_END = timedelta(days=30)
"""Objections (working days) and a repeated look by another official end well before."""
