"""Keep a process running: start it again whenever it dies, until the keeper itself is told to stop.

`python -m backend.foundation.keeper COMMAND …` keeps any command, such as a web server that has no keeper of its own.
"""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

PAUSE = 0.5
SUBREAPER = 36
"""Linux's number for `prctl(PR_SET_CHILD_SUBREAPER)`: the orphans of a dead child become ours."""


def keep(command: Sequence[str]) -> None:
    """Run the command as a child, again and again; SIGTERM and SIGINT are passed on and end it.

    What a dead child leaves running is killed before the next one starts: a web server whose head was killed would go
    on answering beside the new one, and outlive the keeper. The child may open as many files as this user may: each
    phone that is connected is one.
    """
    stopping = False
    child: subprocess.Popen[bytes] | None = None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if child is not None:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    while not stopping:
        child = subprocess.Popen(list(command))
        if stopping:
            child.terminate()
        child.wait()
        _kill_orphans()
        if not stopping:
            sys.stderr.write(f"{' '.join(command)} ended with {child.returncode}, starting it again\n")
            time.sleep(PAUSE)


def _kill_orphans() -> None:
    """Kill every process below this one, and whatever becomes ours when its own parent dies."""
    while orphans := list(_children()):
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _children() -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                yield int(stat.parent.name)


if __name__ == "__main__":
    keep(sys.argv[1:])
