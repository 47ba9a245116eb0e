"""Many families at once: a few processes with threads, each family's visit one piece of work, its outcome one message."""

import json
import multiprocessing
import queue
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from rehearsal.phone import City, NoAnswer, PhoneRefused
from rehearsal.season_pictures import Pool
from rehearsal.season_visit import Visit
from rehearsal.season_walks import VISITS

THREADS = 8
NOTHING_FOR_S = 600.0


class CrowdStuck(Exception):
    """The families' processes died, or nothing happened for ten minutes."""


@dataclass(frozen=True)
class Crowd:
    """How families are run: the city they call, the folder with families.jsonl, their pictures, how many processes."""

    city: City
    families: Path
    pictures: Path
    processes: int = 2

    def visit(self, kind: str, kept: Mapping[str, Mapping[str, Any]], tell: Callable[[dict[str, Any]], None]) -> None:
        """Let the families of `kept` (id → what they keep) make one visit; `tell` gets each outcome as it comes.

        An outcome is {family, tries, began_at, ms} with what the visit told, or with `fault` where it failed.
        """
        if not kept:
            return
        context = multiprocessing.get_context("spawn")
        told: Queue[dict[str, Any]] = context.Queue()
        names = sorted(kept)
        parts = [names[index :: self.processes] for index in range(min(self.processes, len(names)))]
        workers = [
            context.Process(target=_work, args=(self, kind, {name: kept[name] for name in part}, told), daemon=True)
            for part in parts
        ]
        for worker in workers:
            worker.start()
        try:
            for _ in names:
                tell(_next(told, workers))
        finally:
            for worker in workers:
                worker.join(10)
                if worker.is_alive():
                    worker.terminate()


def _next(told: "Queue[dict[str, Any]]", workers: Sequence[Any]) -> dict[str, Any]:
    until = time.monotonic() + NOTHING_FOR_S
    while time.monotonic() < until:
        try:
            return told.get(timeout=1)
        except queue.Empty:
            if all(worker.exitcode is not None for worker in workers) and told.empty():
                break
    raise CrowdStuck(f"the families' processes told nothing more: {[worker.exitcode for worker in workers]}")


def families_in(file: Path, wanted: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """Id → line of families.jsonl, of the wanted families or of all."""
    names = None if wanted is None else set(wanted)
    found: dict[str, dict[str, Any]] = {}
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            family = json.loads(line)
            if names is None or family["id"] in names:
                found[family["id"]] = family
    return found


def _work(crowd: Crowd, kind: str, kept: Mapping[str, Mapping[str, Any]], told: "Queue[dict[str, Any]]") -> None:
    """One process: its families one after the other in the order in which they arrive, THREADS at a time."""
    families = sorted(families_in(crowd.families, kept).values(), key=lambda family: (family["arrives"], family["id"]))
    pool = Pool(crowd.pictures)
    with ThreadPoolExecutor(THREADS) as threads:
        for family in families:
            visit = Visit(crowd.city, pool, family, kept[family["id"]])
            threads.submit(_tell, kind, visit, told)


def _tell(kind: str, visit: Visit, told: "Queue[dict[str, Any]]") -> None:
    began_at, began = time.time(), time.monotonic()
    outcome: dict[str, Any] = {"family": visit.family["id"]}
    try:
        outcome |= VISITS[kind](visit)
    except (PhoneRefused, NoAnswer) as fault:
        outcome["fault"] = str(fault)
    except Exception as fault:  # noqa: BLE001  # one family's trouble is told, the others go on
        outcome["fault"] = f"{type(fault).__name__}: {fault}"
    ms = round((time.monotonic() - began) * 1000)
    told.put({**outcome, "tries": visit.tries, "began_at": round(began_at, 3), "ms": ms})
