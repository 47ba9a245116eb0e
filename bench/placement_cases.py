"""Synthetic cities for measuring placements: clustered homes and schools, seat classes, dates, twins, brothers and sisters."""

import hashlib
from datetime import date, timedelta
from typing import Any

import numpy as np

CLASSES = ["1", "2", "3", "4"]
LAST_CLASS = "5"
SHARE_OF_SEATS = 0.98
OWN_HOMES, SIBLINGS, TWINS = 0.8, 0.05, 0.01
FIRST_DAY = date(2008, 1, 1)
DAYS = 6500


def _city(people: int, schools: int, name: str) -> tuple[np.random.Generator, Any, Any, Any, Any]:
    """(generator, nearest schools of every child, seats by school, classes, ids of schools)."""
    chance = np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))
    towns = chance.random((max(4, schools // 12), 2)) * 100
    at = towns[chance.integers(0, len(towns), schools)] + chance.normal(0, 3, (schools, 2))
    homes = towns[chance.integers(0, len(towns), people)] + chance.normal(0, 3, (people, 2))
    near = np.empty((people, min(10, schools)), dtype=np.int32)
    for start in range(0, people, 5000):
        part = homes[start : start + 5000]
        far = ((part[:, None, :] - at[None, :, :]) ** 2).sum(axis=2)
        near[start : start + 5000] = np.argsort(far, axis=1)[:, : near.shape[1]]
    popular = np.bincount(near[:, 0], minlength=schools) * chance.uniform(0.6, 1.4, schools) + 1
    seats = np.maximum(1, (popular / popular.sum() * people * SHARE_OF_SEATS)).astype(int)
    classes = chance.choice(5, people, p=[0.45, 0.25, 0.15, 0.13, 0.02])
    width = len(str(schools))
    return chance, near, seats, classes, [f"S{one:0{width}d}" for one in range(schools)]


def zone_case(people: int, schools: int) -> dict[str, Any]:
    """An input of mechanism "zone": one zone a school, overflow to the nearest, three keys, 2 % twins, 5 % siblings."""
    chance, near, seats, classes, ids = _city(people, schools, f"zone/{people}/{schools}")
    homes = chance.random(people) < OWN_HOMES
    days, months = chance.integers(0, DAYS, people), chance.integers(0, 120, people)
    siblings, twins = chance.random(people) < SIBLINGS, chance.random(people) < TWINS
    width = len(str(people))
    applicants: list[dict[str, Any]] = []
    for one in range(people):
        keys: dict[str, Any] = {"home": "住宅" if homes[one] else "公寓"}
        keys |= {"registered_on": (FIRST_DAY + timedelta(days=int(days[one]))).isoformat(), "months": int(months[one])}
        row: dict[str, Any] = {"id": f"A{one:0{width}d}", "zone": ids[near[one, 0]], "keys": keys}
        row |= {"class": LAST_CLASS if classes[one] == len(CLASSES) else CLASSES[classes[one]]}
        row |= {"bundle": None, "sibling_at": ids[near[one, 1]] if siblings[one] else None}
        if twins[one] and applicants and applicants[-1]["bundle"] is None:
            applicants[-1]["bundle"] = row["bundle"] = f"T{one}"
            row["zone"] = applicants[-1]["zone"]
        applicants.append(row)
    nearest_to: list[list[str]] = [[] for _ in ids]
    for own, others in zip(near[:, 0], near[:, 1:], strict=True):
        if not nearest_to[own]:
            nearest_to[own] = [ids[other] for other in others]
    return {
        "mechanism": "zone",
        "seed": "bench",
        "draw": "zone",
        "classes": CLASSES,
        "last_class": LAST_CLASS,
        "order": [
            {"key": "home", "values": ["住宅", "公寓"]},
            {"key": "registered_on"},
            {"key": "months", "direction": "descending"},
        ],
        "schools": [
            {"id": one, "seats": int(seats[place]), "overflow": nearest_to[place]} for place, one in enumerate(ids)
        ],
        "applicants": applicants,
    }


def bare_zone_case(people: int, schools: int) -> dict[str, Any]:
    """The same city with nothing but zones: one class, no keys, nobody with a twin or a sibling; the tickets decide."""
    value = zone_case(people, schools)
    bare: dict[str, Any] = {"class": CLASSES[0], "keys": {}, "bundle": None, "sibling_at": None}
    return value | {
        "draw": "bare",
        "classes": CLASSES[:1],
        "order": [],
        "applicants": [{"id": one["id"], "zone": one["zone"], **bare} for one in value["applicants"]],
    }


def choice_case(people: int, schools: int) -> dict[str, Any]:
    """An input of mechanism "choice": 3 to 10 of the nearest schools in a drawn order, five classes a pair."""
    chance, near, seats, _, ids = _city(people, schools, f"choice/{people}/{schools}")
    most = near.shape[1]
    lengths = np.minimum(most, chance.integers(3, 11, people))
    liking = chance.random((people, most)) + np.arange(most) / most
    liking[np.arange(most)[None, :] >= lengths[:, None]] = np.inf
    order = np.argsort(liking, axis=1)
    classes = chance.integers(0, 5, (people, most))
    width = len(str(people))
    applicants = []
    for one in range(people):
        wished = [ids[near[one, turn]] for turn in order[one, : lengths[one]]]
        numbers = [int(number) for number in classes[one, : lengths[one]]]
        applicants.append(
            {"id": f"A{one:0{width}d}", "choices": wished, "priority": dict(zip(wished, numbers, strict=True))}
        )
    return {
        "mechanism": "choice",
        "seed": "bench",
        "draw": "choice",
        "tie_break": "single",
        "schools": [{"id": one, "seats": int(seats[place])} for place, one in enumerate(ids)],
        "applicants": applicants,
    }
