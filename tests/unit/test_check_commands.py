"""`sunroll check` and `sunroll insight`: one line of answer, or one line a fault and exit code 2."""

from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from sunroll.cli import main


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", " 11010519491231002X "])
def test_a_right_number_is_answered_with_birth_and_sex(number: str) -> None:
    """Contract 5, T-4.2."""
    result = run("check", "id", number)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "ok 1949-12-31 female\n", "")


@pytest.mark.parametrize("number", ["11010519491231003X", "110105194912310", "1", "150602201802300011"])
def test_a_wrong_number_is_one_line_of_words(number: str) -> None:
    result = run("check", "id", number)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)


def test_a_birth_counts_from_its_own_midnight_in_china() -> None:
    number = "150602202609010027"
    with time_machine.travel("2026-08-31T15:59:59Z"):
        assert "has not come yet" in run("check", "id", number).stderr
    with time_machine.travel("2026-08-31T16:00:00Z"):
        assert run("check", "id", number).stdout == "ok 2026-09-01 female\n"


def test_working_days_are_counted_on_the_decreed_calendar() -> None:
    assert run("check", "working-day", "2026-09-30", "--plus", "1").stdout == "2026-10-08\n"
    assert run("check", "working-day", "2026-02-13", "--plus", "2").stdout == "2026-02-24\n"


def test_a_year_without_a_calendar_is_an_error_that_says_so() -> None:
    result = run("check", "working-day", "2027-03-01", "--plus", "1")
    assert result.exit_code == 2
    assert "no calendar of working days is decreed for 2027" in result.stderr


@pytest.mark.parametrize(("day", "plus"), [("2026-2-3", "0"), ("2026-02-30", "-1"), ("20260203", "1.5"), ("", "x")])
def test_a_wrong_date_and_a_wrong_count_are_told_together(day: str, plus: str) -> None:
    result = run("check", "working-day", day, "--plus", plus)
    assert (result.exit_code, [fault.split(":")[0] for fault in result.stderr.splitlines()]) == (2, ["DATE", "--plus"])


def test_the_coefficient_of_variation_has_three_decimals(tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    data.write_text("\ufeffpupils,value\n100,100.0\n300,900\n", encoding="utf-8")
    assert run("insight", "cv", str(data)).stdout == "0.346\n"
    data.write_text("value,pupils\n10,100\n30,100\n", encoding="utf-8")
    assert run("insight", "cv", str(data)).stdout == "0.500\n"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [("0,1\n5,-2\n5,1e3\nx,2\n", [2, 3, 4, 5]), ("10,0\n", [1]), ("", [1]), ("1,2,3\n", [2])],
)
def test_data_that_cannot_vary_is_bad_input(tmp_path: Path, rows: str, lines: list[int]) -> None:
    data = tmp_path / "d.csv"
    data.write_text(f"pupils,value\n{rows}", encoding="utf-8")
    result = run("insight", "cv", str(data))
    assert result.exit_code == 2
    assert [int(fault.removeprefix(f"{data}:").split(":")[0]) for fault in result.stderr.splitlines()] == lines
