"""Batch files are believed whole or not at all: a wrong one says nothing about anybody (promises P19, domain 2.11)."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.policy.rules.facts import EXCHANGE_ITEMS
from backend.verification.gateways.drop_folder import DropFolder, FileNotOurs, opened, sealed
from backend.verification.gateways.tables import TableUnreadable, read_table, write_csv
from backend.verification.rules.batches import (
    ANSWER_HEAD,
    BatchAnswer,
    BatchWrong,
    answer_table,
    next_slot,
    question_table,
    read_answers,
)
from rehearsal.batch_office import BatchOffice, spoilt
from rehearsal.departments import Registers, answers_of
from rehearsal.faults import Faults, Weather
from rehearsal.population import Spec, write_city

BATCH = "market-business-20260520090000.csv"
DECLARED = EXCHANGE_ITEMS["market/business"][1]
FIRM = {"credit_code": "92150603MA1", "name": "便利店", "founded_on": "2021-05-01", "state": "存续"}
ASKED = [f"q-{number}" for number in range(30)]


def table(found_one_in: int = 2) -> list[list[str]]:
    answers = [
        BatchAnswer(question, FIRM if number % found_one_in == 0 else None, "库", "2026-05-20")
        for number, question in enumerate(ASKED)
    ]
    return answer_table(BATCH, DECLARED, answers)


def test_an_answer_is_read_as_it_was_written() -> None:
    read = read_answers(BATCH, DECLARED, ASKED, read_table(write_csv(table())))
    assert [each.question for each in read] == ASKED
    assert read[0].record == FIRM
    assert read[1].record is None


@pytest.mark.parametrize("fault", ["other-batch", "cut", "header", "nobody", "twice"])
def test_a_wrong_file_is_refused_whole(fault: str) -> None:
    """Yesterday's file, one cut short, other columns, a register that was empty, a line twice."""
    with pytest.raises(BatchWrong):
        read_answers(BATCH, DECLARED, ASKED, spoilt(table(), fault))


@settings(max_examples=100, deadline=None)
@given(
    row=st.integers(1, len(ASKED)),
    column=st.integers(0, len(ANSWER_HEAD) + len(DECLARED) - 1),
    cell=st.text(max_size=12),
)
def test_whatever_one_cell_says_the_file_is_read_or_refused(row: int, column: int, cell: str) -> None:
    """No cell of any content gives more than a verdict over declared fields."""
    rows = table()
    rows[row][column] = cell
    try:
        read = read_answers(BATCH, DECLARED, ASKED, rows)
    except BatchWrong:
        return
    assert all(each.record is None or set(each.record) <= set(DECLARED) for each in read)


def test_a_record_where_nothing_was_found_is_a_contradiction() -> None:
    rows = table()
    rows[2][len(ANSWER_HEAD)] = "92150603MA1"
    with pytest.raises(BatchWrong, match="yet it is told"):
        read_answers(BATCH, DECLARED, ASKED, rows)


def test_a_few_questions_may_all_find_nobody() -> None:
    few = ASKED[:5]
    rows = answer_table(BATCH, DECLARED, [BatchAnswer(question, None, "", "") for question in few])
    assert all(each.record is None for each in read_answers(BATCH, DECLARED, few, rows))


def test_questions_name_purpose_basis_and_consent_with_every_line() -> None:
    context = {"purpose": "p", "basis": "b", "consented_at": "2026-05-01", "operator": "sunroll"}
    rows = question_table(BATCH, [("q-1", {"id_number": "1", "people": ["a", "b"]}, context)])
    assert dict(zip(*rows, strict=True)) == {
        "batch": BATCH, "question": "q-1", **context, "id_number": "1", "people": "a、b",
    }  # fmt: skip


def test_slots_stand_at_whole_periods_after_midnight() -> None:
    now = datetime(2026, 5, 20, 9, 0, 1).astimezone()
    assert next_slot(now, 86_400) == now.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    assert next_slot(now, 3600) == now.replace(hour=10, minute=0, second=0)
    assert next_slot(now, 5) == now.replace(second=5)


def test_a_file_opens_for_its_department_under_its_name_alone() -> None:
    data = sealed(b"k" * 32, "market", BATCH, b"a table")
    assert opened(b"k" * 32, "market", BATCH, data) == b"a table"
    assert b"a table" not in data
    changed = data[:-1] + bytes([data[-1] ^ 1])
    for key, department, name, bytes_ in (
        (b"f" * 32, "market", BATCH, data),
        (b"k" * 32, "welfare", BATCH, data),
        (b"k" * 32, "market", "another.csv", data),
        (b"k" * 32, "market", BATCH, changed),
        (b"k" * 32, "market", BATCH, b"batch,question"),
        (b"k" * 32, "market", BATCH, b""),
    ):
        with pytest.raises(FileNotOurs):
            opened(key, department, name, bytes_)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b'"open', b"PK\x03\x04broken"])
def test_what_is_no_table_is_no_answer(data: bytes) -> None:
    with pytest.raises(TableUnreadable):
        read_table(data)


def ask_the_office(
    tmp_path: Path, faults: dict[str, Any], questions: int = 1
) -> tuple[DropFolder, BatchOffice, Registers]:
    city = tmp_path / "city"
    write_city(Spec("batches", 60), city)
    registers, weather = Registers(city), Weather("exchange")
    weather.change(Faults(**faults))
    drop = DropFolder(tmp_path / "drop", "k" * 32)
    people = list(registers._where)[:questions]
    rows = question_table(BATCH, [(f"q-{n}", {"id_number": who}, {}) for n, who in enumerate(people)])
    drop.put("market", BATCH, write_csv(rows))
    return drop, BatchOffice(tmp_path / "drop", "k" * 32, answers_of(registers), weather), registers


def test_the_simulated_office_answers_with_a_workbook_that_is_read(tmp_path: Path) -> None:
    drop, office, registers = ask_the_office(tmp_path, {}, 12)
    assert office.look() == 1
    assert office.look() == 0
    (name,) = drop.answers("market")
    assert name.endswith(".xlsx")
    read = read_answers(BATCH, DECLARED, [f"q-{n}" for n in range(12)], read_table(drop.take("market", name)))
    assert len(read) == 12
    registers.close()


def test_the_simulated_office_errs_on_command_and_is_out_of_service_on_command(tmp_path: Path) -> None:
    drop, office, registers = ask_the_office(tmp_path, {"wrong_files": {"market": ["strange-key"]}})
    office.look()
    with pytest.raises(FileNotOurs):
        drop.take("market", drop.answers("market")[0])
    office._weather.change(Faults(outages=[{"name": "market", "lasts_s": 60}]))
    drop.put("market", BATCH, write_csv([]))
    assert office.look() == 0
    registers.close()


def test_nobody_reads_names_or_numbers_in_the_folder(tmp_path: Path) -> None:
    """P11: what lies in the drop folder is sealed, questions and answers alike."""
    _, office, registers = ask_the_office(tmp_path, {}, 12)
    office.look()
    lying = b"".join(path.read_bytes() for path in (tmp_path / "drop").rglob("*") if path.is_file())
    for person in list(registers._where)[:12]:
        assert person.encode() not in lying
    registers.close()
