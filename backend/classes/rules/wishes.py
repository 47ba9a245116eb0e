"""From wishes (twins, conflicts, names that sound alike) to the two labels of the former; no wish names a class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from pypinyin import lazy_pinyin

from backend.fairness.canonical import by_bytes

TOGETHER, APART = "together", "apart"
TWINS, CONFLICT, SAME_SOUND = "twins", "conflict", "same-sound"
REASONS = (TWINS, CONFLICT, SAME_SOUND)
"""Why pupils should be in one class or in different ones, the stronger reason first (domain 3.2)."""


@dataclass(frozen=True)
class Wish:
    """These pupils (by number, two or more) should share a class (`together`) or not (`apart`), for this reason."""

    kind: str
    reason: str
    members: frozenset[str]


@dataclass(frozen=True)
class Labels:
    """Label by pupil's number, and the wishes that could not become labels: they contradict stronger ones."""

    together: Mapping[str, str]
    apart: Mapping[str, str]
    dropped: tuple[Wish, ...]


def same_sounding(names: Mapping[str, str]) -> list[Wish]:
    """One wish for every sound that several names have, tones left aside (domain 3.1); `names` by pupil's number."""
    by_sound: dict[str, set[str]] = {}
    for no, name in names.items():
        sound = " ".join(lazy_pinyin("".join(name.replace("·", "").split()))).lower()
        if sound:
            by_sound.setdefault(sound, set()).add(no)
    return [Wish(APART, SAME_SOUND, frozenset(group)) for group in by_sound.values() if len(group) > 1]


def labels_of(wishes: Iterable[Wish], classes: int) -> Labels:
    """The labels of all wishes; a pupil has at most one of each kind, so wishes that share a pupil are joined.

    Taken in order: `together` before `apart`, then by reason, then by the smallest number. An `apart` wish is
    dropped where it would part pupils of one `together` label, or where joining it to others would make a label of
    more pupils than there are classes. A single wish larger than that stays: the former then says what it could not
    keep. A label is named after the smallest number in it.
    """
    in_order = sorted(
        wishes,
        key=lambda wish: (wish.kind != TOGETHER, REASONS.index(wish.reason), sorted(map(by_bytes, wish.members))),
    )
    together: list[frozenset[str]] = []
    apart: list[frozenset[str]] = []
    dropped = []
    for wish in in_order:
        if wish.kind == TOGETHER:
            together = _joined(together, wish.members)[0]
            continue
        joined, label = _joined(apart, wish.members)
        torn = any(set(pair) <= group for group in together for pair in combinations(label, 2))
        weakens = any(group & wish.members for group in apart) and len(label) > classes
        if torn or weakens:
            dropped.append(wish)
        else:
            apart = joined
    return Labels(_named(TOGETHER, together), _named(APART, apart), tuple(dropped))


def _joined(groups: list[frozenset[str]], members: frozenset[str]) -> tuple[list[frozenset[str]], frozenset[str]]:
    """The groups with these members joined to all groups they share somebody with, and that one group."""
    touching = [group for group in groups if group & members]
    label = members.union(*touching)
    return [group for group in groups if not group & members] + [label], label


def _named(kind: str, groups: Iterable[frozenset[str]]) -> dict[str, str]:
    return {no: f"{kind}-{min(group, key=by_bytes)}" for group in groups for no in group}
