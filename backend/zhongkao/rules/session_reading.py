"""A session read from its JSON (contracts 4): every fault with its pointer, lists without an order of their own sorted."""

from typing import Any

from backend.zhongkao.rules.instants import NotAnInstant, milliseconds_of
from backend.zhongkao.rules.json_shape import Fault, Shape
from backend.zhongkao.rules.scores import NotAScore, hundredths_of, shortest
from backend.zhongkao.rules.session import Band, Candidate, Forbidden, Lock, Reading, Session, Unit

_FORBIDDEN: dict[str, Forbidden] = {"clear": "clear", "first": "first"}


def read_session(value: Any) -> tuple[Session | None, list[Fault]]:
    """The session and no faults, or None and every fault as (JSON pointer, sentence).

    `ties`, `locks`, `statistics_at`, a lock's `band` and a band's `from` and `below` may be left out: nothing, all
    bands, no limit. Candidates and units come sorted by id, locks and readings by time; bands keep their order,
    because locks name them by index.
    """
    shape = Shape()
    root = shape.object_at(value, "", ["candidates", "units", "bands"], ["locks", "statistics_at"])
    if root is None:
        return None, shape.faults
    candidates = _candidates(shape, root)
    units = _units(shape, root)
    bands = _bands(shape, root)
    locks = _locks(shape, root)
    readings = _readings(shape, root)
    if shape.faults:
        return None, shape.faults
    session = Session(
        tuple(sorted(candidates, key=lambda candidate: candidate.id.encode())),
        tuple(sorted(units, key=lambda unit: unit.id.encode())),
        tuple(bands),
        tuple(sorted(locks, key=lambda lock: (lock.at, -1 if lock.band is None else lock.band, sorted(lock.forbid)))),
        tuple(sorted(readings, key=lambda reading: reading.at)),
    )
    return session, []


def _candidates(shape: Shape, root: dict[str, Any]) -> list[Candidate]:
    found: list[Candidate] = []
    seen: set[str] = set()
    for pointer, entry in shape.entries(root, "candidates", ""):
        candidate = shape.object_at(entry, pointer, ["id", "total"], ["ties"])
        if candidate is None:
            continue
        name = shape.unused_id(candidate, pointer, seen)
        total = _score(shape, candidate.get("total"), f"{pointer}/total") if "total" in candidate else None
        ties = [_score(shape, tie, where) for where, tie in shape.entries(candidate, "ties", pointer)]
        if name is not None and total is not None:
            found.append(Candidate(name, total, tuple(tie for tie in ties if tie is not None)))
    return found


def _units(shape: Shape, root: dict[str, Any]) -> list[Unit]:
    found: list[Unit] = []
    seen: set[str] = set()
    for pointer, entry in shape.entries(root, "units", ""):
        unit = shape.object_at(entry, pointer, ["id", "plan"])
        if unit is None:
            continue
        name = shape.unused_id(unit, pointer, seen)
        plan = shape.whole_number(unit, "plan", pointer, at_least=0)
        if name is not None and plan is not None:
            found.append(Unit(name, plan))
    return found


def _bands(shape: Shape, root: dict[str, Any]) -> list[Band]:
    found: list[Band] = []
    for pointer, entry in shape.entries(root, "bands", ""):
        band = _band(shape, entry, pointer)
        if band is None:
            continue
        for earlier in found:
            if _overlap(earlier, band):
                shape.fault(pointer, f"overlaps the band {_limits(earlier)}: a total belongs to one band only")
        found.append(band)
    return found


def _band(shape: Shape, entry: Any, pointer: str) -> Band | None:
    band = shape.object_at(entry, pointer, ["open", "close"], ["from", "below"])
    if band is None:
        return None
    faults_before = len(shape.faults)
    lowest = None if band.get("from") is None else _score(shape, band["from"], f"{pointer}/from")
    below = None if band.get("below") is None else _score(shape, band["below"], f"{pointer}/below")
    opening = _instant(shape, band["open"], f"{pointer}/open") if "open" in band else None
    closing = _instant(shape, band["close"], f"{pointer}/close") if "close" in band else None
    if lowest is not None and below is not None and lowest >= below:
        shape.fault(pointer, "holds no total: `from` must be less than `below`")
    if opening is not None and closing is not None and opening[0] >= closing[0]:
        shape.fault(pointer, "is never open: `open` must be before `close`")
    if opening is None or closing is None or len(shape.faults) > faults_before:
        return None
    return Band(lowest, below, opening[0], closing[0], opening[1], closing[1])


def _overlap(one: Band, other: Band) -> bool:
    return _starts_before_end(one, other) and _starts_before_end(other, one)


def _starts_before_end(one: Band, other: Band) -> bool:
    return one.lowest is None or other.below is None or one.lowest < other.below


def _limits(band: Band) -> str:
    lowest = "without a lower limit" if band.lowest is None else f"from {shortest(band.lowest)}"
    below = "without an upper limit" if band.below is None else f"below {shortest(band.below)}"
    return f"{lowest}, {below}"


def _locks(shape: Shape, root: dict[str, Any]) -> list[Lock]:
    found: list[Lock] = []
    bands = root.get("bands")
    for pointer, entry in shape.entries(root, "locks", ""):
        lock = shape.object_at(entry, pointer, ["at", "forbid"], ["band"])
        if lock is None:
            continue
        at = _instant(shape, lock["at"], f"{pointer}/at") if "at" in lock else None
        forbid = _forbidden(shape, lock, pointer)
        band = None if lock.get("band") is None else shape.whole_number(lock, "band", pointer, at_least=0)
        if band is not None and isinstance(bands, list) and band >= len(bands):
            shape.fault(f"{pointer}/band", f"there is no band {band}; the first has the index 0")
        if at is not None:
            found.append(Lock(at[0], forbid, band, at[1]))
    return found


def _forbidden(shape: Shape, lock: dict[str, Any], pointer: str) -> frozenset[Forbidden]:
    found: set[Forbidden] = set()
    for where, entry in shape.entries(lock, "forbid", pointer):
        action = shape.text_at(entry, where)
        if action is None:
            continue
        if action not in _FORBIDDEN:
            shape.fault(where, f"{action!r} cannot be locked; it must be 'clear' or 'first'")
        elif _FORBIDDEN[action] in found:
            shape.fault(where, f"{action!r} stands twice")
        else:
            found.add(_FORBIDDEN[action])
    return frozenset(found)


def _readings(shape: Shape, root: dict[str, Any]) -> list[Reading]:
    found: list[Reading] = []
    seen: set[int] = set()
    for pointer, entry in shape.entries(root, "statistics_at", ""):
        at = _instant(shape, entry, pointer)
        if at is None:
            continue
        if at[0] in seen:
            shape.fault(pointer, f"{at[1]!r} stands twice")
        seen.add(at[0])
        found.append(Reading(*at))
    return found


def _score(shape: Shape, value: Any, pointer: str) -> int | None:
    text = shape.text_at(value, pointer)
    if text is None:
        return None
    try:
        return hundredths_of(text)
    except NotAScore as error:
        shape.fault(pointer, str(error))
        return None


def _instant(shape: Shape, value: Any, pointer: str) -> tuple[int, str] | None:
    text = shape.text_at(value, pointer)
    if text is None:
        return None
    try:
        return milliseconds_of(text), text
    except NotAnInstant as error:
        shape.fault(pointer, str(error))
        return None
