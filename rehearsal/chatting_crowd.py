"""Many families chat at once: `python -m rehearsal.chatting_crowd --platform URL --city DIR [--families N] [--talks K]`.

Each goes from its first word to its receipts through the real webhook. At the end it tells how many did, whether two
families hold one receipt, whether anybody was told twice, and how long they waited; it fails where anything is wrong.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests

from rehearsal.chatting import ChatStuck, Talk
from rehearsal.season_crowd import families_in
from rehearsal.season_pictures import Pool, draw_pool

AT_ONCE = 16


def talk(platform: str, family: Mapping[str, Any], pool: Pool) -> dict[str, Any]:
    """One family's whole talk: {family, receipts, sent, longest_ms, doubled} and perhaps {fault}."""
    name = str(family["id"])
    one = Talk(platform, family, lambda kind: pool.picture(kind, "good", f"{name}/{kind}/{time.time_ns()}"))
    outcome: dict[str, Any] = {"family": name}
    try:
        one.register()
    except (ChatStuck, requests.RequestException) as fault:
        outcome["fault"] = f"{type(fault).__name__}: {fault}"
    finally:
        one.close()
    return outcome | asdict(one.told)


def figures_of(outcomes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Families, receipts, receipts held twice, lines told twice, faults, messages, and the waits in milliseconds."""
    receipts = [receipt for one in outcomes for receipt in one["receipts"]]
    waits = sorted(int(one["longest_ms"]) for one in outcomes)
    return {
        "families": len(outcomes),
        "receipts": len(receipts),
        "receipts_held_twice": len(receipts) - len(set(receipts)),
        "told_twice": sum(int(one["doubled"]) for one in outcomes),
        "faults": [f"{one['family']}: {one['fault']}" for one in outcomes if "fault" in one],
        "messages": sum(int(one["sent"]) for one in outcomes),
        "longest_wait_ms": waits[-1] if waits else 0,
        "median_of_longest_waits_ms": waits[len(waits) // 2] if waits else 0,
    }


def main() -> int:
    """Let the families of the city with WeChat talk; the exit code says whether nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", default="http://127.0.0.1:8100")
    parser.add_argument("--city", type=Path, required=True)
    parser.add_argument("--families", type=int, default=2000)
    parser.add_argument("--talks", type=int, default=AT_ONCE, help="how many talk at once")
    parser.add_argument("--report", type=Path, help="where the outcomes go, a line a family")
    told = parser.parse_args()
    everybody = families_in(told.city / "families.jsonl").values()
    chosen = [one for one in everybody if one["guardian"]["openid"] and not one.get("helper")][: told.families]
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder, ThreadPoolExecutor(told.talks) as threads:
        draw_pool(Path(folder), chosen)
        pool = Pool(Path(folder))
        began = time.monotonic()
        outcomes = list(threads.map(lambda family: talk(told.platform, family, pool), chosen))
    figures = figures_of(outcomes) | {"seconds": round(time.monotonic() - began, 1)}
    if told.report:
        lines = [json.dumps(one, ensure_ascii=False) for one in (*outcomes, figures)]
        told.report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    children = sum(len(one["children"]) for one in chosen)
    is_whole = figures["receipts"] == children and not figures["receipts_held_twice"] and not figures["told_twice"]
    return 0 if is_whole and not figures["faults"] else 1


if __name__ == "__main__":
    sys.exit(main())
