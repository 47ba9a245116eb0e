"""The recipes and vectors of docs/formats/tickets.md, run as they stand there: three languages, one digest."""

import hashlib
import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from backend.fairness.tickets import TicketDraw, draw_order, ticket_order
from tests.node_program import run_node

TEXT = (Path(__file__).parents[2] / "docs/formats/tickets.md").read_text()
SEED, DRAW = "公证种子 2026", "东胜区/一年级"
OPENSSL = shutil.which("openssl")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


VECTORS: list[list[str]] = json.loads(blocks("json")[0])


def many_ids() -> list[str]:
    """5,000 ids: digits, Chinese, Mongolian, and characters outside the basic plane, where UTF-16 sorts otherwise."""
    chance = random.Random(7)
    letters = "0123456789李娜仁ᠮᠣ𠮷𡃁😀\uffee\ue000é"
    return sorted({f"{number}{''.join(chance.choices(letters, k=4))}" for number in range(5_000)})


def digest(names: list[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def test_the_vectors_are_what_the_program_gives() -> None:
    assert len(VECTORS) == 9
    for seed, draw, name, ticket in VECTORS:
        assert TicketDraw(seed, draw).ticket(name).hex() == ticket


def test_the_example_roster_gives_the_example_order() -> None:
    roster, order = blocks("csv")
    people = {no: label or None for no, label in (line.split(",") for line in roster.splitlines()[1:])}
    drawn = draw_order(people, SEED, DRAW)
    assert [f"{one.position},{one.no},{one.ticket.hex()}" for one in drawn] == order.splitlines()[1:]


def test_the_python_recipe_gives_the_same_digest() -> None:
    recipe: dict[str, object] = {}
    exec(blocks("python")[0], recipe)  # noqa: S102  (the recipe of our own documentation)
    ticket, order = recipe["ticket"], recipe["order"]
    assert callable(ticket)
    assert callable(order)
    assert [ticket(*vector[:3]).hex() for vector in VECTORS] == [vector[3] for vector in VECTORS]
    assert digest(order(many_ids(), SEED, DRAW)) == digest(ticket_order(many_ids(), SEED, DRAW))


def test_the_node_recipe_gives_the_same_digest() -> None:
    assert len(blocks("javascript")[0].splitlines()) == 6
    program = (
        blocks("javascript")[0]
        + 'const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));\n'
        + 'const tickets = given.vectors.map((row) => ticket(row[0], row[1], row[2]).toString("hex"));\n'
        + 'const ordered = order(given.ids, given.seed, given.draw).join("\\n");\n'
        + 'console.log(JSON.stringify([tickets, createHash("sha256").update(ordered).digest("hex")]));\n'
    )
    given = json.dumps({"vectors": VECTORS, "ids": many_ids(), "seed": SEED, "draw": DRAW})
    tickets, ordered = json.loads(run_node("-e", program, told=given).stdout)
    assert tickets == [vector[3] for vector in VECTORS]
    assert ordered == digest(ticket_order(many_ids(), SEED, DRAW))


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not on this machine, so its recipe cannot be run")
@pytest.mark.parametrize("vector", VECTORS[::4], ids=lambda vector: vector[3][:8])
def test_the_shell_recipe_gives_the_same_ticket(vector: list[str]) -> None:
    seed, draw, name, ticket = vector
    environment = {"SEED": seed, "DRAW": draw, "NAME": name, "PATH": str(Path(str(OPENSSL)).parent) + ":/usr/bin:/bin"}
    done = subprocess.run(["sh", "-c", blocks("sh")[0]], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ticket
