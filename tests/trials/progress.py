"""How far a long trial has come, kept in a file: one that was stopped goes on where it was, one that ended begins anew."""

import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path("var/trials")


class Progress:
    """The parts of one trial that are done, each with what it came to (plain JSON), in order."""

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        self._path = folder / f"{name}.json"
        self.done: list[dict[str, Any]] = json.loads(self._path.read_text()) if self._path.is_file() else []

    def add(self, found: dict[str, Any], told: str) -> None:
        """One more part is done; `told` is the line that says so."""
        self.done.append(found)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unseen = self._path.with_suffix(".new")
        unseen.write_text(json.dumps(self.done, ensure_ascii=False))
        unseen.replace(self._path)
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()

    def end(self) -> None:
        """The trial is over: the next one begins anew."""
        self._path.unlink(missing_ok=True)
