"""Killing one of our own workers with SIGKILL in the middle of its work, and seeing it come back by itself."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
BACK_WITHIN_S = 60.0


@dataclass(frozen=True)
class Kill:
    """A worker that was killed: its queue, its process, and after how many milliseconds another did its work."""

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


def worker_of(queue: str, ancestor: int) -> int | None:
    """The process that works on this queue below `ancestor` (the keeper's child, not the keeper), or None."""
    for pid in children_of(ancestor):
        try:
            words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"jobs.worker" in words and queue.encode() in words and b"--once" in words:
            return pid
    return None


def kill_worker(queue: str) -> Kill | None:
    """Kill this run's worker of a queue and wait until its keeper has started another; None where there was none."""
    pid = worker_of(queue, os.getpid())
    if pid is None:
        return None
    os.kill(pid, signal.SIGKILL)
    began = time.monotonic()
    while time.monotonic() - began < BACK_WITHIN_S:
        another = worker_of(queue, os.getpid())
        if another not in (None, pid):
            return Kill(queue, pid, round((time.monotonic() - began) * 1000))
        time.sleep(0.1)
    return Kill(queue, pid, None)
