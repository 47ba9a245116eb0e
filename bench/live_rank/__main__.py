"""`python -m bench.live_rank [--brief] PART …`: some parts alone, printed."""

import signal
import sys

from bench.live_rank import PARTS, measure
from bench.live_rank.scale import BRIEF, WHOLE

signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
asked = sys.argv[1:]
parts = tuple(each for each in asked if each != "--brief") or PARTS
if unknown := set(parts) - set(PARTS):
    sys.exit(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
print(measure(parts, BRIEF if "--brief" in asked else WHOLE))
