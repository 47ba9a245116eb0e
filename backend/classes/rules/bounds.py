"""The hard bounds as tables of integers: what each class may hold of each value, and how far a division is off."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.values import ClassInput
from backend.fairness.canonical import by_bytes

Integers = NDArray[np.int64]
SIZE, SEX, WISHES = 0, 1, 2


@dataclass(frozen=True)
class Bounds:
    """Entries are bounded quantities: the size, each value of each bounded column, each `apart` label.

    `has` (pupils × entries) counts 0 or 1, `low` and `high` (entries) bound every class, `level` (entries) is the
    priority: 0 size, 1 sex, 2 wishes, then special, ethnicity, household and the named columns (contracts 3).
    `together` (pupils) numbers the label "same class", −1 where there is none; `apart` likewise.
    """

    classes: int
    has: Integers
    low: Integers
    high: Integers
    level: Integers
    stratum: Integers
    together: Integers
    apart: Integers

    @property
    def pupils(self) -> int:
        """How many pupils there are."""
        return len(self.stratum)

    @cached_property
    def levels(self) -> int:
        """How many priorities there are."""
        return max(WISHES, int(self.level.max())) + 1

    def counts(self, class_of: Integers) -> Integers:
        """What each class holds of each entry; shape (classes, entries)."""
        held = np.zeros((self.classes, len(self.low)), dtype=np.int64)
        np.add.at(held, class_of, self.has)
        return held

    def excess(self, held: Integers) -> Integers:
        """How far each count lies outside its bounds; same shape as `held` (…, entries)."""
        return np.asarray(np.maximum(held - self.high, 0) + np.maximum(self.low - held, 0))

    def cost(self, class_of: Integers) -> tuple[int, ...]:
        """The measure of what is not kept, highest priority first; all zero where every bound holds.

        A level counts heads outside the bounds; the wishes count labels not kept, then pairs of pupils.
        """
        outside = self.excess(self.counts(class_of)).sum(axis=0)
        heads = np.zeros(self.levels, dtype=np.int64)
        np.add.at(heads, self.level, outside)
        labels, pairs = broken_wishes(self, class_of)
        return (int(heads[SIZE]), int(heads[SEX]), labels, pairs, *(int(count) for count in heads[WISHES + 1 :]))


def broken_wishes(bounds: Bounds, class_of: Integers) -> tuple[int, int]:
    """How many labels are not kept, and how many pairs of pupils: torn under `together`, joined under `apart`."""
    labels = pairs = 0
    for label_of, wants_same in ((bounds.together, True), (bounds.apart, False)):
        for label in range(int(label_of.max(initial=-1)) + 1):
            members = class_of[label_of == label]
            same = sum(count * (count - 1) // 2 for count in Counter(members.tolist()).values())
            broken = len(members) * (len(members) - 1) // 2 - same if wants_same else same
            labels += broken > 0
            pairs += broken
    return labels, pairs


def bounds_of(value: ClassInput) -> Bounds:
    """The tables of an input; a value or an `apart` label with n pupils gets ⌊n/K⌋ … ⌈n/K⌉ a class."""
    count, classes = len(value.pupils), value.options.classes
    apart = _numbered([pupil.apart for pupil in value.pupils])
    entries = [(SIZE, np.ones(count, dtype=np.int64))]
    entries += _trait_entries(value)
    entries += [(WISHES, (apart == label).astype(np.int64)) for label in range(int(apart.max(initial=-1)) + 1)]
    level = np.array([entry_level for entry_level, _ in entries], dtype=np.int64)
    has = np.stack([has for _, has in entries], axis=1)
    totals = has.sum(axis=0)
    return Bounds(
        classes=classes,
        has=has,
        low=totals // classes,
        high=-(-totals // classes),
        level=level,
        stratum=_numbered(["\0".join(pupil.traits[name] for name in value.bounded_columns) for pupil in value.pupils]),
        together=_numbered([pupil.together for pupil in value.pupils]),
        apart=apart,
    )


def _trait_entries(value: ClassInput) -> list[tuple[int, Integers]]:
    """One entry a value of each bounded column; those with special = 1 come before those without."""
    entries = []
    level = SEX
    for column in value.bounded_columns:
        values = np.array([pupil.traits[column] for pupil in value.pupils], dtype=object)
        for trait in sorted(set(values.tolist()), key=by_bytes, reverse=column == "special"):
            entries.append((level, (values == trait).astype(np.int64)))
            level += column == "special"
        level = WISHES + 1 if column == "sex" else level + (column != "special")
    return entries


def _numbered(labels: Sequence[str]) -> Integers:
    """Labels numbered by bytes from 0, an empty label −1; shape (pupils,)."""
    number = {label: position for position, label in enumerate(sorted(set(labels) - {""}, key=by_bytes))}
    return np.array([number.get(label, -1) for label in labels], dtype=np.int64)
