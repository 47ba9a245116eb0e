"""An independent look at an admission: from the run's own input and output, sharing nothing with the replay.

It follows each candidate alone, where the replay follows the crowd; ranks are counted by pairs of scores, not sorted by
standings. The properties are X1 to X7 of docs/properties/zhongkao.md.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.matching.findings import CheckReport, checked
from backend.zhongkao.rules.admission_form import form_faults

Row = Mapping[str, Any]
Strength = tuple[Fraction, ...]
SESSION = ("candidates", "units", "bands", "locks", "statistics_at")
NO_SCORE = Fraction(-1)


def check_admission(value: Row, output: Row) -> CheckReport:
    """The report on `output` for the frozen input `value` (the session of a replay and its events).

    Where the output is not even of the right form (S1) nothing else is looked at.
    """
    form = checked("S1 the result has its form", form_faults(output) or _strange_names(value, output))
    if not form.passed:
        return CheckReport((form,))
    record = _Record(value)
    return CheckReport(
        (
            form,
            checked("X1 every verdict is that of the windows and locks", _wrong_verdicts(record, output)),
            checked("X2 everybody holds what was last accepted", _wrong_holdings(record, output)),
            checked("X3 ranks go by scores, equal scores share one", _wrong_ranks(record, output)),
            checked("X4 admitted is whoever ranks inside the plan", _wrong_admissions(record, output)),
            checked("X5 the figures of each unit are true", _wrong_units(record, output)),
            checked("X6 the statistics are true", _wrong_statistics(record, output)),
            checked("X7 the result names the list it was made from", _wrong_digest(value, output)),
        )
    )


def _strange_names(value: Row, output: Row) -> list[str]:
    """Candidates and units that are not exactly those of the input, or admitted ones that nobody listed."""
    found = [
        f"the {listed} of the result are not those of the list"
        for listed in ("candidates", "units")
        if sorted(one["id"] for one in output[listed]) != sorted(one["id"] for one in value[listed])
    ]
    people = {one["id"] for one in value["candidates"]}
    found += [
        f"{unit['id']} admits somebody unknown" for unit in output["units"] if not people.issuperset(unit["admitted"])
    ]
    units = {unit["id"] for unit in value["units"]}
    rows = [row for told in output["statistics"] for row in told["units"]]
    found += [f"a statistic names the unit {row['id']}" for row in rows if row["id"] not in units]
    return found


class _Record:
    """The input, by candidate: his events in order, his strength, his band; and what he holds by the output's verdicts."""

    def __init__(self, value: Row) -> None:
        self.people = {one["id"]: one for one in value["candidates"]}
        self.plan = {unit["id"]: unit["plan"] for unit in value["units"]}
        depth = max((len(one["ties"]) for one in value["candidates"]), default=0)
        self.strength: dict[str, Strength] = {name: _strength(one, depth) for name, one in self.people.items()}
        self.bands = value["bands"]
        self.locks = value["locks"]
        self.times = list(value["statistics_at"])
        self.events = value["events"]
        self.of_person: dict[str, list[int]] = {}
        for index, event in enumerate(self.events):
            self.of_person.setdefault(event["candidate"], []).append(index)
        for indices in self.of_person.values():
            indices.sort(key=lambda index: (_at(self.events[index]["at"]), index))

    def reasons(self, name: str) -> Iterator[tuple[int, str | None, str | None]]:
        """(index of the event, what should be its reason, what is held after it), along one candidate's events."""
        held: str | None = None
        for index in self.of_person.get(name, []):
            reason = self._reason(name, self.events[index], held)
            if reason is None:
                held = self.events[index]["unit"] if self.events[index]["action"] == "choose" else None
            yield index, reason, held

    def _reason(self, name: str, event: Row, held: str | None) -> str | None:
        chooses = event["action"] == "choose"
        if name not in self.people:
            return "unknown-candidate"
        if chooses and event["unit"] not in self.plan:
            return "unknown-unit"
        number = self._band_of(self.strength[name][0])
        moment = _at(event["at"])
        if number is None or not _at(self.bands[number]["open"]) <= moment < _at(self.bands[number]["close"]):
            return "outside-band-window"
        needs = "clear" if not chooses else ("first" if held is None else "")
        for lock in self.locks:
            if needs in lock["forbid"] and lock["band"] in {None, number} and moment >= _at(lock["at"]):
                return "locked"
        return "nothing-to-clear" if not chooses and held is None else None

    def _band_of(self, total: Fraction) -> int | None:
        for number, band in enumerate(self.bands):
            above = band["from"] is None or total >= Fraction(band["from"])
            if above and (band["below"] is None or total < Fraction(band["below"])):
                return number
        return None

    def held_at(self, moment: datetime | None) -> dict[str, list[str]]:
        """By unit, who holds it by the events before `moment` (None: by all)."""
        found: dict[str, list[str]] = {unit: [] for unit in self.plan}
        for name in self.people:
            last: str | None = None
            for index, _, held in self.reasons(name):
                if moment is not None and _at(self.events[index]["at"]) >= moment:
                    break
                last = held
            if last is not None:
                found[last].append(name)
        return found


