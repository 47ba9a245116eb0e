"""`sunroll draw` from the outside: exact files, exact exit codes, every fault on its line, nothing half written."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from draw_commands import SUNROLL, here, order, sunroll, ticket

__all__ = ["here"]


def test_the_order_is_written_to_the_letter(here: Path) -> None:
    names = {"a": "a", "b1": "双胞胎", "b2": "双胞胎", 'c,"x"': 'c,"x"'}
    assert order('\ufeffno,bundle\r\na,\r\n b2 ,双胞胎\r\n"c,""x""",\r\n\r\nb1,双胞胎\r\n', draw="一小 ").exit_code == 0
    rows = sorted((ticket(name, draw="一小 "), no) for no, name in names.items())
    cells = [(no if no[0] != "c" else '"c,""x"""', drawn) for drawn, no in rows]
    expected = "".join(f"{place},{no},{drawn}\n" for place, (no, drawn) in enumerate(cells, 1))
    assert Path("O.csv").read_bytes() == f"position,no,ticket\n{expected}".encode()


def test_swapping_rows_and_columns_changes_no_byte(here: Path) -> None:
    """T-2.11."""
    rows = [f"{n},{'B' if n % 5 == 0 else ''}" for n in range(40)]
    assert order("no,bundle\n" + "\n".join(rows)).exit_code == 0
    first = Path("O.csv").read_bytes()
    random.Random(1).shuffle(rows)
    assert order("bundle,no\n" + "\n".join(",".join(reversed(row.split(","))) for row in rows)).exit_code == 0
    assert Path("O.csv").read_bytes() == first


def test_an_empty_roster_gives_an_empty_order(here: Path) -> None:
    assert order("no\n").exit_code == 0
    assert Path("O.csv").read_text() == "position,no,ticket\n"


def test_seeds_are_taken_as_they_are(here: Path) -> None:
    assert order("no\na\n", seed=" s\t").exit_code == 0
    assert ticket("a", seed=" s\t") in Path("O.csv").read_text()


@pytest.mark.parametrize(
    ("roster", "faults"),
    [
        ("no\na\nb\na\n a\n", ["R.csv:4: ", "R.csv:5: "]),
        ("no\na\n\n , \n", ["R.csv:4: has 2 cells"]),
        ("no,bundle\n,B\nb,b\nc,b\n", ["R.csv:2: the number is empty", "R.csv:3: the bundle", "R.csv:4: the bundle"]),
        ("no,name\na,x\n", ["R.csv:1: the column 'name' is unknown"]),
        ("no,no\na,x\n", ["R.csv:1: the column 'no' stands twice"]),
        ("bundle\na\n", ["R.csv:1: the column 'no' is missing"]),
        ("", ["R.csv:1: has no header"]),
        ("no\na\0\nb\nc\0\n", ["R.csv:2: has a NUL", "R.csv:4: has a NUL"]),
        (b"no\na\n\xff\n", ["R.csv:3: is not UTF-8"]),
        ('no\n"a\nb\n', ["R.csv:2: is not CSV"]),
        ('no\n"a"b\nc,d\n"e"f\n', ["R.csv:2: is not CSV", "R.csv:3: has 2 cells", "R.csv:4: is not CSV"]),
        ('"no"x\na\n"b"c\n', ["R.csv:1: is not CSV"]),
        ('no,bundle\n"a\nb",\nc\n', ["R.csv:4: has 1 cells"]),
    ],
)
def test_faults_of_the_roster_are_told_by_line_and_nothing_is_written(
    here: Path, roster: str | bytes, faults: list[str]
) -> None:
    result = order(roster)
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert len(told) == len(faults)
    assert all(line.startswith(fault) for line, fault in zip(told, faults, strict=True))
    assert not Path("O.csv").exists()


