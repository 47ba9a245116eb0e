"""The figures of a rehearsed season, made from what was seen: `figures.json` as docs/formats/figures.md describes it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
STEPS = ("registered", "submitted", "verified", "settled", "frozen", "placed", "confirmed", "enrolled", "recorded")
FINAL_STATES = (
    "recorded",
    "declined",
    "lapsed",
    "unplaced",
    "withdrawn",
    "rejected",
    "lapsed_return",
)
"""States in which a season may leave an application."""
GIVEN_UP = ("declined", "withdrawn")
"""The end of a child that was confirmed and did not come, or gave its place up."""
VERDICTS = ("match", "mismatch", "not-found", "unavailable", "timeout")
QUANTILES = (50, 90, 99)
BROKEN_FROM = 500


@dataclass(frozen=True)
class Application:
    """What became of one child's application. `steps` are those of STEPS that it reached; waits in milliseconds."""

    id: str
    family: str
    banner: str
    stage: str
    channel: str
    state: str
    steps: frozenset[str] = frozenset()
    school: str | None = None
    checks: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, int] = field(default_factory=dict)
    waits_ms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SchoolSeats:
    """One school's start grade: seats by plan and how many were placed, confirmed, recorded; `holding` a place in the end.

    `allowed_over`: seats above the plan that a rule allows (twins at the last seat, a special case).
    """

    code: str
    name: str
    stage: str
    seats: int
    placed: int
    confirmed: int
    recorded: int
    allowed_over: int = 0
    holding: int = 0


@dataclass(frozen=True)
class Try:
    """One HTTP try of a phone: route, milliseconds, status (0: no answer)."""

    route: str
    ms: int
    status: int


@dataclass(frozen=True)
class Season:
    """Everything that was seen of a rehearsed season. `phases`: name → milliseconds, in order; times are ISO 8601."""

    seed: str
    year: int
    families: int
    candidates: int
    banners: Sequence[str]
    began_at: str
    ended_at: str
    phases: Mapping[str, int]
    applications: Sequence[Application]
    schools: Sequence[SchoolSeats]
    tries: Sequence[Try] = ()
    cases: Mapping[str, int] = field(default_factory=dict)
    gateways: Mapping[str, Any] = field(default_factory=dict)
    kills: Sequence[Mapping[str, Any]] = ()
    cpu_ms: Mapping[str, int] = field(default_factory=dict)
    exam: Mapping[str, Any] = field(default_factory=dict)
    """What became of the candidates, where some took part."""
    places: Mapping[str, int] = field(default_factory=dict)
    """What happened to places, counted."""
    statements: Sequence[tuple[str, int, int]] = ()
    """What else must hold of this season: (what, left, right)."""


def figures_of(season: Season) -> dict[str, Any]:
    """The content of figures.json: integers and texts only; durations in milliseconds, shares as percent texts."""
    told = season.applications
    states = Counter(each.state for each in told)
    spent = sum(season.phases.values())
    return {
        "format": FORMAT,
        "season": {
            "seed": season.seed,
            "year": season.year,
            "families": season.families,
            "candidates": season.candidates,
            "applications": len(told),
            "banners": list(season.banners),
        },
        "clock": {
            "began_at": season.began_at,
            "ended_at": season.ended_at,
            "ms": spent,
            "phases": [{"name": name, "ms": ms} for name, ms in season.phases.items()],
        },
        "final_states": dict(sorted(states.items())),
        "funnel": [{"step": step, "applications": sum(step in each.steps for each in told)} for step in STEPS],
        "channels": dict(sorted(Counter(each.channel for each in told).items())),
        "stages": dict(sorted(Counter(each.stage for each in told).items())),
        "checks": _checks(told),
        "papers": dict(sorted(_sum(each.papers for each in told).items())),
        "cases": dict(sorted(season.cases.items())),
        "waits": _waits(told),
        "schools": [asdict(each) for each in sorted(season.schools, key=lambda each: each.code)],
        "requests": _requests(season.tries),
        "rates": {
            "applications_a_second": decimal(len(told) * 100_000, max(1, spent)),
            "families_a_minute": decimal(season.families * 6_000_000, max(1, spent)),
            "household_pass": _passed(told, "police/household"),
            "property_pass": _passed(told, "land/property"),
        },
        "exam": {name: value for name, value in season.exam.items() if name != "kind"},
        "places": dict(season.places),
        "gateways": dict(season.gateways),
        "cpu_ms": dict(season.cpu_ms),
        "kills": [dict(each) for each in season.kills],
        "adds_up": adds_up(season),
    }


