"""Runs `sunroll draw` for the tests, in a folder of their own."""

import hashlib
import hmac
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sunroll.cli import main

SUNROLL = Path(sys.executable).with_name("sunroll")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sunroll(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def order(roster: str | bytes, *, seed: str = "s", draw: str = "d") -> Result:
    Path("R.csv").write_bytes(roster if isinstance(roster, bytes) else roster.encode())
    return sunroll("draw", "order", "R.csv", "--seed", seed, "--draw", draw, "--out", "O.csv")


def seats(order_csv: str, rule: str, number: str, roster: str | None = None) -> Result:
    Path("O.csv").write_text(order_csv)
    bundles = []
    if roster is not None:
        Path("R.csv").write_text(roster)
        bundles = ["--bundles", "R.csv"]
    return sunroll("draw", "seats", "O.csv", "--seats", number, "--last-bundle", rule, *bundles, "--out", "Z.csv")


def ticket(name: str, seed: str = "s", draw: str = "d") -> str:
    key = hashlib.sha256(seed.encode()).digest()
    return hmac.new(key, f"sunroll-ticket/v1\0{draw}\0{name}".encode(), "sha256").hexdigest()
