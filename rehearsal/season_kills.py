"""Killing one of our own processes with SIGKILL in the middle of its work, and seeing it come back by itself."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
BACK_WITHIN_S = 60.0
KEEPER = "backend.foundation.keeper"


@dataclass(frozen=True)
class Kill:
    """A process that was killed: its queue or name, its number, and after how many milliseconds another stood there."""

    queue: str
    pid: int
    back_ms: int | None


def children_of(pid: int) -> Iterator[int]:
    """Every living process below this one, the nearest first."""
    parents: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            parent = _parent(folder)
            if parent is not None:
                parents.setdefault(parent, []).append(int(folder.name))
    waiting = list(parents.get(pid, []))
    while waiting:
        each = waiting.pop(0)
        yield each
        waiting += parents.get(each, [])


def _parent(folder: Path) -> int | None:
    try:
        after_name = (folder / "stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    state, parent = after_name[0], int(after_name[1])
    return None if state == "Z" else parent


def kept_process(words: Sequence[str], ancestor: int) -> int | None:
    """The nearest process below `ancestor` whose command line holds all these words and is no keeper's, or None."""
    for pid in children_of(ancestor):
        try:
            told = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if KEEPER not in told and all(word in told for word in words):
            return pid
    return None


def kill_worker(queue: str) -> Kill | None:
    """Kill this run's worker of a queue and wait until its keeper has started another; None where there was none."""
    return kill_kept(queue, ("jobs.worker", queue, "--once"))


def kill_kept(name: str, words: Sequence[str]) -> Kill | None:
    """Kill the process below this one with these words in its command line, with its children, and wait until its
    keeper has started another; None where there was none.
    """
    pid = kept_process(words, os.getpid())
    if pid is None:
        return None
    killed = [pid, *children_of(pid)]
    for each in killed:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    began = time.monotonic()
    while time.monotonic() - began < BACK_WITHIN_S:
        if kept_process(words, os.getpid()) not in (None, *killed):
            return Kill(name, pid, round((time.monotonic() - began) * 1000))
        time.sleep(0.1)
    return Kill(name, pid, None)
