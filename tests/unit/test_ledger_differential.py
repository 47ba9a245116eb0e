"""The checkers' own programs against ours on many small decisions in which everything collides, and their independence."""

import ast
import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_chances import some_admission, some_choice, some_circle, some_classes, some_draw, some_quota, some_zone
from ledger_folders import write_folder

from backend.fairness.merkle import inclusion_proof, merkle_root
from backend.publication.rules.ledger import Level
from tests.node_program import module_says, node
from verify import merkle
from verify.ledger import check_ledger

ROOT = Path(__file__).parents[2]
MAKERS = [some_draw, some_circle, some_choice, some_zone, some_zone, some_admission, some_quota]


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.sampled_from(MAKERS))
def test_the_checker_in_python_recomputes_what_our_programs_gave(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random, make: Any
) -> None:
    """P4: two implementations, no shared code, the same bytes."""
    folder = write_folder(tmp_path_factory.mktemp("ledger"), "2026", [make(chance)], Level.SEALED)
    assert check_ledger(folder).decisions == 1
    shutil.rmtree(folder)


def test_the_checker_in_node_recomputes_what_our_programs_gave(tmp_path: Path) -> None:
    """P4: a third implementation, in another language; one ledger of 280 decisions."""
    chance = random.Random("node")
    decisions = [make(chance) for make in MAKERS for _ in range(40)] + [some_classes(chance) for _ in range(5)]
    folder = write_folder(tmp_path, "2026", decisions, Level.SEALED)
    assert check_ledger(folder).decisions == 285
    ((code, words),) = node(folder)
    assert (code, words.splitlines()[-1]) == (0, "verified 285 decisions"), words


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=3), min_size=1, max_size=40), st.data())
def test_the_trees_of_the_checker_are_those_of_the_service(leaves: list[bytes], data: st.DataObject) -> None:
    """RFC 6962: the same root and the same proofs by two ways of splitting."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(leaves, index)
    root = merkle.root_of(leaves)
    assert root == merkle_root(leaves).hex()
    assert merkle.root_from_proof(leaves[index], index, len(leaves), proof) == root
    assert merkle.root_from_proof(leaves[index], index, len(leaves), [*proof, b"\0" * 32]) is None


def test_the_checkers_import_nothing_of_ours() -> None:
    """Contract 5: whoever checks needs Python or Node and nothing else."""
    for path in (ROOT / "verify").glob("*.py"):
        for step in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in step.names] if isinstance(step, ast.Import) else []
            names += [step.module or ""] if isinstance(step, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, "verify"}
    for path in (ROOT / "verify").rglob("*.mjs"):
        sources = re.findall(r"from '([^']+)'", path.read_text("utf-8"))
        near = [source for source in sources if not source.startswith("node:")]
        assert all(source.startswith(".") for source in near)
        assert all((path.parent / source).resolve().is_relative_to(ROOT / "verify") for source in near)


def test_the_checker_runs_alone_in_another_place(tmp_path: Path) -> None:
    """The folder `verify` alone, carried to a machine without the service, checks a ledger with plain Python."""
    shutil.copytree(ROOT / "verify", tmp_path / "verify", ignore=shutil.ignore_patterns("__pycache__"))
    folder = write_folder(tmp_path / "ledger", "2026", [some_draw(random.Random(1))], Level.SEALED)
    words = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from verify.__main__ import run; sys.exit(run({str(folder)!r}))",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "verified 1 decisions")


BROKEN_JSON = [
    '{"a": 1, "a": 2}',
    "[1,]",
    "[1 2]",
    "{1: 2}",
    "1.5",
    "1e3",
    "NaN",
    '"\\ud800"',
    "-",
    "01",
    '"\n"',
    "[1]x",
    "",
]
GOOD_JSON = [[], {}, [[]], {"a": {}}, {"__proto__": [1]}, '\u2028\u007f"\\\n', 10**30, -7, [True, None], "\U0001d538"]


def test_both_checkers_read_the_same_json() -> None:
    """A text that two programs read in two ways would be a way to lie."""
    values = [json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2) + "\n" for value in GOOD_JSON]
    program = (
        f"import {{ parseCanonical }} from '{(ROOT / 'verify/node/folder.mjs').as_uri()}';"
        "for (const text of JSON.parse(process.argv[1])) {"
        "  try { parseCanonical(Buffer.from(text), 'x'); console.log(1); } catch { console.log(0); } }"
    )
    said = module_says(program, json.dumps([*values, *BROKEN_JSON]))
    assert said.split() == ["1"] * len(values) + ["0"] * len(BROKEN_JSON)
