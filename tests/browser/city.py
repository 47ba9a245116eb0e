"""The city that the browser tests walk through: a running stack, its people, and which step failed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sunroll.stack import Stack

BANNER = "150603"
FAILED = pytest.StashKey[str]()
"""Where a file of tests notes the step that failed."""


@dataclass(frozen=True)
class City:
    """A running stack with its season open, and the people in it."""

    stack: Stack
    officials: list[dict[str, Any]]

    @property
    def folder(self) -> Path:
        """Where the generated city stands."""
        return self.stack.folder / "city"

    def families(self) -> list[dict[str, Any]]:
        """Every family of the city, the samples first."""
        lines = (self.folder / "families.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def school_code(self, name: str) -> str:
        """The code of a school by its name."""
        lines = (self.folder / "schools.csv").read_text(encoding="utf-8").splitlines()
        return next(line.split(",")[0] for line in lines if name in line)

    def family(self, letter: str) -> dict[str, Any]:
        """A sample family by its letter."""
        return next(family for family in self.families() if family["sample"] == letter)
