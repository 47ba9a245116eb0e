"""Finds Chromium for the browser tests, and installs Debian's packages where it may: `python -m sunroll.browser`."""

import os
import shutil
import subprocess
import sys

PACKAGES = ["chromium", "fonts-noto-cjk", "fonts-noto-core"]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def can_install() -> bool:
    """Whether system packages can be installed here: Debian's apt-get, and root."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install() -> str | None:
    """Install Chromium and the fonts from Debian's packages; what went wrong in one sentence, or None."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *PACKAGES]):
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-300:]}"
    return None


def main() -> int:
    """Say which browser the tests will drive, or what is skipped and how to change that."""
    if browser_path() is None and can_install():
        print("installing system packages for the browser tests:", " ".join(PACKAGES))
        if fault := install():
            print(fault, file=sys.stderr)
    path = browser_path()
    if path:
        print(f"browser tests drive {path}")
        return 0
    print("browser tests are SKIPPED: no Chromium here. Install it as root: apt-get install " + " ".join(PACKAGES))
    return 1 if os.environ.get("SUNROLL_BROWSER_REQUIRED") and can_install() else 0


if __name__ == "__main__":
    raise SystemExit(main())
