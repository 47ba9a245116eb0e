"""The phone's own checks, run with whatever Node there is: types, unit tests, and the WeChat package with its size."""

import os
import subprocess
from pathlib import Path

import pytest

from sunroll.phone_build import MINIPROGRAM, Node, build_phone, find_node

LARGEST_PACKAGE = 2 * 1024 * 1024
PATIENCE = 600


@pytest.fixture(scope="module")
def node() -> Node:
    """A Node with the phone's packages installed."""
    built = build_phone(MINIPROGRAM)
    assert built.missing is None, built.missing
    found = find_node(os.environ)
    assert found is not None
    return found


def run_script(node: Node, name: str) -> None:
    done = subprocess.run(
        [node.program, node.npm, "run", "--silent", name],
        cwd=MINIPROGRAM,
        env={**os.environ, "CI": "1", "PATH": f"{node.program.parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def test_the_source_has_sound_types(node: Node) -> None:
    run_script(node, "check")


def test_the_phones_unit_tests_pass(node: Node) -> None:
    run_script(node, "test")


def test_the_wechat_package_builds_and_is_small_enough(node: Node) -> None:
    run_script(node, "build:mp-weixin")
    package = Path(MINIPROGRAM) / "dist" / "build" / "mp-weixin"
    size = sum(file.stat().st_size for file in package.rglob("*") if file.is_file())
    assert (package / "app.json").is_file()
    assert size < LARGEST_PACKAGE
