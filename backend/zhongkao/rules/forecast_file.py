"""A forecast's basis and result as they are published and read again (docs/formats/forecast.md)."""

from collections.abc import Mapping
from typing import Any

from backend.zhongkao.rules.forecast import Basis, Forecast, Step, forecasts
from backend.zhongkao.rules.json_shape import Fault, Shape
from backend.zhongkao.rules.scores import NotAScore, hundredths_of, shortest


def basis_content(basis: Basis) -> dict[str, Any]:
    """The basis as JSON: units and groups by name, steps from the best down, scores in shortest form."""
    return {
        "format": 1,
        "closed_from": _told(basis.closed_from),
        "units": [
            {
                "unit": unit,
                "plan": basis.plan[unit],
                "lowest": _told(basis.current[unit]),
                "former": [shortest(line) for line in basis.former.get(unit, ())],
            }
            for unit in sorted(basis.plan)
        ],
        "groups": [{"group": name, "units": list(basis.open_to[name])} for name in sorted(basis.open_to)],
        "steps": [
            {"group": one.group, "from": shortest(one.floor), "held": dict(sorted(one.held.items())), "free": one.free}
            for one in sorted(basis.steps, key=lambda one: (-one.floor, one.group))
        ],
    }


def forecasts_content(basis: Basis) -> list[dict[str, Any]]:
    """The forecasts as JSON, by unit."""
    return [_forecast(unit, one) for unit, one in sorted(forecasts(basis).items())]


def _forecast(unit: str, one: Forecast) -> dict[str, Any]:
    return {
        "unit": unit,
        "low": _told(one.low),
        "middle": _told(one.middle),
        "high": _told(one.high),
        "settled_percent": one.settled_percent,
        "is_certain": one.is_certain,
    }


def forecast_of(told: Mapping[str, Any]) -> Forecast:
    """A forecast from its JSON as it was kept."""
    low, middle, high = (None if told[key] is None else hundredths_of(told[key]) for key in ("low", "middle", "high"))
    return Forecast(low, middle, high, told["settled_percent"], told["is_certain"])


def read_basis(value: Any) -> tuple[Basis | None, list[Fault]]:
    """The basis and no faults, or None and every fault as (JSON pointer, sentence)."""
    shape = Shape()
    root = shape.object_at(value, "", ["format", "closed_from", "units", "groups", "steps"])
    if root is None:
        return None, shape.faults
    plan: dict[str, int] = {}
    current: dict[str, int | None] = {}
    former: dict[str, list[int]] = {}
    for pointer, entry in shape.entries(root, "units", ""):
        unit = shape.object_at(entry, pointer, ["unit", "plan", "lowest", "former"]) or {}
        name = shape.text(unit, "unit", pointer) or ""
        plan[name] = shape.whole_number(unit, "plan", pointer, at_least=0) or 0
        current[name] = _score(shape, unit, "lowest", pointer)
        former[name] = [
            score
            for where, one in shape.entries(unit, "former", pointer)
            if (score := _score(shape, {"former": one}, "former", where)) is not None
        ]
    open_to: dict[str, list[str]] = {}
    for pointer, entry in shape.entries(root, "groups", ""):
        group = shape.object_at(entry, pointer, ["group", "units"]) or {}
        units = [shape.text_at(one, where) or "" for where, one in shape.entries(group, "units", pointer)]
        for unknown in sorted(set(units) - plan.keys()):
            shape.fault(pointer, f"the unit {unknown!r} is not among the units")
        open_to[shape.text(group, "group", pointer) or ""] = units
    steps = [_step(shape, entry, pointer, plan, open_to) for pointer, entry in shape.entries(root, "steps", "")]
    basis = Basis(plan, current, open_to, steps, _score(shape, root, "closed_from", ""), former)
    return (None if shape.faults else basis), shape.faults


def _step(shape: Shape, entry: Any, pointer: str, plan: Mapping[str, int], open_to: Mapping[str, Any]) -> Step:
    step = shape.object_at(entry, pointer, ["group", "from", "held", "free"]) or {}
    group = shape.text(step, "group", pointer) or ""
    if group not in open_to:
        shape.fault(pointer, f"the group {group!r} is not among the groups")
    held = shape.object_at(step.get("held"), f"{pointer}/held", (), tuple(plan)) or {}
    counts = {unit: shape.whole_number(held, unit, f"{pointer}/held", at_least=0) or 0 for unit in held}
    free = shape.whole_number(step, "free", pointer, at_least=0) or 0
    return Step(group, _score(shape, step, "from", pointer) or 0, counts, free)


def _score(shape: Shape, parent: Mapping[str, Any], key: str, pointer: str) -> int | None:
    written = parent.get(key)
    if written is None:
        return None
    try:
        return hundredths_of(written if isinstance(written, str) else "")
    except NotAScore as error:
        shape.fault(f"{pointer}/{key}", str(error))
        return None


def _told(score: int | None) -> str | None:
    return None if score is None else shortest(score)
