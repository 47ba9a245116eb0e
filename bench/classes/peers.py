"""Other ways to divide: the snake draft of many schools, a stratified deal, and an exchange search like anticlust's.

The exchange search is our own imitation, written from the published description (Papenberg and Klau 2021, k-plus
criterion, categories as binary columns); the package itself is not called.
"""

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.stream import Stream
from backend.classes.rules.values import ClassInput, score_of, total_of

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def snake(value: ClassInput) -> Integers:
    """Boys, then girls, each from the best total down, dealt 1 … K, K … 1; class numbers drawn. Shape (pupils,)."""
    classes = value.options.classes
    order = sorted(
        range(len(value.pupils)),
        key=lambda place: (value.pupils[place].traits["sex"], -total_of(value.pupils[place]), place),
    )
    numbers = Stream(value.options.seed, "number").shuffled(classes)
    class_of = np.zeros(len(order), dtype=np.int64)
    for turn, place in enumerate(order):
        lap, step = divmod(turn, classes)
        class_of[place] = numbers[step if lap % 2 == 0 else classes - 1 - step]
    return class_of


def stratified(value: ClassInput) -> Integers:
    """The pupils of each sex, ethnicity and place shuffled and dealt on, one after the other. Shape (pupils,)."""
    classes, stream = value.options.classes, Stream(value.options.seed, "stratified")
    shuffled = stream.shuffled(len(value.pupils))
    strata = [tuple(sorted(one.traits.items())) for one in value.pupils]
    order = sorted(shuffled, key=lambda place: strata[place])
    numbers = stream.shuffled(classes)
    class_of = np.zeros(len(order), dtype=np.int64)
    class_of[order] = np.array(numbers)[np.arange(len(order)) % classes]
    return class_of


def exchange_search(value: ClassInput, sweeps: int = 1) -> Integers:
    """Each pupil in turn is exchanged with whoever of another class raises the spread within classes most.

    The criterion is the variance criterion of the standardised scores, their squares (k-plus) and the binary columns
    of the categories. Shape (pupils,).
    """
    features = _features(value)
    class_of = stratified(value)
    sums = np.zeros((value.options.classes, features.shape[1]))
    np.add.at(sums, class_of, features)
    for _ in range(sweeps):
        for place in range(len(class_of)):
            here = class_of[place]
            change = features - features[place]
            there = sums[class_of]
            gain = 2 * (change * (sums[here] - there + change)).sum(axis=1)
            gain[class_of == here] = 0
            best = int(np.argmin(gain))
            if gain[best] < 0:
                sums[here] += change[best]
                sums[class_of[best]] -= change[best]
                class_of[place], class_of[best] = class_of[best], here
    return class_of


def _features(value: ClassInput) -> Floats:
    columns = [np.array([score_of(one, name) for one in value.pupils], dtype=float) for name in value.means_reported]
    columns = [(column - column.mean()) / column.std() for column in columns]
    columns += [column * column for column in list(columns)]
    for name in value.bounded_columns:
        values = [one.traits[name] for one in value.pupils]
        columns += [np.array([one == wanted for one in values], dtype=float) for wanted in sorted(set(values))]
    table = np.stack(columns, axis=1)
    spread = table.std(axis=0)
    return np.asarray((table - table.mean(axis=0)) / np.where(spread > 0, spread, 1))
