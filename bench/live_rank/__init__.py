"""Live ranks measured side by side in one run: all ranks, reads, durable changes, push, the last minutes of a band.

`python -m bench live_rank` runs everything, about half an hour; `python -m bench.live_rank [--brief] PART …` runs parts
(ranks, reads, changes, last_minutes, many, push) and prints them, with `--brief` in small sizes.
"""

import os
import tempfile
from pathlib import Path

from bench.live_rank import changes, last_minutes, many, pushing, ranks, reads
from bench.live_rank.scale import WHOLE, Scale
from bench.live_rank.stage import stage

STAGED = {"reads": reads, "changes": changes, "last_minutes": last_minutes}
PARTS = ("ranks", *STAGED, "many", "push")


def measure(parts: tuple[str, ...] = PARTS, scale: Scale = WHOLE) -> str:
    """The report, every part after the other; how busy the machine was stands above each."""
    lines = ["# Live ranks", ""]
    if "ranks" in parts:
        lines += [machine_load(), "", *ranks.measure(scale), ""]
    if STAGED.keys() & set(parts):
        with _folder() as folder, stage(Path(folder), scale, scale.people) as on:
            for name, part in STAGED.items():
                if name in parts:
                    lines += [machine_load(), "", *part.measure(on), ""]
    if "many" in parts:
        with _folder() as folder, stage(Path(folder), scale, scale.many, sorted_sets=False) as on:
            lines += [machine_load(), "", *many.measure(on), ""]
    if "push" in parts:
        lines += [machine_load(), "", *pushing.measure(scale), ""]
    return "\n".join(lines)


def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="sunroll-bench-live-", ignore_cleanup_errors=True)


def machine_load() -> str:
    """How busy the machine is with other things, for the head of each part."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f} (1 min), {five:.1f} (5 min) on {os.cpu_count()} cores"