def test_a_missing_file_and_a_missing_folder_are_bad_input(here: Path) -> None:
    result = sunroll("draw", "order", "none.csv", "--seed", "s", "--draw", "d", "--out", "O.csv")
    assert (result.exit_code, result.stderr) == (2, "none.csv: cannot be read: No such file or directory\n")
    Path("R.csv").write_text("no\na\n")
    result = sunroll("draw", "order", "R.csv", "--seed", "s", "--draw", "d", "--out", "no/such/O.csv")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("--people 5 --start 2 --step 2 --winners 5", "2\n4\n1\n5\n3\n"),
        ("--people 5 --start 2 --step 2 --winners 5 --keep-drawn", "2\n4\n1\n3\n5\n"),
        ("--people 3 --start 3 --step 1 --winners 0", ""),
        (f"--people 17 --start 8 --step {10**30} --winners 4", "8\n7\n1\n11\n"),
    ],
)
def test_the_circle_is_printed_one_number_a_line(words: str, drawn: str) -> None:
    result = sunroll("draw", "interval", *words.split())
    assert (result.exit_code, result.stdout, result.stderr) == (0, drawn, "")


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("--people 5 --start 0 --step 0 --winners 6", ["--start", "--step", "--winners"]),
        ("--people 0 --start 1 --step 1 --winners 0", ["--people"]),
        ("--people 5 --start 1_0 --step 1.0 --winners ２", ["--start", "--step", "--winners"]),
        ("--people 5 --start 1 --step 1 --winners -1", ["--winners"]),
    ],
)
def test_numbers_out_of_range_are_bad_input(words: str, wrong: list[str]) -> None:
    result = sunroll("draw", "interval", *words.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == wrong


def test_an_old_result_stays_as_it_was_when_the_input_is_bad(here: Path) -> None:
    Path("O.csv").write_text("old")
    assert order("no\na\na\n").exit_code == 2
    assert Path("O.csv").read_text() == "old"
    assert sorted(path.name for path in here.iterdir()) == ["O.csv", "R.csv"]


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.utf8", "zh_CN.GB18030"])
def test_the_machines_locale_and_hash_seed_change_no_byte(here: Path, locale: str) -> None:
    Path("R.csv").write_text("no,bundle\n蒙古\n,\n".replace("蒙古\n", "蒙古,娜仁\n").replace("\n,\n", "\n😀,\n"))
    words = [SUNROLL, "draw", "order", "R.csv", "--seed", "种子", "--draw", "一小", "--out", "O.csv"]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": locale, "PYTHONHASHSEED": "7", "TZ": "America/St_Johns"}
    subprocess.run(words, check=True, env=environment, cwd=here)
    assert ticket("娜仁", "种子", "一小") in Path("O.csv").read_text()
    assert ticket("😀", "种子", "一小") in Path("O.csv").read_text()


def test_a_seed_that_is_no_text_is_bad_input(here: Path) -> None:
    Path("R.csv").write_text("no\na\n")
    words = [SUNROLL, "draw", "order", "R.csv", "--seed", b"\xff", "--draw", "d", "--out", "O.csv"]
    done = subprocess.run(words, check=False, capture_output=True, cwd=here)
    assert (done.returncode, done.stderr) == (2, b"--seed: is not UTF-8\n")


def test_drawing_starts_fast_and_loads_no_service(here: Path) -> None:
    """Contracts 0: no database, no Redis, no Flask import."""
    program = (
        "import sys\nfrom sunroll.cli import main\n"
        "try:\n    main(['draw', 'interval', '--people', '9', '--start', '1', '--step', '2', '--winners', '3'])\n"
        "except SystemExit as left:\n    assert not left.code\n"
        "heavy = {'flask', 'sqlalchemy', 'redis', 'rq', 'requests', 'numpy', 'wechatpy', 'PIL'} & set(sys.modules)\n"
        "sys.exit(f'loads {heavy}' if heavy else 0)\n"
    )
    before = os.times().children_user
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n3\n5\n", "")
    assert os.times().children_user - before < 0.8
