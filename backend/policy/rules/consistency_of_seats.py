"""Seat types, the penalty class, order keys, locks and preferences against each other (A08, domain 2.1-2.3)."""

from collections.abc import Iterator

from backend.policy.rules.facts import FACTS, SPECIAL_GROUPS, STAGES
from backend.policy.rules.guard_rails import forbidden_word
from backend.policy.rules.partial_book import PartialBook
from backend.policy.rules.predicates import condition_faults, facts_asked
from backend.policy.rules.sections import OrderKey


def seat_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """Faults of seat types, coordination, order keys, locks and preferences."""
    yield from _type_faults(book)
    yield from _stage_faults(book)
    for pointer, key in book.items("order"):
        yield from _order_faults(book, pointer, key)
    for pointer, (name,) in book.twice("order", "key"):
        yield pointer, f"排序项“{name}”写了两次；不同学位类型请用不同的名字。"
    for pointer, (stage,) in book.twice("locks", "stage"):
        yield pointer, f"{STAGES[stage]}的学位锁定年限写了两次。"
    yield from _lock_faults(book)
    for pointer, (group,) in book.twice("preferences", "group"):
        yield pointer, f"优待类别“{SPECIAL_GROUPS[group]}”写了两次。"


def _type_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    coordination = book.one("coordination")
    for pointer, (code,) in book.twice("seat_types", "code"):
        yield f"{pointer}/code", f"学位类型代码“{code}”写了两次。"
    for pointer, kind in book.items("seat_types"):
        if coordination is not None and kind.code == coordination.code:
            yield f"{pointer}/code", f"学位类型代码“{kind.code}”与统筹安排的代码相同。"
        for field in ("name", "text"):
            why = forbidden_word(getattr(kind, field))
            if why is not None:
                yield f"{pointer}/{field}", f"学位类型不得这样设置：{why}"
        faults = list(condition_faults(kind.when, FACTS, f"{pointer}/when"))
        yield from faults
        if faults:
            continue
        asks_conduct = {name for name in facts_asked(kind.when) if name.startswith("conduct.")}
        if kind.penalty and asks_conduct != facts_asked(kind.when):
            yield f"{pointer}/when", "末位类型只能依据经查实的行为（conduct.*），不能依据家庭条件。"
        if not kind.penalty and asks_conduct:
            yield f"{pointer}/when", "只有末位类型（penalty = true）才能依据 conduct.* 事实。"


def _stage_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    if not book.whole("seat_types"):
        return
    kinds = [kind for _, kind in book.items("seat_types")]
    for stage in book.stages():
        if not any(stage in kind.stages and not kind.penalty for kind in kinds):
            yield "/seat_types", f"{STAGES[stage]}没有学位类型。"
        if sum(stage in kind.stages and kind.penalty for kind in kinds) > 1:
            yield "/seat_types", f"{STAGES[stage]}的末位类型（penalty）只能有一个。"


def _lock_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """A lock must show in the seat types of its stage, and a seat type may ask of a lock only where there is one."""
    if not book.whole("seat_types") or not book.whole("locks"):
        return
    locked = {lock.stage for _, lock in book.items("locks")}
    asking = {
        stage
        for _, kind in book.items("seat_types")
        if not list(condition_faults(kind.when, FACTS, "")) and "home.seat_used" in facts_asked(kind.when)
        for stage in kind.stages
    }
    for stage in sorted(locked - asking):
        yield (
            "/locks",
            f"{STAGES[stage]}的住房学位会锁定，却没有学位类型看“{FACTS['home.seat_used'].name}”（home.seat_used）。",
        )
    if asking and not locked:
        yield "/locks", "有学位类型看住房学位是否被占用（home.seat_used），却没有写锁定年限（locks）。"


def _order_faults(book: PartialBook, pointer: str, key: OrderKey) -> Iterator[tuple[str, str]]:
    why = forbidden_word(key.fact) or forbidden_word(key.key)
    if why is not None:
        yield f"{pointer}/fact", f"“{key.fact}”不得作为排序依据：{why}"
        return
    fact = FACTS.get(key.fact)
    if fact is None:
        yield f"{pointer}/fact", f"没有“{key.fact}”这个事实项；可用的有：{'、'.join(FACTS)}。"
        return
    allowed = {"是", "否"} if fact.kind == "truth" else set(fact.values)
    if key.values is None and fact.kind in {"truth", "text"}:
        yield f"{pointer}/values", f"“{fact.name}”要写明各个值的先后（values）。"
    for value in key.values or ():
        if value not in allowed:
            yield f"{pointer}/values", f"“{fact.name}”没有“{value}”这个值。"
    if len(set(key.values or ())) != len(key.values or ()):
        yield f"{pointer}/values", f"“{fact.name}”的值写重复了。"
    if key.values is not None and key.direction != "ascending":
        yield f"{pointer}/direction", "写了 values 就按所列先后，不能再写 direction。"
    ordinary = {kind.code for _, kind in book.items("seat_types") if not kind.penalty}
    for code in key.seat_types:
        if book.whole("seat_types") and code not in ordinary:
            yield f"{pointer}/seat_types", f"没有学位类型“{code}”（末位类型一律抽签，不排序）。"
