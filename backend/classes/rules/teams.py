"""Teachers' teams, one for every class, alike in sex, title, skill and age, before anybody knows which class a team gets.

Capability A31: balanced by skill, age, sex, title and subject. C10: the teams are formed without the pupils' lists and
drawn to them afterwards (team_draw); no column puts a teacher into a class.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.classes.rules.stream import Stream
from backend.fairness.canonical import by_bytes, input_sha256

RESTARTS = 6
Columns = dict[str, list[str]]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Teacher:
    """One teacher: `skill` is the school's own appraisal from 0 to 100, `heads` whether he heads a class."""

    no: str
    sex: str
    age: int
    title: str
    subject: str
    skill: int
    heads: bool


@dataclass(frozen=True)
class Team:
    """A class's teachers: who heads it and who teaches which subject, by the teachers' numbers."""

    head: str
    teaches: Mapping[str, str]


@dataclass(frozen=True)
class TeamBalance:
    """What the teams hold: skill and age as sums over subjects, counts of sexes and titles; one entry a team."""

    skill: tuple[int, ...]
    age: tuple[int, ...]
    sex: Mapping[str, tuple[int, ...]]
    title: Mapping[str, tuple[int, ...]]


class TeamsImpossible(ValueError):
    """The teachers do not make one team a class; `faults` say why, each a (code, facts)."""

    def __init__(self, faults: list[tuple[str, dict[str, object]]]) -> None:
        super().__init__("; ".join(code for code, _ in faults))
        self.faults = faults


def team_faults(teachers: Sequence[Teacher], classes: int) -> list[tuple[str, dict[str, object]]]:
    """Why these teachers do not make one team a class, as (code, facts); empty where they do."""
    faults: list[tuple[str, dict[str, object]]] = []
    heads = sum(one.heads for one in teachers)
    if heads != classes:
        faults.append(("heads", {"heads": heads, "classes": classes}))
    for subject, count in sorted(Counter(one.subject for one in teachers).items()):
        if count > classes:
            faults.append(("subject", {"subject": subject, "teachers": count, "classes": classes}))
    return faults


def form_teams(teachers: Sequence[Teacher], classes: int) -> tuple[Team, ...]:
    """One team a class, in the order of their heads' numbers; every team has one teacher of every subject.

    A teacher takes ⌊K/T⌋ or ⌈K/T⌉ of the K classes where his subject has T teachers. Counts of each sex, then of
    each title are brought within one between teams, then the sums of skill and age as near to each other as exchanges
    of two teachers of one subject can bring them (best of six beginnings). The same teachers give the same teams
    whatever their order: what looks like chance comes from the hash of the list. Raises TeamsImpossible.
    """
    if faults := team_faults(teachers, classes):
        raise TeamsImpossible(faults)
    known = {one.no: one for one in teachers}
    seed = input_sha256({"teachers": [_row(known[no]) for no in sorted(known, key=by_bytes)]}, {"classes": classes})
    heads = sorted((one.no for one in teachers if one.heads), key=by_bytes)
    found = [
        TeamSearch(known, heads, _dealt(known, heads, Stream(seed, f"teams/{turn}"))).settled()
        for turn in range(RESTARTS)
    ]
    best = min(found, key=lambda columns: TeamSearch(known, heads, columns).cost())
    return tuple(
        Team(head, {subject: column[number] for subject, column in best.items()}) for number, head in enumerate(heads)
    )


def _row(teacher: Teacher) -> dict[str, str]:
    return {name: str(value) for name, value in vars(teacher).items()}


def _dealt(known: Mapping[str, Teacher], heads: Sequence[str], stream: Stream) -> Columns:
    """Subject → who teaches it in each team; heads stand in their own team, everybody else by chance."""
    columns: Columns = {}
    for subject in sorted({one.subject for one in known.values()}, key=by_bytes):
        of_subject = sorted((no for no, one in known.items() if one.subject == subject), key=by_bytes)
        order = [of_subject[place] for place in stream.shuffled(len(of_subject))]
        load = Counter(order[turn % len(order)] for turn in range(len(heads)))
        column = [head if known[head].subject == subject else "" for head in heads]
        load.subtract(no for no in column if no)
        left = sorted(load.elements(), key=by_bytes)
        mixed = iter([left[place] for place in stream.shuffled(len(left))])
        columns[subject] = [no or next(mixed) for no in column]
    return columns


