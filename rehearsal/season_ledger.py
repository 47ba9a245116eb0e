"""The ledger of a rehearsed season, taken home as anybody and as an auditor would, and checked by the checker of its own."""

import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import requests

from rehearsal.office import Office

TIMEOUT = (5, 300)
CHECKED_WITHIN_S = 1800
VERIFIED = re.compile(r"^verified (\d+) decisions$", re.MULTILINE)
OFFLINE_AT_MOST = 3
REASON = "演练结束后的全面核对"


def seasons(service: str) -> dict[str, int]:
    """Season → the decisions in its ledger."""
    told = requests.get(f"{service}/api/ledger", timeout=TIMEOUT).json()["items"]
    return {each["season"]: len(each["decisions"]) for each in told}


def public_archive(service: str, season: str) -> bytes:
    """What anybody may take home."""
    reply = requests.get(f"{service}/public/ledger/{season}.zip", timeout=TIMEOUT)
    reply.raise_for_status()
    return reply.content


def sealed_archive(auditor: Office, season: str) -> bytes:
    """What an accredited auditor may take home, by a reason that is written down."""
    archive: bytes = auditor.post("/desk/ledger/sealed", {"season": season, "reason": REASON})
    return archive


def check(archive: bytes, folder: Path) -> dict[str, Any]:
    """Unpack the one folder of an archive as `folder` and check it by `python -m verify`: {exit, verified, said}."""
    shutil.rmtree(folder, ignore_errors=True)
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as packed,
        tempfile.TemporaryDirectory(dir=_made(folder.parent)) as opened,
    ):
        packed.extractall(opened)
        (unpacked,) = Path(opened).iterdir()
        shutil.move(unpacked, folder)
    done = subprocess.run(
        [sys.executable, "-m", "verify", str(folder)],
        capture_output=True,
        text=True,
        timeout=CHECKED_WITHIN_S,
        check=False,
    )
    found = VERIFIED.search(done.stdout)
    said = (done.stdout + done.stderr).strip().splitlines()[-1:]
    return {"exit": done.returncode, "verified": int(found[1]) if found else 0, "said": "".join(said)}


def ways_drawn(folder: Path) -> dict[str, str]:
    """Private school → the way of drawing that the public ledger's rules of its draw name."""
    rules = [json.loads((each / "rules.json").read_text(encoding="utf-8")) for each in sorted(folder.glob("*-draw"))]
    return {told["rule"]["draw"].split("/")[0]: told["rule"].get("way", "tickets") for told in rules}


def repeated_offline(folder: Path) -> dict[str, bool]:
    """Placement of a sealed ledger → whether `sunroll place`, given its files alone, gives the same places.

    At most OFFLINE_AT_MOST, the first ones: the ledger's own checker has recomputed all of them.
    """
    found = {}
    for each in sorted(folder.glob("*-placement"))[:OFFLINE_AT_MOST]:
        given, told, seed = (
            json.loads((each / name).read_text(encoding="utf-8"))
            for name in ("input.json", "output.json", "reveal.json")
        )
        with tempfile.TemporaryDirectory() as opened:
            file, result = Path(opened) / "input.json", Path(opened) / "result.json"
            file.write_text(json.dumps(given | {"seed": seed["seed"]}, ensure_ascii=False), encoding="utf-8")
            command = [sys.executable, "-m", "sunroll", "place", str(file), "--out", str(result)]
            subprocess.run(command, check=True, timeout=CHECKED_WITHIN_S)
            found[each.name] = json.loads(result.read_text(encoding="utf-8"))["placements"] == told["placements"]
    return found


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
