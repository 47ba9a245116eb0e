"""Kindergartens (A07, domain 2.8): chance inside the class in which the seats run out, an estate's own children first."""

from typing import Any

from backend.fairness.tickets import ticket_order
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import check_parsed_placement, place

SEED, DRAW = "演练种子", "幼儿园 2026"


def placed(schools: list[Any], applicants: list[Any], classes: list[str]) -> dict[str, str | None]:
    """Applicant → kindergarten, by an allocation that the checker has passed."""
    value = {
        "mechanism": "zone",
        "seed": SEED,
        "draw": DRAW,
        "classes": classes,
        "last_class": "无末位类型",
        "order": [],
        "schools": schools,
        "applicants": [{"keys": {}, "bundle": None, "sibling_at": None, **one} for one in applicants],
    }
    given = parse_placement(value)
    output = place(given).document()
    assert check_parsed_placement(given, output).passed
    return {one["id"]: one["school"] for one in output["placements"]}


def test_only_the_class_in_which_the_seats_run_out_draws_lots() -> None:
    """T-2.12b: 60 seats; policy 12, local 70, others 40: 12 and 48 by ticket, no lottery for the others (横栏)."""
    kinds = {"policy": 12, "local": 70, "other": 40}
    applicants = [
        {"id": f"{kind}-{number:02d}", "zone": "K01", "class": kind}
        for kind, count in kinds.items()
        for number in range(count)
    ]
    school = {"id": "K01", "seats": 60, "overflow": []}
    school_of = placed([school], applicants, list(kinds))
    inside = {one for one, school in school_of.items() if school}
    local = [one["id"] for one in applicants if one["class"] == "local"]
    assert sum(one.startswith("policy") for one in inside) == 12
    assert inside - {one for one in inside if one.startswith("policy")} == set(ticket_order(local, SEED, DRAW)[:48])


def test_an_estates_own_children_are_served_before_the_public_and_overflow_after_everybodys_zone() -> None:
    """镜湖: an estate's kindergarten takes the estate's own first; who is left goes where a seat is free after all zones."""
    estate = [{"id": f"e{number}", "zone": "K01", "class": "estate"} for number in range(3)]
    public = [{"id": f"p{number}", "zone": "K01", "class": "public"} for number in range(2)]
    other = [{"id": "q0", "zone": "K02", "class": "public"}]
    schools = [{"id": "K01", "seats": 4, "overflow": ["K02"]}, {"id": "K02", "seats": 2, "overflow": []}]
    school_of = placed(schools, [*public, *estate, *other], ["estate", "public"])
    assert {school_of[one["id"]] for one in estate} == {"K01"}
    assert sorted(str(school_of[one["id"]]) for one in public) == ["K01", "K02"]
    assert school_of["q0"] == "K02"
