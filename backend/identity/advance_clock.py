"""Move the rehearsal's clock ahead, for every process at once; deadlines that pass by it are carried out."""

from datetime import datetime

from flask import current_app

from backend.foundation import clock
from backend.foundation.audit import record
from backend.identity.actors import NotAllowed
from backend.identity.rules.roles import CITY


def advance_clock(seconds: int) -> datetime:
    """The new time. Raises NotAllowed where this is no rehearsal."""
    if not current_app.config["REHEARSAL"] or seconds < 0:
        raise NotAllowed
    moved = clock.move(seconds)
    record("clock.moved", "city", CITY, advance_seconds=seconds)
    return moved
