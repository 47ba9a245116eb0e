"""A database or Valkey server that dies like a machine without power, with all its children, and comes back."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

GONE_WITHIN = 10.0
LOOKS_EVERY = 0.05


@dataclass
class Server:
    """The server whose program is named `program` and whose command line holds `mark`; started here only after a kill."""

    program: str
    mark: str
    command: list[str] = field(default_factory=list)
    owner: tuple[int, int] = (0, 0)
    folder: str = "/"
    again: "subprocess.Popen[bytes] | None" = None

    def kill(self) -> None:
        """Kill it and its children at once; how it was started is remembered. Nothing where it does not run."""
        found = self._leader()
        if found is None:
            return
        self.command = _command(found)
        self.folder = str((found / "cwd").resolve())
        self.owner = (found.stat().st_uid, found.stat().st_gid)
        family = [int(found.name), *_children(int(found.name))]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.again is not None:
            self.again.wait()
        until = time.monotonic() + GONE_WITHIN
        while any(_lives(pid) for pid in family) and time.monotonic() < until:
            time.sleep(LOOKS_EVERY)

    def start(self) -> None:
        """Start what was killed, in the same folder as the same user; it recovers from its own log."""
        if self.command and (self.again is None or self.again.poll() is not None):
            user, group = self.owner
            self.again = subprocess.Popen(
                self.command,
                cwd=self.folder,
                user=user,
                group=group,
                extra_groups=[],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def keep_running(self) -> None:
        """Start it again where it gave up: a database does while the memory of the dead one is still mapped."""
        if self.again is not None and self.again.poll() is not None:
            self.start()

    def stop(self) -> None:
        """End what was started here."""
        if self.again is not None and self.again.poll() is None:
            self.again.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.again.wait(GONE_WITHIN)
            self.kill()

    def _leader(self) -> Path | None:
        """The process with that command line that is not a child of another such."""
        found = [
            one
            for one in Path("/proc").glob("[0-9]*")
            if (words := _command(one)) and Path(words[0]).name == self.program and self.mark in " ".join(words)
        ]
        return min(found, key=lambda one: int(one.name), default=None) if found else None


def _command(process: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return (process / "cmdline").read_text().split("\0")[:-1]
    return []


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
