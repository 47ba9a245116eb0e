"""`sunroll classes form`: the files of the contract, every fault told at once, both files written or neither."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.classes.rules.class_checker import check_classes
from backend.classes.rules.reading import read_options, read_pupils
from backend.classes.rules.values import ClassResult
from backend.fairness.canonical import input_sha256
from sunroll.cli import main

HEADER = "no,sex,ethnicity,household,score,score_math,together,apart,special,age"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(count: int) -> list[str]:
    chance = random.Random(count)
    return [
        f"p{number:03d},{'男女'[number % 2]},{chance.choice('汉汉蒙')},{chance.choice(['东街', '西街'])},"
        f"{chance.randrange(300, 700)}.5,{chance.randrange(100)},{'家' if number < 2 else ''},"
        f"{'张伟' if number in (5, 9) else ''},{int(number % 10 == 0)},{6 + number % 2}"
        for number in range(count)
    ]


def form(text: str, *more: str, classes: str = "3", seed: str = "种子") -> Result:
    Path("P.csv").write_text(text, encoding="utf-8")
    words = ["classes", "form", "P.csv", "--classes", classes, "--seed", seed, "--out", "C.csv", "--report", "R.json"]
    return CliRunner().invoke(main, [*words, *more])


def faults(result: Result) -> list[str]:
    assert result.exit_code == 2
    assert not Path("C.csv").exists()
    assert not Path("R.json").exists()
    return result.stderr.splitlines()


@pytest.mark.usefixtures("here")
def test_lists_and_report_have_the_form_of_the_contract() -> None:
    people = rows(30)
    assert form("\n".join([HEADER, *people]), "--balance", "age").exit_code == 0
    lines = Path("C.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "no,class"
    assert [line.split(",")[0] for line in lines[1:]] == [f"p{number:03d}" for number in range(30)]
    text = Path("R.json").read_text(encoding="utf-8")
    report = json.loads(text)
    assert text == json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert report["sizes"] == [10, 10, 10]
    assert list(report["counts"]) == ["age", "ethnicity", "household", "sex", "special"]
    assert set(report["means"]) == set(report["spread"]) == {"score", "score_math"}
    assert report["seed"] == "种子"
    assert report["violations"] == []


@pytest.mark.usefixtures("here")
def test_what_is_written_passes_the_checker() -> None:
    people = rows(40)
    form("\n".join([HEADER, *people]), "--balance", "age", "--tolerance", "3.5", classes="4")
    options, _ = read_options("4", "种子", ["age"], "3.5")
    given = [(2 + place, dict(zip(HEADER.split(","), row.split(","), strict=True))) for place, row in enumerate(people)]
    value, _ = read_pupils(given, options)
    lists = [line.split(",") for line in Path("C.csv").read_text(encoding="utf-8").splitlines()[1:]]
    report = json.loads(Path("R.json").read_text(encoding="utf-8"))
    assert check_classes(value, ClassResult(tuple((no, int(number)) for no, number in lists), report)).failed == ()
    assert "draw" in report["steps"]


@pytest.mark.usefixtures("here")
def test_the_order_of_rows_and_columns_a_bom_and_spaces_change_no_byte() -> None:
    people = rows(25)
    form("\n".join([HEADER, *people]), "--balance", "age")
    before = (Path("C.csv").read_bytes(), Path("R.json").read_bytes())
    turned = [",".join(f" {cell} " for cell in row.split(",")[::-1]) for row in (HEADER, *people[::-1])]
    assert form("\ufeff" + "\r\n".join(turned) + "\r\n", "--balance", "age").exit_code == 0
    assert (Path("C.csv").read_bytes(), Path("R.json").read_bytes()) == before


@pytest.mark.usefixtures("here")
def test_the_hash_is_that_of_the_canonical_input() -> None:
    form("no,sex,ethnicity,household,score\nb,女,汉,东,7.50\na,男,汉,东,07", classes="2", seed=" s ")
    common = {"ethnicity": "汉", "household": "东", "together": "", "apart": "", "special": "0"}
    pupils = [{"no": "a", "sex": "男", "score": "7", **common}, {"no": "b", "sex": "女", "score": "7.5", **common}]
    options = {"balance": [], "classes": 2, "seed": " s ", "tolerance": None}
    report = json.loads(Path("R.json").read_text(encoding="utf-8"))
    assert report["input_sha256"] == input_sha256({"pupils": pupils}, options)
    assert report["means"] == {"score": ["7.0000", "7.5000"]} or report["means"] == {"score": ["7.5000", "7.0000"]}
    assert report["spread"] == {"score": "0.5000"}


@pytest.mark.usefixtures("here")
def test_without_a_total_the_subjects_are_added() -> None:
    form("no,sex,ethnicity,household,score_a,score_b\na,男,汉,东,1,2\nb,男,汉,东,2,1", classes="2")
    report = json.loads(Path("R.json").read_text(encoding="utf-8"))
    assert report["means"]["score"] == ["3.0000", "3.0000"]
    assert report["spread"] == {"score": "0.0000", "score_a": "1.0000", "score_b": "1.0000"}


@pytest.mark.usefixtures("here")
def test_every_fault_of_file_and_options_is_told_at_once() -> None:
    text = (
        "no,sex,ethnicity,household,score,special,age\n"
        "a,,汉,东,1.234,2,6\n"
        ",男,汉,东,-1,0,6\n"
        "b,男,,东,1,0,\n"
        "b,男,汉,,x,,7\n"
        "c,男,汉,东\n"
    )
    told = faults(form(text, "--balance", "age", "--tolerance", "0.125", classes="0"))
    wanted = [
        "--classes: '0' is no whole number from 1 to 10000",
        "--tolerance: '0.125' is no number of points with at most two decimals",
        "P.csv:2: sex is empty",
        "P.csv:2: special is '2', not 0 or 1",
        "P.csv:2: score is '1.234', not a number from 0 to 999999.99 with at most two decimals",
        "P.csv:3: no is empty",
        "P.csv:3: score is '-1', not a number from 0 to 999999.99 with at most two decimals",
        "P.csv:4: ethnicity is empty",
        "P.csv:4: age is empty",
        "P.csv:5: household is empty",
        "P.csv:5: special is '', not 0 or 1",
        "P.csv:5: score is 'x', not a number from 0 to 999999.99 with at most two decimals",
        "P.csv:5: the number 'b' stands already in line 4",
        "P.csv:6: has 4 cells, the header has 7",
    ]
    assert sorted(told) == sorted(wanted)


@pytest.mark.parametrize("column", ["class", "class_no", "teacher", "age"])
@pytest.mark.usefixtures("here")
def test_no_column_presets_a_class(column: str) -> None:
    """A42, C10: nothing puts a named pupil into a named class; a column nobody asked for is refused too."""
    text = f"no,sex,ethnicity,household,{column}\na,男,汉,东,1\n"
    assert faults(form(text)) == [f"P.csv:1: the column {column!r} is unknown"]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (["class"], "would hold a preset class"),
        (["sex"], "has its own rule already"),
        (["score_math"], "has its own rule already"),
        (["age", "age"], "is named twice"),
        ([" "], "is no name of a column"),
        (["hobby"], "the column 'hobby' is missing"),
    ],
)
@pytest.mark.usefixtures("here")
def test_only_a_further_column_of_the_file_can_be_balanced(named: list[str], words: str) -> None:
    more = [word for name in named for word in ("--balance", name)]
    assert words in "\n".join(faults(form("no,sex,ethnicity,household,age\na,男,汉,东,6\n", *more)))


def test_there_is_no_option_that_presets_a_class() -> None:
    """The whole list of options, so that a new one is argued about here."""
    command = main.get_command(None, "classes").get_command(None, "form")  # type: ignore[arg-type, union-attr, attr-defined]
    assert [one.name for one in command.params] == [
        "pupils",
        "classes",
        "seed",
        "balance",
        "tolerance",
        "out",
        "report",
    ]


def test_neither_file_is_written_where_one_cannot_be(here: Path) -> None:
    (here / "R.json").mkdir()
    Path("C.csv").write_text("old", encoding="utf-8")
    assert form("no,sex,ethnicity,household\na,男,汉,东\n").exit_code == 2
    assert Path("C.csv").read_text(encoding="utf-8") == "old"
    (here / "R.json").rmdir()
    result = form("no,sex,ethnicity,household\na,男,汉,东\n", "--report", "nowhere/R.json")
    assert result.stderr == "nowhere/R.json: cannot be written: No such file or directory\n"
    assert Path("C.csv").read_text(encoding="utf-8") == "old"
    assert form("no,sex,ethnicity,household\na,男,汉,东\n", "--report", "./C.csv").exit_code == 2
    assert sorted(path.name for path in here.iterdir()) == ["C.csv", "P.csv"]


@pytest.mark.parametrize("text", ["", "no,sex\n", "no,sex,ethnicity,household\na,男,汉,\0\n"])
@pytest.mark.usefixtures("here")
def test_a_file_that_is_no_list_of_pupils_is_refused(text: str) -> None:
    assert faults(form(text))


def test_the_command_starts_without_web_and_database() -> None:
    code = "import sys, sunroll.commands.classes; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"flask", "sqlalchemy", "redis", "rq"} & set(found)


def test_the_machines_locale_changes_no_byte(here: Path) -> None:
    text = "no,sex,ethnicity,household,街道\n" + "".join(f"{no},男,汉,东街,{no % 2}\n" for no in range(7))
    form(text, "--balance", "街道")
    expected = (here / "C.csv").read_bytes(), (here / "R.json").read_bytes()
    locale = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    words = ["classes", "form", "P.csv", "--classes", "3", "--seed", "种子", "--balance", "街道"]
    files = ["--out", "C2.csv", "--report", "R2.json"]
    subprocess.run(
        [sys.executable, "-m", "sunroll", *words, *files],
        check=True,
        cwd=here,
        env={"PYTHONPATH": str(Path(__file__).parents[2])} | locale,
    )
    assert ((here / "C2.csv").read_bytes(), (here / "R2.json").read_bytes()) == expected
