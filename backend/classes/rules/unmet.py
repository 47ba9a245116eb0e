"""What could not be kept, or was not, and why: one entry a value or label (contracts 3, `violations`)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.bounds import Bounds
from backend.classes.rules.values import ClassInput, Pupil, points
from backend.fairness.canonical import by_bytes

Integers = NDArray[np.int64]
Violation = dict[str, str]
ALL_SEEN = "cannot be met: every division was looked at, and none keeps this and all that stands above it"
NOT_FOUND = "was not met: no division was found that keeps this and all that stands above it"


def unmet_rules(
    value: ClassInput, bounds: Bounds, class_of: Integers, steps: Sequence[str], *, tolerance_kept: bool
) -> list[Violation]:
    """The rules that the lists do not keep, in the order of their priority; `class_of` (pupils) counts from 0."""
    why = ALL_SEEN if "enumerate" in steps else NOT_FOUND
    numbers = dict(zip((pupil.no for pupil in value.pupils), class_of.tolist(), strict=True))
    found = [*_unmet_columns(value, class_of, ("sex",), why)]
    found += _unmet_together(value, bounds, numbers, why)
    found += _unmet_apart(value, numbers, why)
    found += _unmet_columns(value, class_of, value.bounded_columns[1:], why)
    if not tolerance_kept and value.options.tolerance is not None:
        box = points(value.options.tolerance)
        detail = f"no division was found whose spreads all lie within {box} points; the floor was taken instead"
        found.append({"rule": "tolerance", "detail": detail})
    return found


def _unmet_columns(value: ClassInput, class_of: Integers, columns: Iterable[str], why: str) -> Iterable[Violation]:
    for column in columns:
        traits = np.array([pupil.traits[column] for pupil in value.pupils], dtype=object)
        for trait in sorted(set(traits.tolist()), key=by_bytes):
            counts = np.bincount(class_of[traits == trait], minlength=value.options.classes).tolist()
            low = sum(counts) // len(counts)
            high = -(-sum(counts) // len(counts))
            if min(counts) < low or max(counts) > high:
                text = f"{trait!r} should be {low} to {high} in each class and is {counts}"
                yield {"rule": column, "detail": f"{text}; {why}"}


def _unmet_together(value: ClassInput, bounds: Bounds, numbers: Mapping[str, int], why: str) -> Iterable[Violation]:
    for label, members in _labelled(value, "together"):
        classes = sorted({numbers[pupil.no] + 1 for pupil in members})
        if len(classes) > 1:
            reason = _too_large(value, bounds, members) or _crossed(members, "apart") or why
            text = f"label {label!r}: {len(members)} pupils should be in one class and are in the classes {classes}"
            yield {"rule": "together", "detail": f"{text}; {reason}"}


def _unmet_apart(value: ClassInput, numbers: Mapping[str, int], why: str) -> Iterable[Violation]:
    for label, members in _labelled(value, "apart"):
        shared = sorted(number + 1 for number, count in Counter(numbers[p.no] for p in members).items() if count > 1)
        if shared:
            reason = _crossed(members, "together") or why
            if len(members) > value.options.classes:
                reason = f"cannot be met: more pupils than classes ({value.options.classes})"
            text = (
                f"label {label!r}: {len(members)} pupils should be in different classes and share the classes {shared}"
            )
            yield {"rule": "apart", "detail": f"{text}; {reason}"}


def _labelled(value: ClassInput, kind: str) -> list[tuple[str, list[Pupil]]]:
    members: dict[str, list[Pupil]] = {}
    for pupil in value.pupils:
        members.setdefault(getattr(pupil, kind), []).append(pupil)
    return [(label, members[label]) for label in sorted(members, key=by_bytes) if label]


def _too_large(value: ClassInput, bounds: Bounds, members: Sequence[Pupil]) -> str | None:
    most = -(-bounds.pupils // bounds.classes)
    if len(members) > most:
        return f"cannot be met: a class has at most {most} pupils"
    everybody = Counter(pupil.traits["sex"] for pupil in value.pupils)
    for sex, count in sorted(Counter(pupil.traits["sex"] for pupil in members).items()):
        most = -(-everybody[sex] // bounds.classes)
        if count > most:
            return f"cannot be met: a class has at most {most} with sex {sex!r}"
    return None


def _crossed(members: Sequence[Pupil], other: str) -> str | None:
    """The reason where two of the members have one label of the other kind, which wants the opposite."""
    labels = Counter(getattr(pupil, other) for pupil in members)
    crossed = sorted((label for label, count in labels.items() if label and count > 1), key=by_bytes)
    return f"cannot be met together with the {other!r} label {crossed[0]!r} of two of them" if crossed else None
