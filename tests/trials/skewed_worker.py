"""The exam's worker on a host whose clock is wrong by $SKEW_SECONDS: `python -m tests.trials.skewed_worker`."""

import os
from datetime import timedelta

from backend.foundation import clock
from jobs.worker import work

_true = clock.now
_skew = timedelta(seconds=float(os.environ.get("SKEW_SECONDS", "0")))
clock.now = lambda: _true() + _skew

if __name__ == "__main__":
    work("exam")
