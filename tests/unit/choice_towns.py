"""Small towns with ranked choices, for the tests, and all their stable matchings by brute force."""

import hashlib
import hmac
import itertools
from typing import Any

from hypothesis import strategies as st

Value = dict[str, Any]


@st.composite
def markets(draw: st.DrawFn, largest: int = 6, levels: int = 2) -> Value:
    """Small towns with too few seats, so that nearly every rule has to decide something."""
    schools = [f"S{n}" for n in range(draw(st.integers(1, 4)))]
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
        "schools": [{"id": one, "seats": draw(st.integers(0, 2))} for one in schools],
        "applicants": applicants,
    }


def ticket(value: Value, name: str) -> bytes:
    key = hashlib.sha256(value["seed"].encode()).digest()
    return hmac.new(key, f"sunroll-ticket/v1\0{value['draw']}\0{name}".encode(), "sha256").digest()


def standing(value: Value, school: str, applicant: Value) -> tuple[int, bytes]:
    name = applicant["id"] if value["tie_break"] == "single" else f"{school}/{applicant['id']}"
    return applicant["priority"].get(school, 0), ticket(value, name)


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
