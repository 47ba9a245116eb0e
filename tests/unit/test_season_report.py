"""The report of a season is one page with its pictures in it, true to the figures, and nothing in it breaks out."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from rehearsal import land
from rehearsal.figures import Application, SchoolSeats, Season, figures_of
from rehearsal.season_folder import zones_of
from rehearsal.season_report import report_page, steps_text

OUTLINES = {"150603": land.outlines()["150603"]}


def season(name: str = "一小", state: str = "recorded") -> Season:
    steps = frozenset(
        ("registered", "submitted", "verified", "settled", "frozen", "placed", "confirmed", "enrolled", "recorded")
    )
    return Season(
        seed="s<b>",
        year=2027,
        families=1,
        candidates=0,
        banners=["150603"],
        began_at="2026-11-22T08:00:00+08:00",
        ended_at="2026-11-22T08:02:00+08:00",
        phases={"file": 60_000, "allocate": 60_000},
        applications=[
            Application("A1", "F1", "150603", "primary", "sms", state, steps, "P1", waits_ms={"receipt": 90, "paper": 900})
        ],
        schools=[SchoolSeats("P1", name, "primary", 2, 1, 1, 1)],
        kills=[{"process": "worker of checks", "signal": "SIGKILL", "at_ms": 5, "back_ms": 700}],
        cpu_ms={"web": 1200},
    )  # fmt: skip


def page(told: Season) -> str:
    return report_page(told, figures_of(told), OUTLINES, zones_of(["150603"]))


class _Outside(HTMLParser):
    """Collects whatever a page would load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what would be loaded."""
        loads = {"src", "href", "data", "srcset"}
        self.found += [f"{tag} {value}" for name, value in attrs if name in loads]


def test_the_page_holds_its_pictures_and_needs_nothing_from_elsewhere() -> None:
    shown = page(season())
    labels = re.findall(r'<svg [^>]*aria-label="([^"]+)"', shown)
    assert labels[0] == "从登记到学籍"
    assert sum(label.startswith("片区图") for label in labels) == 3
    assert any(label.startswith("各校学位") for label in labels)
    assert sum(label.startswith("从") for label in labels) == 4
    outside = _Outside()
    outside.feed(shown)
    assert outside.found == []


def test_a_season_that_does_not_add_up_says_so_at_the_top() -> None:
    assert "✓ 每个家庭都有且只有一个最终结果" in page(season())
    lost = page(season(state="frozen"))
    assert "✗ 有数字对不上" in lost
    assert "✓ 每个家庭都有且只有一个最终结果" not in lost


def test_names_cannot_break_out_of_the_page() -> None:
    shown = page(season(name="<script>alert(1)</script>"))
    assert "<script" not in shown
    assert "s&lt;b&gt;" in shown


EXAM = {
    "candidates": 40, "rounds": 3, "done": {"logged-in": 40, "lists": 9, "moved": 12}, "read": 40, "admitted": 29,
    "public_admitted": 29, "above_plan": 0, "passed_over": 0, "passed_over_lists": 0,
}  # fmt: skip


def test_the_report_tells_what_became_of_the_candidates() -> None:
    assert "没有考生参加" in page(season())
    told = page(replace(season(), exam=EXAM))
    assert "没有考生参加" not in told
    assert re.search(r"录取</td><td[^>]*>29<", told)


def test_the_funnel_is_told_in_one_line_too() -> None:
    assert steps_text(figures_of(season())).startswith("已登记 1 → 已提交 1")
