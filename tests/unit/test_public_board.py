"""The public board of a unit, by score step (P12)."""

from collections import Counter
from itertools import accumulate
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.board.standing import score, unit_board
from backend.zhongkao.rules.live_ranks import NOBODY


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 75_000), max_size=60), st.data())
def test_a_board_counts_every_holder_at_his_score_step(totals: list[int], data: st.DataObject) -> None:
    """P12: steps of five points, found without going through the holders one by one, count as if one did."""
    totals.sort(reverse=True)
    holders = sorted(data.draw(st.sets(st.integers(0, max(0, len(totals) - 1))))) if totals else []
    book = SimpleNamespace(units=[{"code": "", "name": "", "plan": 0}] * 2, totals=totals)
    view: Any = SimpleNamespace(
        book=book,
        chosen=[0, len(holders)],
        lowest=[NOBODY] * 2,
        version=1,
        published_at=0,
        holders_of=lambda _: holders,
    )
    counts = Counter(totals[position] // 500 * 500 for position in holders)
    shown = unit_board(view, 1, 0)["steps"]
    assert [(one["from"], one["count"]) for one in shown] == [
        (score(step), counts[step]) for step in sorted(counts, reverse=True)
    ]
    assert [one["cumulative"] for one in shown] == list(accumulate(one["count"] for one in shown))
