"""Keep a process running: start it again whenever it dies, until the keeper itself is told to stop."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

PAUSE = 0.5


def keep(command: Sequence[str]) -> None:
    """Run the command as a child, again and again; SIGTERM and SIGINT are passed on and end it."""
    stopping = False
    child: subprocess.Popen[bytes] | None = None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if child is not None:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping:
        child = subprocess.Popen(list(command))
        if stopping:
            child.terminate()
        child.wait()
        if not stopping:
            sys.stderr.write(f"{' '.join(command)} ended with {child.returncode}, starting it again\n")
            time.sleep(PAUSE)
