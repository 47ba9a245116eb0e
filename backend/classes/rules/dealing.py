"""Stage 1, the deal: units dealt to classes evenly, large units first, the rest stratum by stratum."""

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import SEX, WISHES, Bounds
from backend.classes.rules.stream import Stream
from backend.classes.rules.units import Units

Integers = NDArray[np.int64]


def deal(bounds: Bounds, units: Units, stream: Stream) -> Integers:
    """A class for every unit; shape (units,).

    Units are shuffled, then ordered by size (largest first) and stratum. Each goes to the class where it puts
    fewest heads over size, sex and `apart`, then to the one with fewest of its sex, then fewest pupils, then fewest
    of its other values from the highest priority down, then to the first in a shuffled order of the classes.
    """
    order = _dealing_order(bounds, units, stream)
    rank_of_class = np.array(stream.shuffled(bounds.classes), dtype=np.int64)
    class_of_unit = np.zeros(len(units.sizes), dtype=np.int64)
    held = np.zeros((bounds.classes, len(bounds.low)), dtype=np.int64)
    hard = bounds.level <= WISHES
    for unit in order:
        has = units.has[unit]
        over = np.maximum(held[:, hard] + has[hard] - bounds.high[hard], 0)[:, has[hard] > 0].sum(axis=1)
        keys = [rank_of_class]
        keys += [held[:, entry] for entry in np.flatnonzero((has > 0) & (bounds.level > WISHES))[::-1]]
        keys += [held[:, 0], held[:, (has > 0) & (bounds.level == SEX)].sum(axis=1), over]
        chosen = int(np.lexsort(keys)[0])
        class_of_unit[unit] = chosen
        held[chosen] += has
    return class_of_unit


def _dealing_order(bounds: Bounds, units: Units, stream: Stream) -> list[int]:
    shuffled = stream.shuffled(len(units.sizes))
    stratum_of_unit = np.zeros(len(units.sizes), dtype=np.int64)
    stratum_of_unit[units.unit_of] = bounds.stratum
    return sorted(shuffled, key=lambda unit: (-int(units.sizes[unit]), int(stratum_of_unit[unit])))
