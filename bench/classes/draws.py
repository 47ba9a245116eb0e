"""`python -m bench.classes.draws WAY COUNT`: form the large intake COUNT times and keep the lists, to be resumed at any time.

A thousand lists of a thousand pupils take long; the randomness of each way is measured on what is kept in var/class-draws.
"""

import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.forming import form_classes
from backend.classes.rules.randomness import Meetings
from bench.classes.intake import given, intake
from bench.classes.peers import snake, stratified

KEPT = Path(__file__).parents[2] / "var" / "class-draws"
PUPILS, CLASSES = 1_000, 20
TOLERANCES = {"floor": None, "draw-0.5": 50, "draw-1.0": 100}


def draw(way: str, count: int) -> None:
    """Form the lists that are still missing of the first `count`, one after the other."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{way}.npy"
    lists = list(np.load(file)) if file.exists() else []
    pupils = intake(PUPILS)
    while len(lists) < count:
        began = time.perf_counter()
        lists.append(_list(way, pupils, f"{way} {len(lists)}"))
        np.save(file, np.array(lists, dtype=np.int16))
        print(f"{way} {len(lists)} of {count}, {time.perf_counter() - began:.1f} s", flush=True)


def _list(way: str, pupils: tuple, seed: str) -> NDArray[np.int64]:  # type: ignore[type-arg]
    value = given(pupils, CLASSES, seed, TOLERANCES.get(way))
    if way in TOLERANCES:
        return np.array([number - 1 for _, number in form_classes(value).classes])
    return {"snake": snake, "stratified": stratified}[way](value)


def kept(way: str) -> Meetings | None:
    """Who met whom in the lists kept of a way, or None where there are none."""
    file = KEPT / f"{way}.npy"
    if not file.exists():
        return None
    meetings = Meetings(PUPILS, CLASSES)
    for one in np.load(file):
        meetings.add(one)
    return meetings


if __name__ == "__main__":
    draw(sys.argv[1], int(sys.argv[2]))
