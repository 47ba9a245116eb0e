"""The kinds of decision that this checker can recompute; others are checked by hash and proof alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from verify.classes import NOTE, check_classes, check_classes_summary, summarise_classes
from verify.draws import check_draw_summary, recompute_circle, recompute_draw, recompute_team_draw, summarise_draw
from verify.exam import check_session_summary, deal_seats, recompute_quota, recompute_session, summarise_session
from verify.folder import Lie, demand_equal
from verify.placement_choice import check_placement_summary, recompute_choice, summarise_placement
from verify.placement_zone import recompute_zone

Row = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind: which key of the input lists the people, what else of it is not public, how it is checked.

    `check_output` raises Lie; `check_summary` takes the rule, the public figures, the number of people, the path.
    `output_people` names the list of the output whose rows families prove; None where nobody is in it. A kind that
    `draws_on` an earlier decision is decided by that one's seed. `note` says what the standard library leaves undone.
    """

    people: str | None
    output_people: str | None
    check_output: Callable[[Row, Row, str], None]
    summarise: Callable[[Row, Row], Row]
    check_summary: Callable[[Row, Row, int, str], None]
    private: tuple[str, ...] = ()
    note: str | None = None
    draws_on: bool = False


def _by(recompute: Callable[[Row], Row]) -> Callable[[Row, Row, str], None]:
    def check(given: Row, output: Row, where: str) -> None:
        compare(output, recompute(given), where, "")

    return check


def compare(found: Any, expected: Any, where: str, pointer: str) -> None:
    """Raise Lie at the first place where the two differ."""
    if isinstance(found, dict) and isinstance(expected, dict) and found.keys() == expected.keys():
        for key in sorted(found):
            compare(found[key], expected[key], where, f"{pointer}/{key}")
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            compare(one, other, where, f"{pointer}/{place}")
    else:
        demand_equal(found, expected, where, f"recomputed from the input, {pointer or '/'}")


def _recompute_placement(given: Row) -> Row:
    return recompute_choice(given) if given["mechanism"] == "choice" else recompute_zone(given)


def _whole_output(_given: Row, output: Row) -> Row:
    return output


def _check_circle(rule: Row, summary: Row, _people: int, where: str) -> None:
    compare(summary, recompute_circle(rule), where, "")


def _check_team_draw(rule: Row, summary: Row, _people: int, where: str) -> None:
    compare(summary, recompute_team_draw(rule), where, "")


def _check_quota(rule: Row, summary: Row, people: int, where: str) -> None:
    weights = {row["id"]: row["weight"] for row in summary["rows"]}
    if len(weights) != people:
        raise Lie(where, "the rows are not those of all the schools")
    compare(summary, {"rows": deal_seats(weights, rule["seats"])}, where, "")


KINDS = {
    "draw": Kind("roster", "order", _by(recompute_draw), summarise_draw, check_draw_summary),
    "circle-draw": Kind(None, None, _by(recompute_circle), _whole_output, _check_circle),
    "placement": Kind(
        "applicants", "placements", _by(_recompute_placement), summarise_placement, check_placement_summary
    ),
    "classes": Kind("pupils", "classes", check_classes, summarise_classes, check_classes_summary, note=NOTE),
    "team-draw": Kind(None, None, _by(recompute_team_draw), _whole_output, _check_team_draw, draws_on=True),
    "exam-admission": Kind(
        "candidates",
        "candidates",
        _by(recompute_session),
        summarise_session,
        check_session_summary,
        private=("events",),
    ),
    "quota": Kind("juniors", "rows", _by(recompute_quota), _whole_output, _check_quota),
}
