"""`sunroll zhongkao` from files: the bytes of the results, every fault with its line, and nothing written on a fault."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from backend.fairness.canonical import input_sha256
from sunroll.cli import main

DAY = "2026-06-21T"
SESSION = {
    "candidates": [
        {"id": "C1", "total": "652.5", "ties": ["312", "120"]},
        {"id": "C2", "total": "652.50", "ties": ["312", "120"]},
        {"id": "C3", "total": "640", "ties": ["300"]},
        {"id": "C0", "total": "700", "ties": []},
    ],
    "units": [{"id": "X", "plan": 1}, {"id": "W", "plan": 2}],
    "bands": [{"from": "630", "below": "680", "open": f"{DAY}14:00:00+08:00", "close": f"{DAY}17:00:00+08:00"}],
    "statistics_at": [f"{DAY}16:00:00+08:00"],
}
EVENTS = [
    f"{DAY}15:00:00.001+08:00,C1,choose,X",
    f"{DAY}07:00:00.000Z, C2 ,choose,X",
    f"{DAY}15:30:00+08:00,C0,choose,X",
    f"{DAY}15:30:00+08:00,C3,clear,nowhere",
    f"{DAY}16:00:00+08:00,C3,choose,W",
    f"{DAY}17:00:00+08:00,C3,clear,",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["zhongkao", *words])


def write_session(session: Any, events: list[str]) -> None:
    Path("s.json").write_text(json.dumps(session), encoding="utf-8")
    Path("e.csv").write_text("\n".join(["at,candidate,action,unit", *events, ""]), encoding="utf-8")


def test_a_session_is_replayed_from_its_files(folder: Path) -> None:
    """Contract 4: the whole of RESULT, with the digest of the input as contract 0 defines it."""
    write_session(SESSION, EVENTS)
    assert run("replay", "s.json", "e.csv", "--out", "r.json").exit_code == 0
    result = json.loads(Path("r.json").read_bytes())
    level = {"total": "652.5", "ties": ["312", "120"]}
    assert result["events"] == [
        {"line": 2, "accepted": True, "reason": None},
        {"line": 3, "accepted": True, "reason": None},
        {"line": 4, "accepted": False, "reason": "outside-band-window"},
        {"line": 5, "accepted": False, "reason": "nothing-to-clear"},
        {"line": 6, "accepted": True, "reason": None},
        {"line": 7, "accepted": False, "reason": "outside-band-window"},
    ]
    assert result["units"] == [
        {
            "id": "W",
            "plan": 2,
            "chosen": 1,
            "admitted": ["C3"],
            "over_plan": 0,
            "lowest": {"total": "640", "ties": ["300"]},
        },
        {"id": "X", "plan": 1, "chosen": 2, "admitted": ["C1", "C2"], "over_plan": 1, "lowest": level},
    ]
    assert result["candidates"] == [
        {"id": "C0", "unit": None, "rank": None, "level_with": 0, "admitted": False},
        {"id": "C1", "unit": "X", "rank": 1, "level_with": 2, "admitted": True},
        {"id": "C2", "unit": "X", "rank": 1, "level_with": 2, "admitted": True},
        {"id": "C3", "unit": "W", "rank": 1, "level_with": 1, "admitted": True},
    ]
    assert result["statistics"] == [
        {
            "at": f"{DAY}16:00:00+08:00",
            "units": [
                {"id": "W", "plan": 2, "chosen": 0, "vacant": 2, "lowest_inside": None},
                {"id": "X", "plan": 1, "chosen": 2, "vacant": 0, "lowest_inside": level},
            ],
        }
    ]
    assert result["input_sha256"] == input_sha256(canonical_files(), {})


def canonical_files() -> dict[str, Any]:
    session = json.loads(json.dumps(SESSION))
    session["candidates"].sort(key=lambda candidate: candidate["id"])
    session["candidates"][2]["total"] = "652.5"
    session["units"].sort(key=lambda unit: unit["id"])
    names = ["at", "candidate", "action", "unit"]
    events = [dict(zip(names, map(str.strip, event.split(",")), strict=True)) for event in EVENTS]
    return {"session": {**session, "locks": []}, "events": events}


def test_the_order_inside_the_session_changes_no_byte(folder: Path) -> None:
    """Contract 0, P4: only the events of one instant depend on the order of the file."""
    write_session(SESSION, EVENTS)
    run("replay", "s.json", "e.csv", "--out", "one.json")
    turned = {key: list(reversed(value)) for key, value in reversed(SESSION.items())}
    write_session(turned, EVENTS)
    run("replay", "s.json", "e.csv", "--out", "other.json")
    assert Path("one.json").read_bytes() == Path("other.json").read_bytes()


def test_the_faults_of_both_files_are_told_together(folder: Path) -> None:
    write_session({**SESSION, "units": [{"id": "X", "plan": -1}]}, ["noon,C1,choose,X", EVENTS[0], f"{DAY},C1,go,X"])
    result = run("replay", "s.json", "e.csv", "--out", "r.json")
    assert result.exit_code == 2
    faults = result.stderr.splitlines()
    assert [fault.split(": ")[0] for fault in faults] == ["s.json", "e.csv:2", "e.csv:4", "e.csv:4"]
    assert faults[0] == "s.json: /units/0/plan: must be 0 or more"
    assert not Path("r.json").exists()


def test_what_json_may_not_hold_is_told_with_the_rest(folder: Path) -> None:
    """Contract 0: integers only, no key twice, no NUL; all faults of a file in one go."""
    Path("s.json").write_text(
        '{"candidates": [{"id": "A", "total": 652.5}, {"id": "B\\u0000", "total": "1", "total": "2"}],'
        ' "units": [{"id": "X", "plan": 1.5}], "bands": [], "rounds": 1}',
        encoding="utf-8",
    )
    Path("e.csv").write_text("at,candidate,action,unit\n", encoding="utf-8")
    result = run("replay", "s.json", "e.csv", "--out", "r.json")
    assert result.exit_code == 2
    assert sorted(fault.split(": ")[1] for fault in result.stderr.splitlines()) == [
        "/candidates/0/total",
        "/candidates/1/id",
        "/candidates/1/total",
        "/rounds",
        "/units/0/plan",
    ]


def test_a_missing_file_and_an_unknown_column_are_bad_input(folder: Path) -> None:
    Path("e.csv").write_text("at,candidate,action,unit,note\n", encoding="utf-8")
    result = run("replay", "s.json", "e.csv", "--out", "r.json")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0].startswith("s.json: cannot be read")
    assert "'note' is unknown" in result.stderr


def test_quotas_are_dealt_from_a_file(folder: Path) -> None:
    """E04: a school of four crowded classes counts 200, the rest by heads; of two halves the heavier school gets the seat."""
    Path("j.csv").write_text("id,classes,pupils\nB,4,260\nA,3,140\nC,2,60\n", encoding="utf-8")
    assert run("quota", "j.csv", "--seats", "10", "--class-cap", "50", "--out", "q.csv").exit_code == 0
    assert Path("q.csv").read_bytes() == b"id,weight,seats\nA,140,4\nB,200,5\nC,60,1\n"


def test_faults_of_juniors_and_of_options_are_told_together(folder: Path) -> None:
    Path("j.csv").write_text("id,classes,pupils\nA,1,-3\nA,x,4\n,1,1\nD,0,5\nE,１,5\n", encoding="utf-8")
    result = run("quota", "j.csv", "--seats", "-1", "--class-cap", "0", "--out", "q.csv")
    assert result.exit_code == 2
    places = [fault.split(": ")[0] for fault in result.stderr.splitlines()]
    assert places == ["--seats", "--class-cap", *(f"j.csv:{line}" for line in (2, 3, 3, 4, 5, 6))]
    assert not Path("q.csv").exists()


def test_huge_numbers_are_numbers_and_nonsense_of_any_length_is_bad_input(folder: Path) -> None:
    write_session(SESSION, [])
    Path("j.csv").write_text(f"id,classes,pupils\r\nB,1,2\r\nA,{10**20},{10**20}\r\n", encoding="utf-8-sig")
    assert run("quota", "j.csv", "--seats", str(10**20), "--class-cap", "50", "--out", "q.csv").exit_code == 0
    assert Path("q.csv").read_text() == f"id,weight,seats\nA,{10**20},{10**20 - 2}\nB,2,2\n"
    Path("l.csv").write_text(f"candidate,place,unit\nC1,{'9' * 5000},X\nC1,0,W\n", encoding="utf-8")
    told = run("parallel", "s.json", "l.csv", "--out", "p.json")
    assert (told.exit_code, [line[:8] for line in told.stderr.splitlines()]) == (2, ["l.csv:2:", "l.csv:3:"])


def test_scores_of_any_length_are_told_apart_by_their_last_digit(folder: Path) -> None:
    """Contract 0: a score is a decimal text with at most two decimals; no machine number limits it."""
    totals = {"A": f"{10**20}.01", "B": f"{10**20}.02", "C": f"00{10**20}.02"}
    band = {"below": str(10**21), "open": f"{DAY}14:00:00+08:00", "close": f"{DAY}17:00:00+08:00"}
    write_session(
        {
            "candidates": [{"id": one, "total": total} for one, total in totals.items()],
            "units": [{"id": "X", "plan": 1}],
            "bands": [band],
        },
        [f"{DAY}15:00:00+08:00,{one},choose,X" for one in totals],
    )
    assert run("replay", "s.json", "e.csv", "--out", "r.json").exit_code == 0
    unit = json.loads(Path("r.json").read_bytes())["units"][0]
    assert (unit["admitted"], unit["lowest"]["total"]) == (["B", "C"], f"{10**20}.02")


def test_seats_for_schools_without_pupils_are_bad_input(folder: Path) -> None:
    Path("j.csv").write_text("id,classes,pupils\nA,0,0\n", encoding="utf-8")
    result = run("quota", "j.csv", "--seats", "1", "--class-cap", "50", "--out", "q.csv")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_marks_are_settled_from_a_file(folder: Path) -> None:
    """T-5.2, T-5.3: rows by script, then item; half points in shortest form."""
    rows = ["s2,1,47,52,,", "s1,2,40,52,,", "s1,10,40,52,46,", "s1,1,40,41.5,9,9", "s3,1,40,52,20,", "s3,2,40,52,20,33"]
    Path("m.csv").write_text("\n".join(["script,item,first,second,third,leader", *rows, ""]), encoding="utf-8")
    assert run("marking", "m.csv", "--tolerance", "6", "--high", "46", "--out", "s.csv").exit_code == 0
    assert Path("s.csv").read_text(encoding="utf-8").splitlines() == [
        "script,item,status,score",
        "s1,1,settled,40.75",
        "s1,10,settled,49",
        "s1,2,needs-third,",
        "s2,1,settled,52",
        "s3,1,needs-leader,",
        "s3,2,settled,33",
    ]


def test_faults_of_marks_are_told_by_line(folder: Path) -> None:
    rows = ["s1,1,3,,,", "s1,1,3,3,,", ",1,3,3,,", "s2,1,3.25,3,,", "s3,1,3,3,x,y"]
    Path("m.csv").write_text("\n".join(["script,item,first,second,third,leader", *rows, ""]), encoding="utf-8")
    result = run("marking", "m.csv", "--tolerance", "-1", "--high", "many", "--out", "s.csv")
    assert result.exit_code == 2
    places = [fault.split(": ")[0] for fault in result.stderr.splitlines()]
    assert places == ["--tolerance", "--high", *(f"m.csv:{line}" for line in (2, 3, 4, 5, 6, 6))]


def test_the_commands_start_without_the_service(folder: Path) -> None:
    """Contract 0: no Flask, no database, no Redis."""
    program = (
        "import sys\n"
        "import sunroll.cli, sunroll.commands.zhongkao, sunroll.commands.check, sunroll.commands.insight\n"
        "print(sorted({'flask', 'sqlalchemy', 'redis', 'rq', 'numpy', 'requests'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
