"""The bots' process with a database that a file makes slow or absent: `granian --interface wsgi bench.weather_bots:app`.

$BENCH_WEATHER names the file; it holds nothing (healthy), seconds by which every taking is late, or "absent".
"""

import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

import bots.webhook
from bots import callbacks

_weather = Path(os.environ["BENCH_WEATHER"])


def _take(*told: Any, **more: Any) -> str:
    now = _weather.read_text()
    if now == "absent":
        raise OperationalError("", {}, Exception("away"))
    time.sleep(float(now or 0))
    return callbacks.take_callback(*told, **more)


vars(bots.webhook)["take_callback"] = _take

from bots.wsgi import app  # noqa: E402  # the webhook must be made with this weather

__all__ = ["app"]
