"""Circle and two shuffles as draws of the service: one seed, any way, and everybody recomputes the same order (domain 2.8)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.fairness.circle import circle_draw
from backend.fairness.drawn_ways import WAYS, circle_numbers, order_by_marks
from backend.fairness.tickets import draw_order
from backend.placement.rules.draw import check_draw, run_draw
from sunroll.cli import main
from tests.node_program import module_says
from verify.draws import recompute_draw

VERIFY = Path(__file__).parents[2] / "verify" / "node" / "draws.mjs"
people = st.lists(st.sampled_from([None, None, "T1", "T2"]), max_size=8)


def value_of(labels: list[str | None], way: str, seats: int = 3) -> dict[str, Any]:
    roster = [{"no": f"{number}号", "bundle": label} for number, label in enumerate(labels)]
    value = {"roster": roster, "seed": "种子", "draw": "民办", "seats": seats, "last_bundle": "skip"}
    return value if way == "tickets" else value | {"way": way}


@settings(deadline=None)
@given(people, st.sampled_from(WAYS), st.integers(0, 8))
def test_program_checker_and_the_strangers_checker_give_one_order(
    labels: list[str | None], way: str, seats: int
) -> None:
    value = value_of(labels, way, seats)
    output = run_draw(value)
    assert check_draw(value, output).passed
    assert recompute_draw(value) == output
    assert sorted(head["no"] for head in output["order"]) == sorted(row["no"] for row in value["roster"])


@settings(deadline=None)
@given(people, st.sampled_from(WAYS), st.randoms(use_true_random=False))
def test_the_order_of_the_roster_changes_nothing(labels: list[str | None], way: str, shuffler: Any) -> None:
    value = value_of(labels, way)
    before = run_draw(value)
    shuffler.shuffle(value["roster"])
    assert run_draw(value) == before


@pytest.mark.parametrize("way", WAYS)
def test_a_false_order_is_found(way: str) -> None:
    value = value_of([None, "T1", "T1", None, None], way)
    output = run_draw(value)
    first, last = output["order"][0], output["order"][-1]
    first["no"], last["no"] = last["no"], first["no"]
    assert not check_draw(value, output).passed


@pytest.mark.parametrize(("way", "keeps_drawn"), [("circle", False), ("circle-keep-drawn", True)])
def test_the_circle_is_that_of_the_command_with_numbers_of_the_seed(way: str, *, keeps_drawn: bool) -> None:
    """The start and the step are 1 + ticket modulo people; `sunroll draw interval` counts the same winners out."""
    names = sorted(f"{number:02}" for number in range(30))
    start, step = circle_numbers(30, "s", "d")
    drawn = [no for _, no, _ in order_by_marks(dict.fromkeys(names), "s", "d", way)]
    assert drawn == [names[number - 1] for number in circle_draw(30, start, step, 30, keeps_drawn=keeps_drawn)]
    words = ["draw", "interval", "--people", "30", "--start", str(start), "--step", str(step), "--winners", "30"]
    told = CliRunner().invoke(main, [*words, *(["--keep-drawn"] if keeps_drawn else [])]).output.split()
    assert drawn == [names[int(number) - 1] for number in told]


def test_two_shuffles_are_two_ticket_orders_the_second_over_codes_without_identity() -> None:
    names = [f"{number}" for number in range(20)]
    codes = {str(place): one.no for place, one in enumerate(draw_order(dict.fromkeys(names), "s", "d/first"), 1)}
    second = draw_order(dict.fromkeys(codes), "s", "d/second")
    drawn = order_by_marks(dict.fromkeys(names), "s", "d", "two-shuffles")
    assert [(no, mark) for _, no, mark in drawn] == [(codes[one.no], one.ticket.hex()) for one in second]


@pytest.mark.parametrize("way", WAYS)
def test_the_command_recomputes_the_service_from_the_published_files(way: str, tmp_path: Path) -> None:
    value = value_of([None, "T1", "T1", None, "T2", None], way)
    roster, order, seats = (tmp_path / name for name in ("roster.csv", "order.csv", "seats.csv"))
    roster.write_text("no,bundle\n" + "".join(f"{row['no']},{row['bundle'] or ''}\n" for row in value["roster"]))
    words = ["draw", "order", str(roster), "--seed", value["seed"], "--draw", value["draw"], "--way", way]
    assert CliRunner().invoke(main, [*words, "--out", str(order)]).exit_code == 0
    words = ["draw", "seats", str(order), "--seats", "3", "--last-bundle", "skip", "--bundles", str(roster)]
    done = CliRunner().invoke(main, [*words, "--out", str(seats)])
    assert (done.exit_code, done.output) == (0, "")
    output = run_draw(value)
    assert order.read_text().splitlines()[1:] == [
        f"{one['position']},{one['no']},{one['ticket']}" for one in output["order"]
    ]
    assert seats.read_text().splitlines()[1:] == [
        f"{one['no']},{one['position']},{one['result']}" for one in output["results"]
    ]


def test_the_node_checker_gives_the_same_orders() -> None:
    values = [
        value_of([None, "T1", "T1", None, None, "T2", "T2", None][:size], way) for way in WAYS for size in (0, 1, 8)
    ]
    program = (
        "import { readFileSync } from 'node:fs';\n"
        f"import {{ recomputeDraw }} from {json.dumps(VERIFY.as_uri())};\n"
        "console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(recomputeDraw)));\n"
    )
    assert json.loads(module_says(program, told=json.dumps(values))) == [run_draw(value) for value in values]
