"""The texts that a program says, read off its source: for tests that hold its words to the one catalogue."""

import ast
import re
from collections.abc import Collection, Iterable
from pathlib import Path

HAN = re.compile("[\u4e00-\u9fff]")


def texts(path: Path, besides: Collection[str] = ()) -> list[str]:
    """The texts of the program, without its docstrings and without what is handed to the calls named in `besides`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    left_out |= {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in besides
        for part in ast.walk(node)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out
    ]


def chinese_in(paths: Iterable[Path], besides: Collection[str] = ()) -> dict[str, list[str]]:
    """File → its texts with a Chinese sign, for the files that have any; the key is `room/name`."""
    found = {
        f"{path.parent.name}/{path.name}": [text for text in texts(path, besides) if HAN.search(text)] for path in paths
    }
    return {name: told for name, told in found.items() if told}
