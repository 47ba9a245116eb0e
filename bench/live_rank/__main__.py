"""`python -m bench.live_rank PART …`: some parts alone, printed."""

import sys

from bench.live_rank import PARTS, measure

print(measure(tuple(sys.argv[1:]) or PARTS))
