"""Points tables against the vocabulary (domain 2.7): every line counts something that is established, in one way."""

from collections.abc import Iterator

from backend.policy.rules.facts import FACTS, STAGES
from backend.policy.rules.guard_rails import forbidden_word
from backend.policy.rules.partial_book import PartialBook
from backend.policy.rules.point_sections import PointItem, Points
from backend.policy.rules.predicates import condition_faults, facts_asked

OWN = {"points.total", "points.vetoed"}


def point_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """Faults of the points tables."""
    seen: set[str] = set()
    for pointer, table in book.items("points"):
        for stage in table.stages:
            if stage in seen:
                yield f"{pointer}/stages", f"{STAGES[stage]}的积分表写了两张。"
            seen.add(stage)
        yield from _table_faults(pointer, table)


def _table_faults(pointer: str, table: Points) -> Iterator[tuple[str, str]]:
    codes = [item.code for item in table.items]
    for place, item in enumerate(table.items):
        where = f"{pointer}/items/{place}"
        if codes.index(item.code) != place:
            yield f"{where}/code", f"积分项代码“{item.code}”写了两次。"
        yield from _item_faults(where, item)
    for place, veto in enumerate(table.vetoes):
        where = f"{pointer}/vetoes/{place}/when"
        faults = list(condition_faults(veto.when, FACTS, where))
        yield from faults
        if not faults and any(not name.startswith("conduct.") for name in facts_asked(veto.when)):
            yield where, "一票否决只能依据经查实的行为（conduct.*），不能依据家庭条件。"


def _item_faults(where: str, item: PointItem) -> Iterator[tuple[str, str]]:
    why = forbidden_word(item.name)
    if why is not None:
        yield f"{where}/name", f"不得这样计分：{why}"
    ways = [name for name in ("when", "per", "since") if getattr(item, name) is not None]
    if len(ways) != 1:
        yield where, f"积分项“{item.name}”要写明 when、per、since 中的一种。"
    if item.when is not None:
        faults = list(condition_faults(item.when, FACTS, f"{where}/when"))
        yield from faults
        if not faults and facts_asked(item.when) & OWN:
            yield f"{where}/when", "积分不能依据积分本身。"
    for name, kind in (("per", "number"), ("since", "date")):
        fact = getattr(item, name)
        if fact is not None and (fact not in FACTS or FACTS[fact].kind != kind or fact in OWN):
            yield f"{where}/{name}", f"“{fact}”不是可以这样计分的事实项。"
