"""What goes wrong while the families of a rehearsal file: the usual little things, or a department that is out for hours."""

from collections.abc import Mapping
from typing import Any

OUTAGE_S = 7200
USUAL, OUTAGE = "usual", "outage"
_SLOW = {"latency_ms": {"*": [5, 60]}}
_MESSAGES = {"error_rate": {"receipt": 0.02}}
WEATHERS: Mapping[str, Mapping[str, Any]] = {
    USUAL: {"exchange": {**_SLOW, "outages": [{"name": "land", "from_s": 5, "lasts_s": 20}]}, "sms": _MESSAGES},
    OUTAGE: {
        "exchange": {
            **_SLOW,
            "outages": [{"name": "land", "from_s": 5, "lasts_s": OUTAGE_S, "clock": "city"}],
            "wrong_files": {"market": ["other-batch"]},
        },
        "sms": _MESSAGES,
    },
}
"""Name → the content of faults.json. Departments take their time and one receipt in fifty is lost; usually the land
registry is out for twenty seconds, in `outage` for two hours of the city's clock, and a batch file is another day's."""


def passes_after_s(weather: str) -> int:
    """How far the clock is moved once all have filed, so that an outage of the city's clock is over; 0: not at all."""
    return OUTAGE_S if weather == OUTAGE else 0
