"""Small towns with zones, for the tests: hypothesis makes them full, torn by twins, and short of seats."""

from typing import Any

from hypothesis import strategies as st

from backend.placement.rules.run import run_placement

Value = dict[str, Any]
DATES = st.sampled_from(["2019-05-02", "2017-01-01", "2020-08-30"])


@st.composite
def towns(draw: st.DrawFn, largest: int = 10) -> Value:
    """An input of mechanism "zone" with every feature of the contract."""
    ids = [f"P{n}" for n in range(draw(st.integers(1, 4)))]
    order = draw(
        st.lists(
            st.sampled_from(
                [
                    {"key": "home", "values": ["住宅", "公寓"]},
                    {"key": "home", "values": ["公寓", 1, "住宅"], "direction": "descending"},
                    {"key": "on"},
                    {"key": "on", "direction": "descending"},
                    {"key": "points", "direction": "descending"},
                    {"key": "points", "direction": "ascending"},
                ]
            ),
            max_size=3,
            unique_by=lambda rule: rule["key"],
        )
    )
    applicants = []
    zones: dict[str, str] = {}
    makers: dict[str, st.SearchStrategy[Any]] = {
        "home": st.sampled_from(["住宅", "公寓"]),
        "on": DATES,
        "points": st.sampled_from([9, 10, -1, "9", "10", "é", "😀", "\ufffd"]),
    }
    for number in range(draw(st.integers(0, largest))):
        bundle = draw(st.sampled_from([None, None, None, "twins", "三胞胎"]))
        zone = draw(st.sampled_from(ids))
        one: Value = {
            "id": f"a{number}",
            "zone": zones.setdefault(bundle, zone) if bundle else zone,
            "class": draw(st.sampled_from(["1", "1", "2", "5"])),
            "keys": {rule["key"]: draw(makers[rule["key"]]) for rule in order if draw(st.booleans())},
        }
        if bundle or draw(st.booleans()):
            one["bundle"] = bundle
        if draw(st.integers(0, 3)) == 0:
            one["sibling_at"] = draw(st.sampled_from([None, *ids]))
        applicants.append(one)
    return {
        "mechanism": "zone",
        "seed": draw(st.sampled_from(["s", "种子", "x "])),
        "draw": draw(st.sampled_from(["d", ""])),
        "classes": ["1", "2"],
        "last_class": "5",
        "order": order,
        "schools": [
            {
                "id": one,
                "seats": draw(st.integers(0, 4)),
                "overflow": draw(st.lists(st.sampled_from(ids), unique=True, max_size=3)),
            }
            for one in ids
        ],
        "applicants": applicants,
    }


def child(one: str, **changes: Any) -> Value:
    """An applicant of zone P and class 1, with changes."""
    return {"id": one, "zone": "P", "class": "1", "keys": {}} | changes


def town(**changes: Any) -> Value:
    """A zone input with one school of two seats, with changes."""
    good: Value = {
        "mechanism": "zone",
        "seed": "s",
        "draw": "d",
        "classes": ["1", "2", "3"],
        "last_class": "5",
        "order": [],
        "schools": [{"id": "P", "seats": 2, "overflow": []}],
        "applicants": [],
    }
    return good | changes


def placed(value: Value) -> dict[str, tuple[str | None, str | None, int]]:
    """School, step and position of everybody."""
    return {row["id"]: (row["school"], row["step"], row["position"]) for row in run_placement(value)["placements"]}
