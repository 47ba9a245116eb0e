"""The senior-high exam, recomputed: a session of live choosing from its events, quotas from their weights."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from verify.folder import Lie, canonical, sha256_hex

Row = dict[str, Any]
SESSION = ("candidates", "units", "bands", "locks", "statistics_at")


def recompute_session(given: Row) -> Row:
    """The result document of a replay; the events stand as in a file whose header is line 1."""
    session = {key: given[key] for key in SESSION}
    run = _Run(session)
    reasons: list[str | None] = [None] * len(given["events"])
    moments = [(_instant(event["at"]), 1, line) for line, event in enumerate(given["events"])]
    moments += [(_instant(at), 0, place) for place, at in enumerate(session["statistics_at"])]
    statistics: list[Row] = [{} for _ in session["statistics_at"]]
    for _, is_event, index in sorted(moments):
        if is_event:
            reasons[index] = run.take(given["events"][index])
        else:
            statistics[index] = {"at": session["statistics_at"][index], "units": run.statistic()}
    units, candidates = run.final()
    return {
        "events": [
            {"line": line, "accepted": reason is None, "reason": reason} for line, reason in enumerate(reasons, 2)
        ],
        "units": units,
        "candidates": candidates,
        "statistics": statistics,
        "input_sha256": sha256_hex(
            canonical({"files": {"session": session, "events": given["events"]}, "options": {}})
        ),
    }


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class _Run:
    """Who holds what; the locks are asked anew at each event."""

    def __init__(self, session: Row) -> None:
        self.session = session
        self.candidates = {one["id"]: one for one in session["candidates"]}
        self.plans = {unit["id"]: unit["plan"] for unit in session["units"]}
        depth = max((len(one["ties"]) for one in session["candidates"]), default=0)
        self.strength = {name: _strength(one, depth) for name, one in self.candidates.items()}
        self.band_of = {name: self._band(strength[0]) for name, strength in self.strength.items()}
        self.windows = [(_instant(band["open"]), _instant(band["close"])) for band in session["bands"]]
        self.locks = [(_instant(lock["at"]), lock["forbid"], lock["band"]) for lock in session["locks"]]
        self.held: dict[str, str] = {}

    def take(self, event: Row) -> str | None:
        """The reason of the refusal, or None; what is held changes."""
        name, wanted = event["candidate"], event["unit"] if event["action"] == "choose" else None
        reason = self._reason(name, wanted, _instant(event["at"]))
        if reason is None and wanted is None:
            del self.held[name]
        elif reason is None and wanted is not None:
            self.held[name] = wanted
        return reason

    def _reason(self, name: str, wanted: str | None, at: datetime) -> str | None:
        if name not in self.candidates:
            return "unknown-candidate"
        if wanted is not None and wanted not in self.plans:
            return "unknown-unit"
        band = self.band_of[name]
        if band is None or not self.windows[band][0] <= at < self.windows[band][1]:
            return "outside-band-window"
        kind = "clear" if wanted is None else "change" if name in self.held else "first"
        if any(start <= at and kind in forbid and number in (None, band) for start, forbid, number in self.locks):
            return "locked"
        return "nothing-to-clear" if kind == "clear" and name not in self.held else None

    def _band(self, total: Decimal) -> int | None:
        for number, band in enumerate(self.session["bands"]):
            inside = band["from"] is None or Decimal(band["from"]) <= total
            if inside and (band["below"] is None or total < Decimal(band["below"])):
                return number
        return None

    def _inside(self) -> dict[str, list[str]]:
        """By unit, who holds it: best first, then by id bytes."""
        inside: dict[str, list[str]] = {unit: [] for unit in self.plans}
        by_id = sorted(self.held, key=lambda name: name.encode("utf-8"))
        for name in sorted(by_id, key=self.strength.__getitem__, reverse=True):
            inside[self.held[name]].append(name)
        return inside

    def _scores(self, name: str) -> Row:
        return {"total": self.candidates[name]["total"], "ties": self.candidates[name]["ties"]}

    def statistic(self) -> list[Row]:
        """One row a unit at this moment."""
        rows = []
        for unit, names in self._inside().items():
            plan = self.plans[unit]
            lowest = self._scores(names[plan - 1]) if 0 < plan <= len(names) else None
            counted = {"id": unit, "plan": plan, "chosen": len(names), "vacant": max(0, plan - len(names))}
            rows.append({**counted, "lowest_inside": lowest})
        return rows

    def final(self) -> tuple[list[Row], list[Row]]:
        """The rows of units and of candidates at the end."""
        nowhere = {"unit": None, "rank": None, "level_with": 0, "admitted": False}
        rows = {name: {"id": name, **nowhere} for name in self.candidates}
        units = []
        for unit, names in self._inside().items():
            plan, strengths = self.plans[unit], [self.strength[name] for name in names]
            level, first = Counter(strengths), {own: place for place, own in reversed(list(enumerate(strengths, 1)))}
            for name, own in zip(names, strengths, strict=True):
                place = {"unit": unit, "rank": first[own], "level_with": level[own], "admitted": first[own] <= plan}
                rows[name] = {"id": name, **place}
            admitted = [name for name in names if rows[name]["admitted"]]
            lowest = self._scores(admitted[-1]) if admitted else None
            counted = {"id": unit, "plan": plan, "chosen": len(names), "admitted": admitted}
            units.append({**counted, "over_plan": max(0, len(admitted) - plan), "lowest": lowest})
        return units, list(rows.values())


def _strength(one: Row, depth: int) -> tuple[Decimal, ...]:
    missing = [Decimal(-1)] * (depth - len(one["ties"]))
    return (Decimal(one["total"]), *map(Decimal, one["ties"]), *missing)


def summarise_session(_given: Row, output: Row) -> Row:
    """What everybody may see of an admission: units with counts and the lowest admitted, events by verdict."""
    refused = Counter(event["reason"] for event in output["events"] if not event["accepted"])
    counts = {
        "people": len(output["candidates"]),
        "admitted": sum(one["admitted"] for one in output["candidates"]),
        "events": len(output["events"]),
        "refused": dict(refused),
    }
    units = [{**unit, "admitted": len(unit["admitted"])} for unit in output["units"]]
    return {"units": units, "statistics": output["statistics"], "counts": counts}


def check_session_summary(rule: Row, summary: Row, people: int, where: str) -> None:
    """Whether the public figures of an admission agree with each other and with the plans. Raises Lie."""
    plans = [(unit["id"], unit["plan"]) for unit in rule["units"]]
    if [(unit["id"], unit["plan"]) for unit in summary["units"]] != plans:
        raise Lie(where, "the plans are not those of the rule")
    if summary["counts"]["people"] != people:
        raise Lie(where, "the candidates are not all counted")
    if sum(unit["admitted"] for unit in summary["units"]) != summary["counts"]["admitted"]:
        raise Lie(where, "the admitted of the units do not add up")
    for unit in summary["units"]:
        at_least = min(unit["plan"], unit["chosen"])
        if not at_least <= unit["admitted"] <= unit["chosen"]:
            raise Lie(where, f"{unit['id']!r} admits {unit['admitted']} of {unit['chosen']} on {unit['plan']} places")
        if unit["over_plan"] != max(0, unit["admitted"] - unit["plan"]):
            raise Lie(where, f"{unit['id']!r} is over plan by another number")
        if (unit["lowest"] is None) != (unit["admitted"] == 0):
            raise Lie(where, f"{unit['id']!r} has a lowest admitted exactly where it admits: here it is not so")
    _check_statistics(rule, summary["statistics"], plans, where)


def _check_statistics(rule: Row, statistics: list[Row], plans: list[tuple[str, int]], where: str) -> None:
    if [reading["at"] for reading in statistics] != rule["statistics_at"]:
        raise Lie(where, "the statistics are not those of the rule's times")
    for reading in statistics:
        if [(unit["id"], unit["plan"]) for unit in reading["units"]] != plans:
            raise Lie(where, f"the plans at {reading['at']} are not those of the rule")
        for unit in reading["units"]:
            if unit["vacant"] != max(0, unit["plan"] - unit["chosen"]):
                raise Lie(where, f"{unit['id']!r} has another number of vacant places at {reading['at']}")
            if (unit["lowest_inside"] is None) == (0 < unit["plan"] <= unit["chosen"]):
                raise Lie(where, f"{unit['id']!r} has a lowest inside exactly where it is filled: here it is not so")


def recompute_quota(given: Row) -> Row:
    """The rows of a quota: weights with the cap on classes, seats by largest remainder."""
    weights = {}
    for junior in given["juniors"]:
        classes, pupils = junior["classes"], junior["pupils"]
        crowded = classes > 0 and Fraction(pupils, classes) > given["class_cap"]
        weights[junior["id"]] = classes * given["class_cap"] if crowded else pupils
    return {"rows": deal_seats(weights, given["seats"])}


def deal_seats(weights: dict[str, int], seats: int) -> list[Row]:
    """The rows of a quota, by id: seats by largest remainder; ties to the larger weight, then the first id."""
    total = sum(weights.values()) or 1
    exact = {name: Fraction(seats * one, total) for name, one in weights.items()}
    dealt = {name: share.numerator // share.denominator for name, share in exact.items()}
    claims = sorted(weights, key=lambda name: name.encode("utf-8"))
    claims.sort(key=lambda name: (exact[name] - dealt[name], weights[name]), reverse=True)
    for name in claims[: seats - sum(dealt.values())]:
        dealt[name] += 1
    names = sorted(weights, key=lambda name: name.encode("utf-8"))
    return [{"id": name, "weight": weights[name], "seats": dealt[name]} for name in names]
