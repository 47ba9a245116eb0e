"""Placement by ranked choices, recomputed in rounds: everybody asks, every school keeps its best, until nobody moves.

A school that keeps a part of a bundle passes over it: it leaves the lists of its members, and all is done again.
"""

from collections import Counter
from typing import Any

from verify.draws import ticket_of
from verify.folder import Lie, canonical, sha256_hex

Row = dict[str, Any]


def recompute_choice(given: Row) -> Row:
    """The result document of a placement by choices."""
    content = _filled_in(given)
    standing = _standings(content)
    lists = {one["id"]: one["choices"] for one in content["applicants"]}
    held = _rounds(content, lists, standing)
    school_of = {one: school for school, inside in held.items() for one in inside}
    while parted := _parted(content, lists, school_of):
        for member, passing in parted.items():
            lists[member] = [school for school in lists[member] if school != passing]
        held = _rounds(content, lists, standing)
        school_of = {one: school for school, inside in held.items() for one in inside}
    placements = []
    for one in content["applicants"]:
        school = school_of.get(one["id"])
        number = None if school is None else one["choices"].index(school) + 1
        placements.append({"id": one["id"], "school": school, "choice": number})
    schools = [_school_row(school, held[school["id"]], standing) for school in content["schools"]]
    digest = sha256_hex(canonical({"files": {"input": content}, "options": {}}))
    return {"placements": placements, "schools": schools, "input_sha256": digest}


def _filled_in(given: Row) -> Row:
    applicants = [
        {"id": one["id"], "choices": one["choices"], "priority": one.get("priority", {})}
        | ({} if one.get("bundle") is None else {"bundle": one["bundle"]})
        for one in given["applicants"]
    ]
    by_id = {"schools": given["schools"], "applicants": applicants}
    return {
        **{key: given[key] for key in ("mechanism", "seed", "draw", "tie_break")},
        **{key: sorted(rows, key=lambda row: row["id"].encode("utf-8")) for key, rows in by_id.items()},
    }


def _standings(content: Row) -> dict[tuple[str, str], tuple[int, str, bytes]]:
    """By school and applicant: priority, ticket, id bytes; the smaller stands before the larger."""
    found = {}
    for one in content["applicants"]:
        drawn_as = one.get("bundle", one["id"])
        single = ticket_of(content["seed"], content["draw"], drawn_as)
        for school in one["choices"]:
            name = f"{school}/{drawn_as}"
            ticket = single if content["tie_break"] == "single" else ticket_of(content["seed"], content["draw"], name)
            found[school, one["id"]] = (one["priority"].get(school, 0), ticket, one["id"].encode("utf-8"))
    return found


def _parted(content: Row, lists: dict[str, list[str]], school_of: dict[str, str]) -> dict[str, str]:
    """By member of a bundle that is not at one school: the best school that keeps some of it."""
    bundles: dict[str, list[str]] = {}
    for one in content["applicants"]:
        if "bundle" in one:
            bundles.setdefault(one["bundle"], []).append(one["id"])
    found = {}
    for members in bundles.values():
        keeping = {school_of.get(one) for one in members}
        if len(keeping) > 1:
            best = next(school for school in lists[members[0]] if school in keeping)
            found.update(dict.fromkeys(members, best))
    return found


def _rounds(
    content: Row, choices: dict[str, list[str]], standing: dict[tuple[str, str], tuple[int, str, bytes]]
) -> dict[str, list[str]]:
    seats = {school["id"]: school["seats"] for school in content["schools"]}
    held: dict[str, list[str]] = {school: [] for school in seats}
    refused = dict.fromkeys(choices, 0)
    asking = list(choices)
    while asking:
        asked = set()
        for one in asking:
            if refused[one] < len(choices[one]):
                school = choices[one][refused[one]]
                held[school].append(one)
                asked.add(school)
        asking = []
        for school in asked:
            inside = sorted(held[school], key=lambda one, at=school: standing[at, one])  # type: ignore[misc]
            held[school], turned_away = inside[: seats[school]], inside[seats[school] :]
            for one in turned_away:
                refused[one] += 1
            asking += turned_away
    return held


def _school_row(school: Row, inside: list[str], standing: dict[tuple[str, str], tuple[int, str, bytes]]) -> Row:
    cutoff = None
    if 0 < school["seats"] == len(inside):
        priority, ticket, _ = standing[school["id"], inside[-1]]
        cutoff = {"priority": priority, "ticket": ticket}
    return {"id": school["id"], "seats": school["seats"], "taken": len(inside), "cutoff": cutoff}


def summarise_placement(given: Row, output: Row) -> Row:
    """What everybody may see of a placement: schools with cut-offs, and counts."""
    by = "choice" if given["mechanism"] == "choice" else "step"
    found = Counter(str(one[by]) for one in output["placements"] if one["school"] is not None)
    placed = sum(found.values())
    people = len(output["placements"])
    counts = {"people": people, "placed": placed, "unplaced": people - placed, f"by_{by}": dict(found)}
    return {"schools": output["schools"], "counts": counts}


def check_placement_summary(rule: Row, summary: Row, people: int, where: str) -> None:
    """Whether the public figures of a placement agree with each other and with the rule's plan. Raises Lie."""
    counts = summary["counts"]
    if counts["people"] != people or counts["placed"] + counts["unplaced"] != people:
        raise Lie(where, "the counts do not add up to everybody")
    by = "by_choice" if rule["mechanism"] == "choice" else "by_step"
    if (
        sum(counts[by].values()) != counts["placed"]
        or sum(row["taken"] for row in summary["schools"]) != counts["placed"]
    ):
        raise Lie(where, "the places taken do not add up to those placed")
    plan = {school["id"]: school["seats"] for school in rule["schools"]}
    if {row["id"]: row["seats"] for row in summary["schools"]} != plan or len(plan) != len(summary["schools"]):
        raise Lie(where, "the seats are not those of the rule")
    for row in summary["schools"]:
        if not 0 <= row["taken"] <= row["seats"]:
            raise Lie(where, f"{row['id']!r} has {row['seats']} seats and {row['taken']} are taken")
        if rule["mechanism"] == "choice" and (row["cutoff"] is None) == (0 < row["seats"] == row["taken"]):
            raise Lie(where, f"{row['id']!r} has a cut-off exactly where it is full: here it is not so")