def adds_up(season: Season) -> list[dict[str, Any]]:
    """Statements that must hold of a season, each with both sides: {"what", "left", "right", "holds"}."""
    told = season.applications
    ids = Counter(each.id for each in told)
    final = sum(each.state in FINAL_STATES for each in told)
    placed = sum("placed" in each.steps for each in told)
    statements = [
        _equal("every application has one entry", len(ids), len(told)),
        _equal("every application is in a final state", final, len(told)),
        _equal("every family has an application", len({each.family for each in told}), season.families),
        _equal("placed at schools is placed by families", sum(each.placed for each in season.schools), placed),
        _equal(
            "confirmed at schools is confirmed by families",
            sum(each.confirmed for each in season.schools),
            sum("confirmed" in each.steps and each.state not in GIVEN_UP for each in told),
        ),
        _equal(
            "recorded at schools is recorded by families",
            sum(each.recorded for each in season.schools),
            sum(each.state == "recorded" for each in told),
        ),
        _equal(
            "schools above their seats",
            sum(each.holding > each.seats + each.allowed_over for each in season.schools),
            0,
        ),
    ]
    before = dict(zip(STEPS[1:], STEPS[:-1], strict=True)) | {"enrolled": "placed"}
    for later, earlier in before.items():
        skipped = sum(later in each.steps and earlier not in each.steps for each in told)
        statements.append(_equal(f"{later} without {earlier}", skipped, 0))
    return statements + [_equal(*each) for each in season.statements]


def _equal(what: str, left: int, right: int) -> dict[str, Any]:
    return {"what": what, "left": left, "right": right, "holds": left == right}


def quantiles(values: Iterable[int]) -> dict[str, int]:
    """count, p50, p90, p99 (nearest rank) and longest of milliseconds; only the count where there are none."""
    ordered = sorted(values)
    if not ordered:
        return {"count": 0}
    told = {f"p{share}_ms": ordered[-(-len(ordered) * share // 100) - 1] for share in QUANTILES}
    return {"count": len(ordered), **told, "longest_ms": ordered[-1]}


def decimal(hundredths: int, divisor: int) -> str:
    """The quotient of hundredths and divisor, rounded half up, as a decimal text in its shortest form ("63.06", "55")."""
    whole, rest = divmod((2 * hundredths + divisor) // (2 * divisor), 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def _checks(told: Sequence[Application]) -> dict[str, dict[str, int]]:
    names = sorted({name for each in told for name in each.checks})
    return {
        name: {verdict: sum(each.checks.get(name) == verdict for each in told) for verdict in VERDICTS}
        for name in names
    }


def _passed(told: Sequence[Application], check: str) -> str:
    """The share of matches among the answers to one check, in percent; "" where there were none."""
    answers = [each.checks[check] for each in told if check in each.checks]
    return decimal(answers.count("match") * 10_000, len(answers)) if answers else ""


def _sum(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _waits(told: Sequence[Application]) -> dict[str, dict[str, int]]:
    names = sorted({name for each in told for name in each.waits_ms})
    return {name: quantiles(each.waits_ms[name] for each in told if name in each.waits_ms) for name in names}


def _requests(tries: Sequence[Try]) -> dict[str, dict[str, int]]:
    routes: dict[str, list[Try]] = {}
    for each in tries:
        routes.setdefault(each.route, []).append(each)
    return {
        route: {
            **quantiles(each.ms for each in found),
            "broken": sum(each.status == 0 or each.status >= BROKEN_FROM for each in found),
        }
        for route, found in sorted(routes.items())
    }
