"""`sunroll place` from the outside: exact bytes, exact exit codes, all faults at once, nothing written that is not checked."""

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from backend.placement.rules.results import ZoneResult
from sunroll.cli import main
from sunroll.commands import place as place_command

SUNROLL = Path(sys.executable).with_name("sunroll")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def place(text: str) -> Result:
    Path("in.json").write_text(text)
    return CliRunner().invoke(main, ["place", "in.json", "--out", "out.json"])


def town(children: int = 30) -> dict[str, Any]:
    """A zone input in its full form: everything that may be left out is written, everything is sorted."""
    chance = random.Random(4)
    return {
        "mechanism": "zone",
        "seed": "种子",
        "draw": "一年级",
        "classes": ["1", "2"],
        "last_class": "5",
        "order": [
            {"key": "落户", "direction": "descending"},
            {"key": "房", "direction": "ascending", "values": ["住宅"]},
        ],
        "schools": [{"id": one, "seats": 6, "overflow": ["P3", "P2"]} for one in ("P1", "P2", "P3")],
        "applicants": [
            {
                "id": f"{number:03}",
                "zone": chance.choice(["P1", "P2"]),
                "class": chance.choice("125"),
                "keys": {"落户": chance.randint(1, 3)} | ({"房": "住宅"} if chance.random() < 0.5 else {}),
                "bundle": None,
                "sibling_at": chance.choice([None, None, "P3"]),
            }
            for number in range(children)
        ],
    }


def test_the_result_is_canonical_json_and_names_its_input(here: Path) -> None:
    value = town()
    done = place("\ufeff" + json.dumps(value))
    assert (done.exit_code, done.output) == (0, "")
    text = Path("out.json").read_text()
    result = json.loads(text)
    assert text == json.dumps(result, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    named = json.dumps({"files": {"input": value}, "options": {}}, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    assert result["input_sha256"] == hashlib.sha256(named.encode()).hexdigest()
    assert [row["id"] for row in result["placements"]] == [one["id"] for one in value["applicants"]]


@pytest.mark.parametrize("hash_seed", ["0", "1", "2"])
def test_rows_hash_seeds_and_time_zones_change_no_byte(here: Path, hash_seed: str) -> None:
    value = town()
    assert place(json.dumps(value)).exit_code == 0
    first = Path("out.json").read_bytes()
    chance = random.Random(hash_seed)
    for role in ("schools", "applicants"):
        chance.shuffle(value[role])
    Path("shuffled.json").write_text(json.dumps(dict(reversed(value.items())), ensure_ascii=False))
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Apia", "LC_ALL": "C"}
    words = [SUNROLL, "place", "shuffled.json", "--out", "again.json"]
    subprocess.run(words, check=True, env=environment)
    assert Path("again.json").read_bytes() == first


def test_all_faults_are_told_at_once_each_on_its_line(here: Path) -> None:
    Path("out.json").write_text("old")
    done = place(
        '{"mechanism": "choice", "seed": "s", "draw": "d\\u0000", "tie_break": "single", "x\\ny": 1, "schools":'
        ' [{"id": "S", "seats": 1.5}, {"id": "S", "seats": "2"}, {"id": "T", "seats": 3, "seats": 3}],'
        ' "applicants": [{"id": "\\ud800", "choices": ["S", "S", "Z"], "priority": {"S": true}}]}'
    )
    assert done.exit_code == 2
    assert {line.split(": ")[1] for line in done.stderr.splitlines()} == {
        "/draw",
        "/x\\u000ay",
        "/schools/0/seats",
        "/schools/1/id",
        "/schools/1/seats",
        "/schools/2/seats",
        "/applicants/0/id",
        "/applicants/0/choices/1",
        "/applicants/0/choices/2",
        "/applicants/0/priority/S",
    }
    assert len(done.stderr.splitlines()) == 10
    assert all(line.startswith("in.json: /") for line in done.stderr.splitlines())
    assert Path("out.json").read_text() == "old"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("{", "in.json:1: is not JSON"),
        ('{"a":\n"\n"}', "in.json:2: is not JSON"),
        ('\n{"a": "\0"}', "in.json:2: has a NUL character"),
        ("[]", "in.json: /: is a list, not an object"),
        ("1.0", "in.json: /: the number 1.0 is no integer"),
        ("NaN", "in.json: /: the number NaN is no integer"),
        ("{}", "in.json: /mechanism: is missing"),
        ('{"mechanism": ["zone"]}', "in.json: /mechanism: is a list, not a text"),
        ("[" * 100_000, "in.json:1: is not JSON that can be read"),
        ("9" * 5_000, "in.json:1: is not JSON that can be read"),
    ],
)
def test_what_is_no_placement_at_all_is_bad_input(here: Path, text: str, start: str) -> None:
    done = place(text)
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(start)
    assert not Path("out.json").exists()


def test_a_result_that_the_checker_refuses_is_not_written(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true_place = place_command.place

    def forgetful(given: Any) -> ZoneResult:
        result = true_place(given)
        assert isinstance(result, ZoneResult)
        return ZoneResult(result.placements[1:], result.schools, result.input_sha256)

    monkeypatch.setattr(place_command, "place", forgetful)
    done = place(json.dumps(town()))
    assert done.exit_code == 1
    assert "the result breaks Z1" in done.stderr
    assert not Path("out.json").exists()


def test_placing_loads_no_service(here: Path) -> None:
    """Contracts 0: no database, no Redis, no Flask import."""
    Path("in.json").write_text(json.dumps(town()))
    program = (
        "import sys\nfrom sunroll.cli import main\n"
        "try:\n    main(['place', 'in.json', '--out', 'out.json'])\n"
        "except SystemExit as left:\n    assert not left.code\n"
        "heavy = {'flask', 'sqlalchemy', 'redis', 'rq', 'requests', 'numpy', 'wechatpy', 'PIL'} & set(sys.modules)\n"
        "sys.exit(f'loads {heavy}' if heavy else 0)\n"
    )
    before = os.times().children_user
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert os.times().children_user - before < 0.8


def test_a_district_of_ten_thousand_is_placed_in_seconds(here: Path) -> None:
    """10,000 children, 40 schools; the whole city of 70,000 takes about five seconds of one core."""
    chance = random.Random(1)
    schools = [f"S{number}" for number in range(40)]
    value = {
        "mechanism": "choice",
        "seed": "s",
        "draw": "d",
        "tie_break": "single",
        "schools": [{"id": one, "seats": 245} for one in schools],
        "applicants": [
            {
                "id": str(number),
                "choices": (wishes := chance.sample(schools, 6)),
                "priority": {one: chance.randint(0, 4) for one in wishes},
            }
            for number in range(10_000)
        ],
    }
    Path("in.json").write_text(json.dumps(value))
    before = os.times().children_user
    subprocess.run([SUNROLL, "place", "in.json", "--out", "out.json"], check=True)
    assert os.times().children_user - before < 4