def _strength(one: Row, depth: int) -> Strength:
    ties = [Fraction(tie) for tie in one["ties"]]
    return (Fraction(one["total"]), *ties, *[NO_SCORE] * (depth - len(ties)))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _wrong_verdicts(record: _Record, output: Row) -> Iterator[str]:
    told = output["events"]
    if len(told) != len(record.events):
        yield f"{len(told)} verdicts for {len(record.events)} events"
        return
    for name in record.of_person:
        for index, reason, _ in record.reasons(name):
            verdict = told[index]
            if (verdict["line"], verdict["accepted"], verdict["reason"]) != (index + 2, reason is None, reason):
                yield f"event {index + 2}: {verdict['reason']!r} instead of {reason!r}"


def _wrong_holdings(record: _Record, output: Row) -> Iterator[str]:
    for one in output["candidates"]:
        last = None
        for _, _, held in record.reasons(one["id"]):
            last = held
        if one["unit"] != last:
            yield f"{one['id']} holds {last!r}, not {one['unit']!r}"


def _holders(record: _Record, output: Row) -> dict[str, list[Strength]]:
    """By unit, the strengths of those who hold it by the output, rising."""
    found: dict[str, list[Strength]] = {unit: [] for unit in record.plan}
    for one in output["candidates"]:
        if one["unit"] in found and one["id"] in record.strength:
            found[one["unit"]].append(record.strength[one["id"]])
    return {unit: sorted(strengths) for unit, strengths in found.items()}


def _wrong_ranks(record: _Record, output: Row) -> Iterator[str]:
    holders = _holders(record, output)
    for one in output["candidates"]:
        if one["unit"] is None:
            if (one["rank"], one["level_with"]) != (None, 0):
                yield f"{one['id']} holds nothing and has a rank"
        elif one["unit"] in holders and one["id"] in record.strength:
            mine, all_here = record.strength[one["id"]], holders[one["unit"]]
            better, level = len(all_here) - bisect_right(all_here, mine), bisect_left(all_here, mine)
            if (one["rank"], one["level_with"]) != (better + 1, len(all_here) - better - level):
                yield f"{one['id']} has rank {one['rank']}, {better} are better"


def _wrong_admissions(record: _Record, output: Row) -> Iterator[str]:
    admitted: dict[str, set[str]] = {unit: set() for unit in record.plan}
    for one in output["candidates"]:
        should = one["unit"] in record.plan and one["rank"] is not None and one["rank"] <= record.plan[one["unit"]]
        if one["admitted"] is not should:
            yield f"{one['id']} is {'' if one['admitted'] else 'not '}admitted with rank {one['rank']}"
        if should:
            admitted[one["unit"]].add(one["id"])
    for unit in output["units"]:
        listed: Sequence[str] = unit["admitted"]
        if set(listed) != admitted.get(unit["id"]) or len(set(listed)) != len(listed):
            yield f"the list of {unit['id']} is not the admitted"


def _wrong_units(record: _Record, output: Row) -> Iterator[str]:
    chosen = {unit: len(strengths) for unit, strengths in _holders(record, output).items()}
    for unit in output["units"]:
        many = len(unit["admitted"])
        figures = (unit["plan"], unit["chosen"], unit["over_plan"])
        if figures != (record.plan[unit["id"]], chosen[unit["id"]], max(0, many - unit["plan"])):
            yield f"the figures of {unit['id']} are {figures}"
        if unit["lowest"] != _scores(record, min(unit["admitted"], key=record.strength.__getitem__, default=None)):
            yield f"the lowest admitted of {unit['id']} is wrong"


def _scores(record: _Record, name: str | None) -> dict[str, Any] | None:
    return None if name is None else {"total": record.people[name]["total"], "ties": record.people[name]["ties"]}


def _wrong_statistics(record: _Record, output: Row) -> Iterator[str]:
    if [one["at"] for one in output["statistics"]] != record.times:
        yield "the times of the statistics are not those of the list"
        return
    for told in output["statistics"]:
        held = record.held_at(_at(told["at"]))
        if sorted(unit["id"] for unit in told["units"]) != sorted(record.plan):
            yield f"{told['at']}: not every unit has one row"
        for unit in told["units"]:
            plan, names = (
                record.plan[unit["id"]],
                sorted(held[unit["id"]], key=record.strength.__getitem__, reverse=True),
            )
            lowest = _scores(record, names[plan - 1]) if 0 < plan <= len(names) else None
            should = (plan, len(names), max(0, plan - len(names)), lowest)
            if (unit["plan"], unit["chosen"], unit["vacant"], unit["lowest_inside"]) != should:
                yield f"{told['at']}: the row of {unit['id']} is wrong"


def _wrong_digest(value: Row, output: Row) -> Iterator[str]:
    files = {"session": {key: value[key] for key in SESSION}, "events": value["events"]}
    if output["input_sha256"] != sha256_hex(canonical_json({"files": files, "options": {}})):
        yield "input_sha256 is not that of the list"
