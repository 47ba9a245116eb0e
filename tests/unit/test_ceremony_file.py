"""The published file of a ceremony: a true one recomputes, and every single thing changed in it is found (promises P6)."""

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.fairness.ceremony import CeremonyRules, commitment, conclude, opens_witness, witness_commitment
from backend.fairness.ceremony_check import FORMAT, ceremony_findings
from sunroll.commands.draw import command

SECRET = "f3" * 16
ROOT = hashlib.sha256(b"roster").hexdigest()
SAID = {"公证员": "1" * 40, "家长代表": "27182818284590452353", "校长": "3" * 12}
NUMBER = ("福彩双色球第 2026135 期", "没有公开数字")


def told(silent: tuple[str, ...] = (), number: str | None = "03 07 11 + 09") -> dict[str, Any]:
    """The file of a concluded ceremony; `silent` witnesses committed and said nothing."""
    rules = CeremonyRules(ROOT, commitment(SECRET), tuple(SAID), *NUMBER)
    texts = {name: text for name, text in SAID.items() if name not in silent}
    seed = conclude(rules, SECRET, texts, number).seed
    return {
        "format": FORMAT,
        "run": "r",
        "kind": "placement",
        "scope": "150603/primary/2026",
        "state": "concluded",
        "rows": 3,
        "root": ROOT,
        "input_sha256": "0" * 64,
        "rule_book_sha256": "1" * 64,
        "office": {"commitment": commitment(SECRET), "text": SECRET},
        "public_number": {
            "name": NUMBER[0],
            "source": "开奖公告",
            "appears_at": "2026-07-01T21:15:00.000+08:00",
            "fallback": NUMBER[1],
            "text": number,
        },
        "witnesses": [
            {
                "name": name,
                "office": "见证人",
                "commitment": witness_commitment(ROOT, name, text),
                "committed_at": "2026-07-01T09:00:00.000+08:00",
                "committed_by": "link",
                "text": texts.get(name),
                "said_at": None,
                "dismissed_at": None,
            }
            for name, text in SAID.items()
        ],
        "struck_out": [],
        "frozen_at": "2026-07-01T08:00:00.000+08:00",
        "announced_at": "2026-07-01T08:30:00.000+08:00",
        "committed_at": "2026-07-01T09:30:00.000+08:00",
        "revealed_at": "2026-07-01T10:00:00.000+08:00",
        "concluded_at": "2026-07-01T21:20:00.000+08:00",
        "seed": seed,
    }


def pointers(document: dict[str, Any]) -> set[str]:
    return {finding.pointer for finding in ceremony_findings(document)}


@pytest.mark.parametrize("silent", [(), ("校长",), tuple(SAID)])
@pytest.mark.parametrize("number", ["03 07 11 + 09", None])
def test_a_true_file_has_no_finding(silent: tuple[str, ...], number: str | None) -> None:
    assert ceremony_findings(told(silent, number)) == []


def test_a_file_is_checked_as_far_as_the_ceremony_has_come() -> None:
    document = told() | {"seed": None, "concluded_at": None, "revealed_at": None, "state": "revealing"}
    assert ceremony_findings(document | {"office": {"commitment": commitment(SECRET), "text": None}}) == []


Change = Callable[[dict[str, Any]], object]
LIES: dict[str, tuple[Change, str]] = {
    "another seed": (lambda told: told.update(seed="0" * 64), "/seed"),
    "another number": (lambda told: told["public_number"].update(text="03 07 12 + 09"), "/seed"),
    "the fall-back instead": (lambda told: told["public_number"].update(text=None), "/seed"),
    "another list": (lambda told: told.update(root=hashlib.sha256(b"x").hexdigest()), "/witnesses/0/text"),
    "other digits": (lambda told: told["witnesses"][1].update(text="1" * 20), "/witnesses/1/text"),
    "digits kept back afterwards": (lambda told: told["witnesses"][2].update(text=None), "/seed"),
    "a witness struck out afterwards": (lambda told: told["witnesses"][2].update(dismissed_at="x"), "/witnesses"),
    "no commitment": (lambda told: told["witnesses"][0].update(commitment=None), "/witnesses/0/commitment"),
    "another office": (lambda told: told["office"].update(text="e" * 32), "/office/text"),
    "witnesses in another order": (lambda told: told["witnesses"].reverse(), "/seed"),
    "a number that was out": (
        lambda told: told["public_number"].update(appears_at="2026-07-01T09:30:00.000+08:00"),
        "/public_number/appears_at",
    ),
    "said before it was committed": (lambda told: told.update(committed_at=None), "/witnesses/0/text"),
    "steps in another order": (lambda told: told.update(revealed_at="2026-07-01T09:00:00.000+08:00"), "/revealed_at"),
    "another format": (lambda told: told.update(format="x"), "/format"),
    "a part that is missing": (lambda told: told.pop("office"), ""),
}


@pytest.mark.parametrize("lie", LIES)
def test_every_lie_is_found_where_it_stands(lie: str) -> None:
    document = copy.deepcopy(told())
    change, where = LIES[lie]
    change(document)
    assert where in pointers(document)


def test_a_commitment_is_bound_to_list_and_name() -> None:
    """Nobody can hand in what another witness handed in, or what was made for another list."""
    made = witness_commitment(ROOT, "公证员", "1" * 12)
    assert (
        made
        == hashlib.sha256(
            b"\x00".join([b"sunroll-witness/v1", ROOT.encode(), "公证员".encode(), b"1" * 12])
        ).hexdigest()
    )
    assert opens_witness(made, ROOT, "公证员", "1" * 12)
    assert not opens_witness(made, ROOT, "校长", "1" * 12)
    assert not opens_witness(made, "0" * 64, "公证员", "1" * 12)
    assert not opens_witness(made, ROOT, "公证员", "1" * 11)


@settings(max_examples=60, deadline=None)
@given(st.text("0123456789", min_size=12, max_size=60), st.text("0123456789", min_size=12, max_size=60))
def test_only_the_same_digits_open_a_commitment(one: str, other: str) -> None:
    assert opens_witness(witness_commitment(ROOT, "校长", one), ROOT, "校长", other) is (one == other)


def test_the_command_says_the_seed_of_a_true_file_and_names_a_lie(tmp_path: Path) -> None:
    file = tmp_path / "ceremony.json"
    for document, code, words in (
        (told(), 0, f"seed {told()['seed']}"),
        (told() | {"seed": "0" * 64}, 1, "/seed: the texts give the seed"),
        ([], 2, "is no object"),
    ):
        file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        answer = CliRunner().invoke(command, ["ceremony", str(file)])
        assert (answer.exit_code, words in answer.output) == (code, True), answer.output
