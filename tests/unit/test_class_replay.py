"""Class lists replayed by a second program, written from docs/formats/class-draw.md alone: small intakes and the walk."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from class_intakes import intakes, town
from hypothesis import given, settings

from backend.classes.rules.balancing import balanced_division
from backend.classes.rules.bounds import bounds_of
from backend.classes.rules.enumeration import is_small
from backend.classes.rules.forming import form_classes
from backend.classes.rules.sums import scores_of
from backend.classes.rules.values import ClassInput, Pupil
from backend.classes.rules.walk import walk

Below = Callable[[int], int]


def stream(seed: str, name: str) -> Below:
    """Section 2."""
    prefix = b"sunroll-classes/v1\x00" + hashlib.sha256(seed.encode()).digest() + name.encode() + b"\x00"

    def words() -> Iterator[int]:
        block = 0
        while True:
            digest = hashlib.sha256(prefix + block.to_bytes(8, "big")).digest()
            yield from (int.from_bytes(digest[place : place + 8], "big") for place in range(0, 32, 8))
            block += 1

    source = words()

    def below(bound: int) -> int:
        return next(word for word in source if word < 2**64 - 2**64 % bound) % bound

    return below


def shuffled(count: int, below: Below) -> list[int]:
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = below(last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def entries(value: ClassInput) -> list[tuple[int, frozenset[int]]]:
    """Section 3: level and pupils of each entry."""
    people, found, level = value.pupils, [(0, frozenset(range(len(value.pupils))))], 1
    for column in value.bounded_columns:
        traits = sorted({one.traits[column] for one in people}, key=str.encode, reverse=column == "special")
        for trait in traits:
            found.append((level, frozenset(i for i, one in enumerate(people) if one.traits[column] == trait)))
            level += column == "special"
        level = 3 if column == "sex" else level + (column != "special")
    return found


def cost(value: ClassInput, table: list[tuple[int, frozenset[int]]], lists: Sequence[int]) -> tuple[object, ...]:
    """Section 3: excess by level, the wishes after sex."""
    classes = value.options.classes
    excess = [0] * (max(level for level, _ in table) + 2)
    for level, members in table:
        for number in range(classes):
            held = sum(lists[one] == number for one in members)
            excess[level] += max(0, held - -(-len(members) // classes)) + max(0, len(members) // classes - held)
    labels = pairs = 0
    for kind, same in (("together", True), ("apart", False)):
        for label in {getattr(one, kind) for one in value.pupils} - {""}:
            where = [number for one, number in zip(value.pupils, lists, strict=True) if getattr(one, kind) == label]
            bad = sum((a == b) != same for i, a in enumerate(where) for b in where[i + 1 :])
            labels, pairs = labels + (bad > 0), pairs + bad
    return (excess[0], excess[1], labels, pairs, *excess[3:])


def divisions(pupils: int, classes: int) -> list[tuple[int, ...]]:
    """Section 4: all of them, in the order of the document."""
    if pupils < classes:
        return [tuple(range(pupils))]
    size, larger = divmod(pupils, classes)
    room = [size + 1] * larger + [size] * (classes - larger)
    found: list[tuple[int, ...]] = []

    def grow(lists: tuple[int, ...]) -> None:
        if len(lists) == pupils:
            found.append(lists)
            return
        for number in range(classes):
            opened = number in {0, larger} or number - 1 in lists
            if lists.count(number) < room[number] and opened:
                grow((*lists, number))

    grow(())
    return sorted(found, key=lambda lists: lists[::-1])


def spreads(value: ClassInput, lists: Sequence[int]) -> list[Fraction]:
    """The total first, then the subjects, in hundredths."""
    columns = sorted({name for one in value.pupils for name in one.scores} - {"score"}, key=str.encode)

    def total(one: Pupil) -> int:
        return one.scores.get("score", sum(one.scores.values()))

    readings = [[total(one) for one in value.pupils]] + [[one.scores[name] for one in value.pupils] for name in columns]
    found = []
    for scores in readings:
        groups = [[s for s, c in zip(scores, lists, strict=True) if c == number] for number in set(lists)]
        means = [Fraction(sum(group), len(group)) for group in groups]
        found.append(max(means) - min(means))
    return found


def replayed(value: ClassInput) -> dict[str, int]:
    """Sections 4 and 12."""
    table = entries(value)
    listed = divisions(len(value.pupils), value.options.classes)
    costs = [cost(value, table, lists) for lists in listed]
    kept = [lists for lists, one in zip(listed, costs, strict=True) if one == min(costs)]
    if value.pupils and value.means_reported:
        box = value.options.tolerance
        inside = [lists for lists in kept if box is not None and max(spreads(value, lists)) <= box]
        if not inside:
            keys = [[first, *sorted(rest, reverse=True)] for first, *rest in (spreads(value, one) for one in kept)]
            inside = [lists for lists, key in zip(kept, keys, strict=True) if key == min(keys)]
        kept = inside
    chosen = kept[stream(value.options.seed, "enumerate")(len(kept))]
    numbers = shuffled(value.options.classes, stream(value.options.seed, "number"))
    return {one.no: numbers[number] + 1 for one, number in zip(value.pupils, chosen, strict=True)}


@settings(max_examples=60, deadline=None)
@given(intakes(most=8).filter(lambda value: is_small(bounds_of(value))))
def test_a_small_intake_is_replayed_from_the_document(value: ClassInput) -> None:
    assert dict(form_classes(value).classes) == replayed(value)


def walked(value: ClassInput, start: list[int], tolerance: int | None, steps: int) -> list[int]:
    """Section 11, for intakes without labels."""
    table, lists, classes = entries(value), list(start), value.options.classes
    below, count = stream(value.options.seed, "walk"), len(start)
    order = sorted(
        range(count), key=lambda one: "\0".join(value.pupils[one].traits[c] for c in value.bounded_columns).encode()
    )
    kinds = [[one for one in order if value.pupils[one].traits == value.pupils[first].traits] for first in range(count)]
    width = 2 * count + 1

    def held(members: frozenset[int], number: int) -> int:
        return sum(lists[one] == number for one in members)

    for _ in range(steps):
        word = below(2 * count * width)
        kind, first, shift = word // (count * width), word // width % count, word % width - count
        circle = kinds[first] if kind else list(range(count))
        second = circle[(circle.index(first) + shift) % len(circle)]
        here, there = lists[first], lists[second]
        lists[first], lists[second] = there, here
        kept = all(
            len(members) // classes <= held(members, number) <= -(-len(members) // classes)
            for _, members in table
            for number in (here, there)
            if (first in members) != (second in members)
        )
        if not kept or (tolerance is not None and max(spreads(value, lists)) > tolerance):
            lists[first], lists[second] = here, there
    return lists


def test_the_walk_is_replayed_from_the_document() -> None:
    for tolerance in (None, 600):
        value = town(22, 3, subjects=1, seed="replay", tolerance=tolerance)
        bounds, scores = bounds_of(value), scores_of(value)
        start = balanced_division(bounds, "replay").class_of
        assert bounds.cost(start) == (0,) * len(bounds.cost(start))
        box = None if tolerance is None else max(tolerance, *map(int, spreads(value, start.tolist())))
        ours = walk(bounds, scores, np.array(start), box, "replay", steps=600)
        assert ours.tolist() == walked(value, start.tolist(), box, 600)
        assert ours.tolist() != start.tolist()
