"""The texts that a program says, read off its source: for tests that hold its words to the one catalogue."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

HAN = re.compile("[\u4e00-\u9fff]")


def texts(path: Path) -> list[str]:
    """The texts of the program, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
    ]


def chinese_in(paths: Iterable[Path]) -> dict[str, list[str]]:
    """File → its texts with a Chinese sign, for the files that have any; the key is `room/name`."""
    found = {f"{path.parent.name}/{path.name}": [text for text in texts(path) if HAN.search(text)] for path in paths}
    return {name: told for name, told in found.items() if told}
