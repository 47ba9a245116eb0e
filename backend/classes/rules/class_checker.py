"""The checker of class lists: recomputes every number of the report from pupils and classes, by its own ways."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from backend.classes.rules.certificate import no_swap_improves
from backend.classes.rules.checked_rules import rules_not_kept
from backend.classes.rules.least_spread import least_spread
from backend.classes.rules.values import HUNDREDTHS, ClassInput, ClassResult, score_of
from backend.matching.findings import CheckReport, checked

KEYS = {"sizes", "counts", "means", "spread", "lower_bound", "violations", "seed", "input_sha256", "steps"}
UNIT = Fraction(1, 10_000)
Lists = Mapping[str, int]
Report = Mapping[str, Any]


def check_classes(value: ClassInput, result: ClassResult, *, certify: bool = True) -> CheckReport:
    """The properties K1 to K11 of docs/properties/classes.md on a result; shares no code with the former.

    Where K1 or K2 does not hold the others are not looked at. With `certify` every exchange of two pupils is tried
    on a floor (K11; about two seconds for 1,000 pupils in 20 classes).
    """
    lists, report = dict(result.classes), result.report
    shape = [
        checked("K1 every pupil is in one class, one that exists", _strangers(value, result)),
        checked("K2 the report has the keys of the contract, no others", sorted(KEYS ^ set(report))),
    ]
    if not all(one.passed for one in shape):
        return CheckReport(tuple(shape))
    shape += [
        checked("K3 the sizes differ by at most one", _uneven("size", {"": _sizes(value, lists)})),
        checked("K4 each sex differs by at most one", _uneven("sex", _counts(value, lists, "sex"))),
        checked("K5 what is not kept is told, and nothing else", _untold(value, lists, report)),
        checked("K6 sizes, counts, means and spreads are those of the lists", _wrong_numbers(value, lists, report)),
        checked("K7 the lower bounds are right", _different(report["lower_bound"], _lower_bound(value))),
        checked("K8 the seed and the hash are those of the input", _wrong_origin(value, report)),
        checked("K9 the steps name the floor or the draw, as the options want", _wrong_steps(value, report)),
        checked("K10 a draw lies within its tolerance", _too_wide(value, lists, report)),
    ]
    if certify:
        certified = "floor" not in report["steps"] or no_swap_improves(value, lists)
        improved = [] if certified else ["an exchange of two pupils that keeps the bounds improves the spreads"]
        shape.append(checked("K11 no exchange of two pupils improves a floor", improved))
    return CheckReport(tuple(shape))


def _strangers(value: ClassInput, result: ClassResult) -> Iterator[str]:
    listed = [no for no, _ in result.classes]
    known = {pupil.no for pupil in value.pupils}
    for no in sorted(known - set(listed)):
        yield f"pupil {no!r} has no class"
    for no in sorted(set(listed) - known):
        yield f"{no!r} is in a class and not among the pupils"
    if len(set(listed)) < len(listed):
        yield "a pupil stands twice in the lists"
    for no, number in result.classes:
        if not 1 <= number <= value.options.classes:
            yield f"pupil {no!r} is in class {number}, which does not exist"


def _uneven(what: str, counts: Mapping[str, list[int]]) -> Iterator[str]:
    for trait, of_classes in counts.items():
        if max(of_classes) - min(of_classes) > 1:
            yield f"{what} {trait} is {of_classes}"


def _untold(value: ClassInput, lists: Lists, report: Report) -> Iterator[str]:
    told = [(violation["rule"], violation["detail"]) for violation in report["violations"]]
    for rule, subject in rules_not_kept(value, lists):
        found = next((one for one in told if one[0] == rule and subject in one[1]), None)
        if found is None:
            yield f"{rule} {subject} is not kept, and the report does not say so"
        else:
            told.remove(found)
    for rule, detail in told:
        if rule != "tolerance" or value.options.tolerance is None:
            yield f"the report names a violation that is none: {rule}: {detail}"


def _wrong_numbers(value: ClassInput, lists: Lists, report: Report) -> Iterator[str]:
    names = value.means_reported
    yield from _different(report["sizes"], _sizes(value, lists))
    yield from _different(report["counts"], {name: _counts(value, lists, name) for name in value.bounded_columns})
    yield from _different(
        report["means"], {name: [_text(mean) for mean in _means(value, lists, name)] for name in names}
    )
    yield from _different(report["spread"], {name: _text(_spread(value, lists, name)) for name in names})


def _different(told: object, true: object) -> Iterator[str]:
    if told != true:
        yield f"told {told!r}, recomputed {true!r}"


def _wrong_origin(value: ClassInput, report: Report) -> Iterator[str]:
    yield from _different(report["seed"], value.options.seed)
    yield from _different(report["input_sha256"], value.sha256())


def _wrong_steps(value: ClassInput, report: Report) -> Iterator[str]:
    steps = report["steps"]
    given_up = any(violation["rule"] == "tolerance" for violation in report["violations"])
    has_scores = bool(value.means_reported)
    should_draw = not has_scores or (value.options.tolerance is not None and not given_up)
    if ("draw" in steps, "floor" in steps) != (should_draw, not should_draw):
        yield f"the steps {steps} should name the {'draw' if should_draw else 'floor'} and not the other"


def _too_wide(value: ClassInput, lists: Lists, report: Report) -> Iterator[str]:
    tolerance = value.options.tolerance
    if "draw" in report["steps"] and tolerance is not None:
        for name in value.means_reported:
            if _spread(value, lists, name) * HUNDREDTHS > tolerance:
                yield f"the spread of {name} is {_text(_spread(value, lists, name))}"


def _sizes(value: ClassInput, lists: Lists) -> list[int]:
    numbers = list(lists.values())
    return [numbers.count(number) for number in range(1, value.options.classes + 1)]


def _counts(value: ClassInput, lists: Lists, column: str) -> dict[str, list[int]]:
    placed = [(pupil.traits[column], lists[pupil.no]) for pupil in value.pupils]
    numbers = range(1, value.options.classes + 1)
    return {trait: [placed.count((trait, number)) for number in numbers] for trait in {trait for trait, _ in placed}}


def _means(value: ClassInput, lists: Lists, name: str) -> list[Fraction | None]:
    means: list[Fraction | None] = []
    for number in range(1, value.options.classes + 1):
        members = [score_of(pupil, name) for pupil in value.pupils if lists[pupil.no] == number]
        means.append(Fraction(sum(members), len(members) * HUNDREDTHS) if members else None)
    return means


def _spread(value: ClassInput, lists: Lists, name: str) -> Fraction:
    means = [mean for mean in _means(value, lists, name) if mean is not None]
    return max(means) - min(means) if means else Fraction(0)


def _lower_bound(value: ClassInput) -> dict[str, Any]:
    classes = value.options.classes
    counts: dict[str, dict[str, int]] = {}
    for column in value.bounded_columns:
        traits = [pupil.traits[column] for pupil in value.pupils]
        counts[column] = {trait: min(1, traits.count(trait) % classes) for trait in set(traits)}
    spread = {
        name: _text(least_spread([score_of(pupil, name) for pupil in value.pupils], classes) / HUNDREDTHS)
        for name in value.means_reported
    }
    return {"sizes": min(1, len(value.pupils) % classes), "counts": counts, "spread": spread}


def _text(number: Fraction | None) -> str | None:
    """Four decimals, half up."""
    if number is None:
        return None
    steps, rest = divmod(number, UNIT)
    steps += 2 * rest >= UNIT
    digits = f"{int(steps):05d}"
    return f"{digits[:-4]}.{digits[-4:]}"
