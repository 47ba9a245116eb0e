"""`python -m bench.live_rank PART …`: some parts alone, printed."""

import signal
import sys

from bench.live_rank import PARTS, measure

signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
print(measure(tuple(sys.argv[1:]) or PARTS))
