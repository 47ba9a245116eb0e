"""Small towns with ranked choices, for the tests, and all their stable matchings by brute force."""

import hashlib
import hmac
import itertools
from typing import Any

from hypothesis import strategies as st

Value = dict[str, Any]


@st.composite
def markets(draw: st.DrawFn, largest: int = 6, levels: int = 2, most_schools: int = 4, most_seats: int = 2) -> Value:
    """Small towns with too few seats, so that nearly every rule has to decide something."""
    schools = [f"S{n}" for n in range(draw(st.integers(1, most_schools)))]
    applicants = []
    for number in range(draw(st.integers(0, largest))):
        choices = draw(st.lists(st.sampled_from(schools), unique=True))
        priority = draw(st.dictionaries(st.sampled_from(schools), st.integers(-1, levels)))
        applicants.append({"id": f"A{number}", "choices": choices, "priority": priority})
    return {
        "mechanism": "choice",
        "seed": draw(st.sampled_from(["s", "种子", " t"])),
        "draw": "d",
        "tie_break": draw(st.sampled_from(["single", "per-school"])),
        "schools": [{"id": one, "seats": draw(st.integers(0, most_seats))} for one in schools],
        "applicants": applicants,
    }


def ticket(value: Value, name: str) -> bytes:
    key = hashlib.sha256(value["seed"].encode()).digest()
    return hmac.new(key, f"sunroll-ticket/v1\0{value['draw']}\0{name}".encode(), "sha256").digest()


def standing(value: Value, school: str, applicant: Value) -> tuple[int, bytes, str]:
    own = applicant.get("bundle") or applicant["id"]
    name = own if value["tie_break"] == "single" else f"{school}/{own}"
    return applicant["priority"].get(school, 0), ticket(value, name), applicant["id"]


def stable_matchings(value: Value) -> list[dict[str, str | None]]:
    """Every matching within capacity that has neither justified envy nor a wasted seat."""
    seats = {school["id"]: school["seats"] for school in value["schools"]}
    found = []
    for assigned in itertools.product(*([*one["choices"], None] for one in value["applicants"])):
        holders: dict[str, list[Value]] = {school: [] for school in seats}
        for one, school in zip(value["applicants"], assigned, strict=True):
            if school:
                holders[school].append(one)
        if any(len(holders[school]) > seats[school] for school in seats):
            continue
        if not any(
            len(holders[school]) < seats[school]
            or any(standing(value, school, one) < standing(value, school, other) for other in holders[school])
            for one, held in zip(value["applicants"], assigned, strict=True)
            for school in one["choices"][: one["choices"].index(held) if held else None]
        ):
            found.append(dict(zip((one["id"] for one in value["applicants"]), assigned, strict=True)))
    return found


def schools_of(result: Value) -> dict[str, str | None]:
    return {row["id"]: row["school"] for row in result["placements"]}


def rank(value: Value, applicant: str, school: str | None) -> int:
    choices = next(one["choices"] for one in value["applicants"] if one["id"] == applicant)
    return choices.index(school) if school else len(choices)


@st.composite
def markets_with_bundles(draw: st.DrawFn) -> Value:
    """Small towns in which twins and triplets rank the same schools with one number."""
    value: Value = draw(markets(largest=2, most_schools=3, most_seats=3))
    for number, size in enumerate(draw(st.sampled_from([[2], [3], [1, 2], [2, 2]]))):
        schools = [school["id"] for school in value["schools"]]
        choices = draw(st.lists(st.sampled_from(schools), unique=True))
        priority = draw(st.dictionaries(st.sampled_from(schools), st.integers(-1, 2)))
        value["applicants"] += [
            {"id": f"{draw(st.sampled_from('0Z'))}{number}{member}", "choices": choices, "priority": priority}
            | {"bundle": f"B{number}"}
            for member in range(size)
        ]
    return value


def kept_together(value: Value) -> dict[str, str | None]:
    """The rule for bundles by brute force.

    Of all stable matchings the applicants' best; a bundle that it parts loses the best school that holds some of it,
    and all is matched again.
    """
    rows = [one | {"choices": list(one["choices"])} for one in value["applicants"]]
    market = value | {"applicants": rows}
    while True:
        best = min(stable_matchings(market), key=lambda held: sum(rank(market, one, held[one]) for one in held))
        parted = {}
        for label in {one["bundle"] for one in rows if one.get("bundle")}:
            members = [one for one in rows if one.get("bundle") == label]
            if len({best[one["id"]] for one in members}) > 1:
                held = {best[one["id"]] for one in members}
                parted[label] = next(school for school in members[0]["choices"] if school in held)
        if not parted:
            return best
        for one in rows:
            if one.get("bundle") in parted:
                one["choices"].remove(parted[one["bundle"]])
