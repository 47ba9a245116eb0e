"""The README gives two commands that need no set-up, and what it names can be run and found."""

import re
import shlex
from pathlib import Path

import click
import pytest

from sunroll.cli import main

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str) -> list[list[str]]:
    """The lines of each block of commands."""
    found = re.findall(r"```\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    return [block.splitlines() for block in found]


@pytest.mark.parametrize("name", READMES)
def test_two_commands_are_enough(name: str) -> None:
    assert [line.split("#")[0].strip() for line in blocks(name)[0]] == ["make run", "make test"]
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"run", "test"} <= set(targets)


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words lead to, and the words that are left for it."""
    command: click.Command = main
    while isinstance(command, click.Group):
        context = click.Context(command)
        found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize("line", blocks("README.md")[1])
def test_every_offline_command_has_the_options_that_are_written(line: str) -> None:
    command, words = command_of(shlex.split(line, comments=True)[1:])
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
