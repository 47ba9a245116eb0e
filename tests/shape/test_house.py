"""The shape of the house: cheap guards that keep every room as ARCHITECTURE.md says it is."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("backend", "bots", "jobs", "push", "rehearsal", "sunroll", "verify")
FILES = sorted(path for room in OURS for path in (ROOT / room).rglob("*.py"))
LONGEST = 250
LONGEST_FUNCTION = 40
SAYS_NOTHING = re.compile(r"^(utils?|helpers?|common|misc|base|manager)s?$")
FLASK_FILES = re.compile(
    r"^backend/((\w+/)+(api|desk|(\w+_)?pages)\.py|app\.py|rsgi\.py|wiring\.py|foundation/\w+\.py|identity/(sessions|actors|gateways|advance_clock)\.py)$"
    r"|^bots/(webhook|wsgi)\.py$|^backend/\w+/gateways/\w+\.py$|^backend/\w+/gateways\.py$"
    r"|^backend/(documents/(picture_addresses|safe_keeping)|notices/child_names)\.py$"
)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def calls(path: Path, pattern: str) -> bool:
    return re.search(pattern, path.read_text(encoding="utf-8")) is not None


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_no_file_is_longer_than_250_lines() -> None:
    long = {named(path): n for path in FILES if (n := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST}
    assert long == {}


def test_no_function_is_longer_than_forty_lines() -> None:
    """The simulated city is held by its files' length alone: its tables of made-up people are long lists."""
    long = {
        f"{named(path)}: {node.name}"
        for path in FILES
        if not named(path).startswith("rehearsal/")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }
    assert long == set()


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in FILES if SAYS_NOTHING.match(path.stem)] == []


def test_only_the_unit_of_work_commits() -> None:
    assert [named(path) for path in FILES if calls(path, r"(session|connection|engine)\.commit\(")] == [
        "backend/foundation/unit_of_work.py"
    ]


def test_only_the_clock_reads_the_time_in_the_service() -> None:
    reading = r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|time\.monotonic|time\.time_ns)\("
    found = [named(p) for p in FILES if named(p).startswith(("backend/", "bots/")) and calls(p, reading)]
    assert found == ["backend/foundation/clock.py"]


def test_wechatpy_is_wrapped_in_two_places() -> None:
    allowed = ("bots/wechat", "backend/notices/gateways")
    assert [named(p) for p in FILES if "wechatpy" in imports(p) and not named(p).startswith(allowed)] == []


def test_flask_is_imported_at_the_doors_only() -> None:
    """Doors, the foundation and gateways know Flask; three files more ask the app for a gateway or a signing key."""
    assert [named(p) for p in FILES if "flask" in imports(p) and not FLASK_FILES.match(named(p))] == []


def test_a_cell_that_leaves_for_a_spreadsheet_is_harmless() -> None:
    """Tables for people are written by `safe_sheets` alone (promises P16); those of departments are read by machines."""
    writes = [named(p) for p in FILES if named(p).startswith("backend/") and calls(p, r"csv\.writer\(|Workbook\(")]
    assert writes == ["backend/foundation/safe_sheets.py", "backend/verification/gateways/tables.py"]


def test_decisions_take_no_chance() -> None:
    """Rules, fairness and matching import neither `random` nor `secrets`: chance comes in as a public seed."""
    pure = [p for p in FILES if "/rules/" in named(p) or named(p).startswith(("backend/fairness", "backend/matching"))]
    assert [named(p) for p in pure if imports(p) & {"random", "secrets", "time"}] == []


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b|raise NotImplemented")
    assert [named(path) for path in FILES if marks.search(path.read_text(encoding="utf-8"))] == []


def test_relative_links_in_documents_resolve() -> None:
    broken = []
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rehearsal").glob("*.md")]
    for document in documents:
        links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
        inside = [link for link in links if not re.match(r"[a-z]+:", link)]
        broken += [f"{named(document)}: {link}" for link in inside if not (document.parent / link).exists()]
    assert broken == []


def test_no_address_of_a_package_registry_stands_in_a_file() -> None:
    """Lock files hold names, versions and hashes only."""
    locks = [*ROOT.glob("requirements*.txt"), ROOT / "miniprogram" / "package-lock.json"]
    found = [named(p) for p in locks if re.search(r"https?://[^\s\"]+\.(tgz|whl|tar\.gz)", p.read_text())]
    assert found == []
