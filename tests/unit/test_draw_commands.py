"""`sunroll draw` from the outside: exact files, exact exit codes, every fault on its line, nothing half written."""

import hashlib
import hmac
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sunroll.cli import main

SUNROLL = Path(sys.executable).with_name("sunroll")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sunroll(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def order(roster: str | bytes, *, seed: str = "s", draw: str = "d") -> Result:
    Path("R.csv").write_bytes(roster if isinstance(roster, bytes) else roster.encode())
    return sunroll("draw", "order", "R.csv", "--seed", seed, "--draw", draw, "--out", "O.csv")


def seats(order_csv: str, rule: str, number: str, roster: str | None = None) -> Result:
    Path("O.csv").write_text(order_csv)
    bundles = []
    if roster is not None:
        Path("R.csv").write_text(roster)
        bundles = ["--bundles", "R.csv"]
    return sunroll("draw", "seats", "O.csv", "--seats", number, "--last-bundle", rule, *bundles, "--out", "Z.csv")


def ticket(name: str, seed: str = "s", draw: str = "d") -> str:
    key = hashlib.sha256(seed.encode()).digest()
    return hmac.new(key, f"sunroll-ticket/v1\0{draw}\0{name}".encode(), "sha256").hexdigest()


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
        ('no\n"a\nb\n', ["R.csv:3: is not CSV"]),
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


ORDER = "position,no,ticket\n1,a,0a\n2,b1,1b\n3,b2,1b\n4,c,2c\n5,d,3d\n"
TWINS = "no,bundle\na,\nb1,B\nb2,B\nc,\nd,\n"


@pytest.mark.parametrize(
    ("rule", "number", "letters"),
    [
        ("add", "3", "aaaww"),
        ("add", "2", "aaaww"),
        ("add", "1", "awwww"),
        ("skip", "2", "awwaw"),
        ("offer-one", "2", "aaoww"),
        ("offer-one", "1", "awwww"),
        ("skip", "0", "wwwww"),
        ("skip", "9", "aaaaa"),
    ],
)
def test_twins_at_the_last_seats(here: Path, rule: str, number: str, letters: str) -> None:
    """T-2.10."""
    assert seats(ORDER, rule, number, TWINS).exit_code == 0
    words = {"a": "admitted", "w": "waiting", "o": "offered"}
    rows = [
        f"{no},{place},{words[letter]}\n"
        for place, (no, letter) in enumerate(zip(["a", "b1", "b2", "c", "d"], letters, strict=True), 1)
    ]
    assert Path("Z.csv").read_text() == "no,position,result\n" + "".join(rows)


def test_bundles_are_known_only_from_the_roster(here: Path) -> None:
    assert seats(ORDER, "skip", "2").exit_code == 0
    assert "b1,2,admitted\nb2,3,waiting\n" in Path("Z.csv").read_text()


def test_a_number_that_the_roster_does_not_name_stands_alone(here: Path) -> None:
    """R3."""
    assert seats(ORDER, "skip", "2", "no,bundle\nb1,B\nb2,B\n").exit_code == 0
    assert "b1,2,waiting\nb2,3,waiting\nc,4,admitted\n" in Path("Z.csv").read_text()


def test_rows_of_the_order_may_stand_in_any_order_and_the_result_is_sorted_by_position(here: Path) -> None:
    header, *rows = ORDER.splitlines(keepends=True)
    assert seats(header + "".join(reversed(rows)), "skip", "2", TWINS).exit_code == 0
    assert [line.split(",")[1] for line in Path("Z.csv").read_text().splitlines()[1:]] == list("12345")


def test_a_drawn_order_of_eleven_is_sorted_by_number_not_by_text(here: Path) -> None:
    assert order("no\n" + "".join(f"{n}\n" for n in range(11))).exit_code == 0
    assert seats(Path("O.csv").read_text(), "add", "11").exit_code == 0
    assert [line.split(",")[1] for line in Path("Z.csv").read_text().splitlines()[1:]] == [*map(str, range(1, 12))]


@pytest.mark.parametrize(
    ("order_csv", "roster", "faults"),
    [
        (ORDER.replace("3,b2", "4,b2"), None, ["O.csv:5: the position 4 stands twice, first on line 4"]),
        (ORDER.replace("5,d", "6,d"), None, ["O.csv:6: the position '6' is none of 1 to 5"]),
        (ORDER.replace("1,a", "0,a"), None, ["O.csv:2: the position '0'"]),
        (ORDER.replace("1,a", "x,a"), None, ["O.csv:2: the position 'x'"]),
        (ORDER.replace("5,d", "5,a"), None, ["O.csv:6: the number 'a' stands twice"]),
        (ORDER.replace("0a", "0A"), None, ["O.csv:2: the ticket '0A' is not in lower-case hex"]),
        (ORDER.replace("2c", "0c"), None, ["O.csv:5: the ticket of 'c' is smaller"]),
        (ORDER.replace("ticket", "number"), None, ["O.csv:1: the column 'ticket'", "O.csv:1: the column 'number'"]),
        (ORDER, TWINS + "e,\n", ["R.csv:7: the number 'e' is not in the drawn order"]),
        (ORDER, "no,bundle\nb1,d\nb2,d\n", ["R.csv:2: the bundle label 'd'", "R.csv:3: the bundle label 'd'"]),
        (ORDER, "no,bundle\na,B\nb2,B\n", ["O.csv:4: 'b2' stands apart from the others of bundle 'B'"]),
        (ORDER.replace("b1", "b3"), TWINS.replace("b1", "b3"), ["O.csv:4: 'b2' stands after 'b3'"]),
        (ORDER.replace("0a", "0A"), TWINS + "e,\ne,\n", ["O.csv:2: ", "R.csv:7: the number 'e' is", "R.csv:8: "]),
    ],
)
def test_an_order_that_contradicts_itself_or_the_roster_is_bad_input(
    here: Path, order_csv: str, roster: str | None, faults: list[str]
) -> None:
    result = seats(order_csv, "add", "2", roster)
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert len(told) == len(faults), told
    assert all(line.startswith(fault) for line, fault in zip(told, faults, strict=True)), told
    assert not Path("Z.csv").exists()


def test_faults_of_options_and_files_are_told_together(here: Path) -> None:
    result = seats("position,no,ticket\n2,a,00\n", "add", "-1", "no\na\na\n")
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["--seats", "O.csv", "R.csv"]
    assert seats(ORDER, "add", "two").exit_code == 2
    assert seats(ORDER, "both", "2").exit_code == 2


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
    started = time.process_time(), os.times().children_user
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n3\n5\n", "")
    assert os.times().children_user - started[1] < 0.8