class TeamSearch:
    """Columns of teachers (subject → teacher of each team) and what the teams hold of skill, age, sexes, titles.

    `cost` is what exchanges lessen, compared from the left: heads outside the bounds by sex, by title, then the
    squares of the teams' sums of skill and of age, each weighed by the other's variety among all teachers.
    """

    def __init__(self, known: Mapping[str, Teacher], heads: Sequence[str], columns: Columns) -> None:
        self.columns = {subject: list(column) for subject, column in columns.items()}
        self.heads = heads
        people = list(known.values())
        kinds = [sorted({one.sex for one in people}), sorted({one.title for one in people})]
        self.has = {
            no: np.array(
                [one.skill, one.age, *(one.sex == sex for sex in kinds[0]), *(one.title == t for t in kinds[1])]
            )
            for no, one in known.items()
        }
        self.levels = [slice(2, 2 + len(kinds[0])), slice(2 + len(kinds[0]), None)]
        skill, age = _variety([one.skill for one in people]), _variety([one.age for one in people])
        self.weight = np.array([max(1, age), max(1, skill)])
        self.sums = np.sum([[self.has[no] for no in column] for column in self.columns.values()], axis=0)
        total = self.sums.sum(axis=0)
        self.low, self.high = total // len(heads), -(-total // len(heads))

    def cost(self) -> tuple[int, int, int]:
        """The cost of the columns as they stand."""
        outside = self._outside(self.sums)
        sums = self.sums[:, :2] * len(self.heads) - self.sums[:, :2].sum(axis=0)
        return (*(int(outside[:, level].sum()) for level in self.levels), int(((sums**2) @ self.weight).sum()))  # type: ignore[return-value]

    def settled(self) -> Columns:
        """The columns after the best exchanges, subject by subject, until no exchange of two teachers lessens the cost."""
        improved = True
        while improved:
            improved = False
            for subject in self.columns:
                while (pair := self.best_exchange(subject)) is not None:
                    self._exchange(subject, *pair)
                    improved = True
        return self.columns

    def best_exchange(self, subject: str) -> tuple[int, int] | None:
        """The two teams whose teachers of the subject are best exchanged, or None where no exchange lessens the cost.

        A head stays in the team he heads.
        """
        column = self.columns[subject]
        has = np.stack([self.has[no] for no in column])
        free = np.array([no != head for no, head in zip(column, self.heads, strict=True)])
        first, second = np.nonzero(np.triu(np.outer(free, free), 1))
        change = has[second] - has[first]
        here, there = self.sums[first], self.sums[second]
        outside = self._outside(here + change) + self._outside(there - change)
        outside -= self._outside(here) + self._outside(there)
        keys = [outside[:, level].sum(axis=1) for level in self.levels]
        keys.append((change * (here - there + change))[:, :2] @ self.weight)
        order = np.lexsort(keys[::-1])
        if not len(order) or tuple(int(key[order[0]]) for key in keys) >= (0, 0, 0):
            return None
        return int(first[order[0]]), int(second[order[0]])

    def _exchange(self, subject: str, first: int, second: int) -> None:
        column = self.columns[subject]
        change = self.has[column[second]] - self.has[column[first]]
        self.sums[first] += change
        self.sums[second] -= change
        column[first], column[second] = column[second], column[first]

    def _outside(self, sums: Integers) -> Integers:
        return np.asarray(np.maximum(sums - self.high, 0) + np.maximum(self.low - sums, 0))


def balance_of(known: Mapping[str, Teacher], teams: Sequence[Team]) -> TeamBalance:
    """What every team holds."""
    people = [[known[no] for no in team.teaches.values()] for team in teams]
    return TeamBalance(
        tuple(sum(one.skill for one in row) for row in people),
        tuple(sum(one.age for one in row) for row in people),
        _counts([[one.sex for one in row] for row in people]),
        _counts([[one.title for one in row] for row in people]),
    )


def _counts(rows: list[list[str]]) -> dict[str, tuple[int, ...]]:
    return {value: tuple(row.count(value) for row in rows) for value in sorted({one for row in rows for one in row})}


def _variety(values: Sequence[int]) -> int:
    """The number of values times the sum of squared differences from the mean."""
    return len(values) * sum(value * value for value in values) - sum(values) ** 2
