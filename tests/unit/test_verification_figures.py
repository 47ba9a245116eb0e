"""The figures of verification say how far they are from the published ones (C17, C18), and who waits for nobody."""

from typing import Any

from rehearsal.verification_figures import by_hand, rates_of, statements


def told(**changes: Any) -> dict[str, Any]:
    people = {"handed_in": 5000, "passed": 4300, "by_hand": 700, "under_way": 0, "pass_rate": 8600}
    return {"people": people | changes, "items": [item("police/household", 6400), item("land/property", 8700)]}


def item(name: str, pass_rate: int | None, asked: int = 4000) -> dict[str, Any]:
    matched = asked * (pass_rate or 0) // 10_000
    return {"item": name, "pass_rate": pass_rate, "match": matched, "mismatch": asked - matched, "not-found": 0}


def broken(answer: dict[str, Any], queue: list[dict[str, Any]]) -> list[str]:
    return [what for what, left, right in statements(answer, queue) if left != right]


def test_rates_near_the_published_ones_hold() -> None:
    assert rates_of(told()) == {"people": 8600, "police/household": 6400, "land/property": 8700}
    assert by_hand(told()) == 1400
    assert broken(told(), [{"taken_by": "甲"}]) == []


def test_every_statement_can_fail() -> None:
    """Negative control."""
    far = told(by_hand=1001, pass_rate=7900, under_way=1)
    far["items"] = [item("police/household", 6607), item("land/property", 8346)]
    assert len(broken(far, [{"taken_by": ""}])) == 6


def test_a_season_in_which_nobody_filed_has_no_rates() -> None:
    assert by_hand(told(handed_in=0, by_hand=0)) == 0


def test_a_few_families_may_lie_off_by_chance_but_not_by_far() -> None:
    """Twelve families cannot show three points; a share that chance does not give is still told."""
    few = told(handed_in=12, by_hand=4, pass_rate=6666)
    few["items"] = [item("police/household", 5000, 12), item("land/property", 7500, 8)]
    assert broken(few, []) == []
    none = told(handed_in=60, by_hand=60, pass_rate=0)
    none["items"] = [item("police/household", 10_000, 60), item("land/property", 5000, 60)]
    assert len(broken(none, [])) == 4
