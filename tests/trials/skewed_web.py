"""The web application on a host whose clock is wrong by $SKEW_SECONDS: `granian tests.trials.skewed_web:door`."""

import os
from datetime import timedelta

from backend.foundation import clock

_true = clock.now
_skew = timedelta(seconds=float(os.environ.get("SKEW_SECONDS", "0")))
clock.now = lambda: _true() + _skew

from backend.rsgi import door  # noqa: E402  # the clock goes wrong before anything asks it

__all__ = ["door"]
