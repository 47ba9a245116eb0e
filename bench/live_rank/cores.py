"""Which core the databases of a city run on: “one server core” means one for the web server and for what it asks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.live_rank.scale import SERVER_CORE


@contextmanager
def databases_on_the_server_core(folder: Path) -> Iterator[None]:
    """PostgreSQL and Valkey of the city in `folder` share the web server's core inside, and have all cores after it."""
    _pin(folder, {int(SERVER_CORE)})
    try:
        yield
    finally:
        _pin(folder, set(range(os.cpu_count() or 1)))


def _pin(folder: Path, cores: set[int]) -> None:
    """Every thread of what was started in the two folders; what PostgreSQL starts later inherits it."""
    homes = {str(folder / "postgresql"), str(folder / "valkey")}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str((process / "cwd").readlink()) in homes:
                for thread in (process / "task").iterdir():
                    os.sched_setaffinity(int(thread.name), cores)
