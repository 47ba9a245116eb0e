"""Live ranks measured side by side in one run: all ranks, reads, durable changes, push, the last minutes of a band.

`python -m bench live_rank` runs everything; `python -m bench.live_rank PART …` runs parts (ranks, reads, changes,
threads, push, last_minutes) and prints them.
"""

import tempfile
from pathlib import Path

from bench.live_rank import changes, last_minutes, pushing, ranks, reads, threads
from bench.live_rank.changes import machine_load
from bench.live_rank.stage import stage

STAGED = (("reads", reads), ("changes", changes), ("threads", threads), ("last_minutes", last_minutes))
PARTS = ("ranks", "reads", "changes", "threads", "push", "last_minutes")


def measure(parts: tuple[str, ...] = PARTS) -> str:
    """The report, every part after the other; how busy the machine was stands above each."""
    lines = ["# Live ranks", ""]
    if "ranks" in parts:
        lines += [machine_load(), "", *ranks.measure(), ""]
    if {"reads", "changes", "threads", "last_minutes"} & set(parts):
        with (
            tempfile.TemporaryDirectory(prefix="sunroll-bench-live-", ignore_cleanup_errors=True) as folder,
            stage(Path(folder)) as on,
        ):
            for name, part in STAGED:
                if name in parts:
                    lines += [machine_load(), "", *part.measure(on), ""]
    if "push" in parts:
        lines += [machine_load(), "", *pushing.measure(), ""]
    return "\n".join(lines)
