"""学位确定: the seat type that a book gives to verified facts, the keys of the order inside it, and why (A08, A19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backend.policy.rules.book import Book
from backend.policy.rules.facts import FACTS, Value
from backend.policy.rules.predicates import Facts, facts_asked, holds, in_words, known_value, questions_traced
from backend.policy.rules.sections import Coordination, OrderKey, SeatType

TRUTHS = {True: "是", False: "否"}


@dataclass(frozen=True)
class SettledType:
    """The class an applicant stands in: an ordinary seat type, the coordination, or the penalty class."""

    code: str
    name: str
    kind: Literal["ordinary", "coordination", "penalty"]


@dataclass(frozen=True)
class TypeTried:
    """One seat type that was tried: whether it holds (None: a fact is missing), its condition and answers in words."""

    code: str
    name: str
    holds: bool | None
    condition: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SeatTypeVerdict:
    """What became of the question: `settled`, or None with the facts still to be established and the types possible.

    `tried` is the explanation trace, in the order of trial: the penalty class first, then the types of the book.
    """

    settled: SettledType | None
    missing: tuple[str, ...]
    possible: tuple[SettledType, ...]
    tried: tuple[TypeTried, ...]

    def lines(self) -> list[str]:
        """The trace as Chinese lines for the why-card and the desk."""
        marks = {True: "符合", False: "不符合", None: "尚不能判断"}
        told = [
            f"{tried.name}：{marks[tried.holds]}。条件：{tried.condition}。核实情况："
            + "；".join(f"{name}——{answer}" for name, answer in tried.answers)
            + "。"
            for tried in self.tried
        ]
        if self.settled is not None and self.settled.kind == "coordination":
            told.append(f"各类型都不符合，转入{self.settled.name}，由教育行政部门安排学校。")
        return told


def seat_type_for(book: Book, stage: str, facts: Facts) -> SeatTypeVerdict:
    """The seat type of an applicant (A08, A19; domain 2.1).

    The penalty class is asked first: whoever has fallen into it stays there. Then the types in the book's order; the
    first that holds is the type. A type that cannot be decided yet stops the settling, since it could be the better
    one: the verdict then names the facts missing and the types still possible. Where all fail it is the
    coordination, never a refusal (D04).
    """
    penalty = book.penalty_type(stage)
    candidates: Sequence[SeatType] = ((penalty,) if penalty else ()) + book.ordinary_types(stage)
    tried: list[TypeTried] = []
    possible: list[SettledType] = []
    missing: set[str] = set()
    for kind in candidates:
        answer = holds(kind.when, facts, FACTS)
        traced = tuple(questions_traced(kind.when, facts, FACTS))
        tried.append(TypeTried(kind.code, kind.name, answer, in_words(kind.when, FACTS), traced))
        if answer is False:
            continue
        possible.append(SettledType(kind.code, kind.name, "penalty" if kind.penalty else "ordinary"))
        if answer is True:
            break
        missing |= {name for name in facts_asked(kind.when) if known_value(facts, name, FACTS) is None}
    else:
        possible.append(SettledType(book.coordination.code, book.coordination.name, "coordination"))
    settled = None if missing else possible[0]
    return SeatTypeVerdict(settled, tuple(sorted(missing)), tuple(possible), tuple(tried))


def order_keys_for(book: Book, seat_type: str, facts: Facts) -> dict[str, int | str | None]:
    """The applicant's `keys` for the zone mechanism (contracts 2), one per key of the book that his type uses.

    None where the fact is not known, or where its value is not among the key's listed values: such a key stands last.
    The coordination and the penalty class have no keys: they stand in ticket order.
    """
    return {
        key.key: _key_value(key, known_value(facts, key.fact, FACTS))
        for key in book.order
        if _uses(book, key, seat_type)
    }


def _uses(book: Book, key: OrderKey, seat_type: str) -> bool:
    if key.seat_types:
        return seat_type in key.seat_types
    return any(kind.code == seat_type and not kind.penalty for kind in book.seat_types)


def _key_value(key: OrderKey, value: Value | None) -> int | str | None:
    shown = TRUTHS[value] if isinstance(value, bool) else value
    if key.values is not None and shown not in key.values:
        return None
    return shown


def shown_classes(book: Book, stage: str) -> tuple[SeatType | Coordination, ...]:
    """Every class an applicant of a stage may stand in: ordinary types in order, coordination, penalty class."""
    penalty = book.penalty_type(stage)
    return (*book.ordinary_types(stage), book.coordination, *((penalty,) if penalty else ()))


def zone_order(book: Book, stage: str) -> dict[str, Any]:
    """The parts of a zone placement's input that the book decides: `classes`, `last_class`, `order` (contracts 2).

    A key that belongs to some seat types only is missing for all applicants of the others and so decides nothing
    there. `last_class` is None where the book has no penalty class.
    """
    penalty = book.penalty_type(stage)
    order: list[dict[str, Any]] = []
    for key in book.order:
        values: dict[str, Any] = {"values": list(key.values)} if key.values else {"direction": key.direction}
        order.append({"key": key.key, **values})
    return {
        "classes": [kind.code for kind in book.ordinary_types(stage)] + [book.coordination.code],
        "last_class": penalty.code if penalty else None,
        "order": order,
    }
