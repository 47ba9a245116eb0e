"""The phone's own checks, run with whatever Node there is: types, unit tests, and the WeChat package with its size."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from sunroll.phone_build import MINIPROGRAM, Node, build_phone, find_node

LARGEST_PACKAGE = 2 * 1024 * 1024
PATIENCE = 600
CALLS = re.compile(r"\b(?:uni|wx)\.(\w+)\(")
OFFERED = re.compile(r"^\s+(\w+)(?:<[^>]*>)?\(", re.MULTILINE)
TAG = re.compile(r"<([a-z][a-z0-9-]*)")
NATIVE = {
    "view",
    "text",
    "image",
    "button",
    "input",
    "textarea",
    "block",
    "slot",
    "canvas",
    "scroll-view",
    "template",
    "import",
    "wxs",
}
"""Tags that WeChat itself has."""
EVERYDAY = {
    "navigateBack", "navigateTo", "pageScrollTo", "reLaunch", "redirectTo", "setNavigationBarTitle",
    "clearStorageSync", "getStorageSync", "removeStorageSync", "setStorageSync", "createCanvasContext",
}  # fmt: skip
"""Moving between pages, the package's own small storage, drawing into a field: nothing to register."""


@pytest.fixture(scope="module")
def node() -> Node:
    """A Node with the phone's packages installed."""
    built = build_phone(MINIPROGRAM)
    assert built.missing is None, built.missing
    found = find_node(os.environ)
    assert found is not None
    return found


def run_script(node: Node, name: str) -> None:
    done = subprocess.run(
        [node.program, node.npm, "run", "--silent", name],
        cwd=MINIPROGRAM,
        env={**os.environ, "CI": "1", "PATH": f"{node.program.parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def test_the_source_has_sound_types(node: Node) -> None:
    run_script(node, "check")


def test_the_phones_unit_tests_pass(node: Node) -> None:
    run_script(node, "test")


@pytest.fixture(scope="module")
def package(node: Node) -> Path:
    """The WeChat package, built."""
    run_script(node, "build:mp-weixin")
    return Path(MINIPROGRAM) / "dist" / "build" / "mp-weixin"


def weight(folder: Path, without: tuple[Path, ...] = ()) -> int:
    """Bytes of all files in a folder, leaving some folders out."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return sum(file.stat().st_size for file in files if not any(file.is_relative_to(other) for other in without))


def test_each_part_of_the_wechat_package_is_small_enough(package: Path) -> None:
    """The vendor's limit: 2 MB for the main package and for each sub-package."""
    parts = json.loads((package / "app.json").read_text())["subPackages"]
    folders = tuple(package / part["root"] for part in parts)
    assert folders
    assert weight(package, folders) < LARGEST_PACKAGE
    assert max(weight(folder) for folder in folders) < LARGEST_PACKAGE


def pages_of(package: Path) -> list[str]:
    """Every page of the package, those of its parts too, as its path without an ending."""
    told = json.loads((package / "app.json").read_text())
    parts = [f"{part['root']}/{page}" for part in told["subPackages"] for page in part["pages"]]
    return [*told["pages"], *parts]


def test_every_page_of_the_wechat_package_stands_with_all_its_components(package: Path) -> None:
    """What WeChat would refuse to open: a page or component without its files, or a tag that nobody declared."""
    waiting, seen = pages_of(package), set[str]()
    assert len(waiting) > 30
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for ending in ("js", "json", "wxml"):
            assert (package / f"{one}.{ending}").is_file(), f"{one}.{ending}"
        declared = json.loads((package / f"{one}.json").read_text()).get("usingComponents", {})
        used = set(TAG.findall((package / f"{one}.wxml").read_text(encoding="utf-8"))) - NATIVE
        assert used <= declared.keys(), f"{one}: {used - declared.keys()}"
        waiting += [_resolved(one, path) for path in declared.values()]


def _resolved(page: str, path: str) -> str:
    """The component's path from the package's root."""
    return os.path.normpath(path.lstrip("/") if path.startswith("/") else f"{Path(page).parent.as_posix()}/{path}")


def test_the_wechat_package_asks_for_no_permission(package: Path) -> None:
    """Camera and album open by a press only; WeChat asks before (__usePrivacyCheck__). No place, no contacts, no plugin."""
    told = json.loads((package / "app.json").read_text())
    assert told["__usePrivacyCheck__"] is True
    wants = {"permission", "requiredPrivateInfos", "requiredBackgroundModes", "plugins", "embeddedAppIdList"}
    assert wants & told.keys() == set()


def used_apis() -> set[str]:
    """What the source calls of uni and wx."""
    files = [file for kind in ("*.ts", "*.vue") for file in (MINIPROGRAM / "src").rglob(kind)]
    return {name for file in files for name in CALLS.findall(file.read_text(encoding="utf-8"))}


@pytest.mark.usefixtures("node")
def test_everything_the_phone_calls_is_offered_by_wechats_base_library() -> None:
    """By the vendor's own declarations (miniprogram-api-typings)."""
    folder = MINIPROGRAM / "node_modules" / "miniprogram-api-typings" / "types" / "wx"
    offered = set(OFFERED.findall("\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.d.ts"))))
    assert used_apis() - offered == set()


def test_the_document_names_every_call_that_privacy_or_permissions_depend_on() -> None:
    """What mp.weixin.qq.com must be told stands in docs/phone.md, and nothing of it is used in silence."""
    document = (MINIPROGRAM.parent / "docs" / "phone.md").read_text(encoding="utf-8")
    silent = {name for name in used_apis() - EVERYDAY if f"wx.{name}" not in document}
    assert silent == {"chooseImage"}, "chooseImage is the web page's; the package uses chooseMedia"
