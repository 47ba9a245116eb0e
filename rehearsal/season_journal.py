"""What a rehearsal has seen so far, one JSON line a thing, so that a rehearsal that was stopped goes on where it was."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """The lines of `file`, kept in memory too. A line that was cut by a kill is passed over: its thing is done again."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._told: list[dict[str, Any]] = []
        if file.exists():
            self._told = list(_readable(file.read_bytes().split(b"\n")))
        self._out = file.open("ab")
        self._out.write(b"\n" if file.stat().st_size else b"")

    def note(self, kind: str, **facts: Any) -> None:
        """Write one thing down."""
        line = {"kind": kind, **facts}
        with self._lock:
            self._told.append(line)
            self._out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            self._out.flush()

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The things of one kind, in the order in which they were seen."""
        with self._lock:
            return [line for line in self._told if line["kind"] == kind]

    def by_kind(self) -> dict[str, list[dict[str, Any]]]:
        """Kind → its lines in order."""
        found: dict[str, list[dict[str, Any]]] = {}
        with self._lock:
            for line in self._told:
                found.setdefault(line["kind"], []).append(line)
        return found

    def by_family(self, kind: str) -> dict[str, dict[str, Any]]:
        """The newest thing of one kind for each family."""
        return {line["family"]: line for line in self.of(kind)}

    def close(self) -> None:
        """Close the file."""
        self._out.close()


def _readable(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            told = json.loads(line) if line.strip() else None
        except ValueError:
            continue
        if isinstance(told, dict) and "kind" in told:
            yield told
