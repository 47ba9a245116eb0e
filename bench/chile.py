"""Chile's school admission of 2020 as a city to place: real applicants, coordinates, flags and family links.

The data (Mineduc, open data, complementary round 2020) are read from a folder with `applicants.csv.gz`,
`family-links.csv.gz` and `vacancies.csv.gz`. **Synthetic, derived from them by us:** where the schools stand (at the
homes of drawn applicants), their seats (drawn from the real vacancies, scaled to 98 % of the applicants), and the
choices (the nearest schools in a drawn order). Seat classes are the real flag `prioritario`.
"""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

SHARE_OF_SEATS = 0.98
NEAREST = 10


def rows_of(path: Path, delimiter: str) -> Iterator[dict[str, str]]:
    """The rows of a packed CSV file with a BOM."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        yield from csv.DictReader(text, delimiter=delimiter)


def chile_case(folder: Path, mechanism: str, schools: int) -> dict[str, Any]:
    """The input document of "zone" or "choice" with so many schools."""
    people = list({row["mrun"]: row for row in rows_of(folder / "applicants.csv.gz", ";")}.values())
    at = np.array(
        [[float(row[axis].replace(",", ".") or "0") for axis in ("lat_con_error", "lon_con_error")] for row in people]
    )
    chance = np.random.default_rng(2020)
    sites = at[chance.choice(len(people), schools, replace=False)]
    near = np.empty((len(people), min(NEAREST, schools)), dtype=np.int32)
    for start in range(0, len(people), 5000):
        far = ((at[start : start + 5000, None, :] - sites[None, :, :]) ** 2).sum(axis=2)
        near[start : start + 5000] = np.argsort(far, axis=1)[:, :NEAREST]
    real = np.array([int(row["regular_vacancies"]) for row in rows_of(folder / "vacancies.csv.gz", ",")])
    drawn = chance.choice(real[real > 0], schools) + np.bincount(near[:, 0], minlength=schools)
    seats = np.maximum(1, drawn / drawn.sum() * len(people) * SHARE_OF_SEATS).astype(int)
    ids = [f"S{one:04d}" for one in range(schools)]
    head = {"mechanism": mechanism, "seed": "chile-2020", "draw": mechanism}
    if mechanism == "choice":
        return head | _choices(people, near, seats, ids, chance)
    return head | _zones(folder, people, near, seats, ids)


def _choices(people: list[dict[str, str]], near: Any, seats: Any, ids: list[str], chance: Any) -> dict[str, Any]:
    applicants = []
    for row, nearest, length in zip(people, near, chance.integers(3, NEAREST + 1, len(people)), strict=True):
        wished = [ids[place] for place in chance.permutation(nearest)[:length]]
        number = 1 - int(row["prioritario"])
        applicants.append({"id": row["mrun"], "choices": wished, "priority": dict.fromkeys(wished, number)})
    schools = [{"id": one, "seats": int(seats[place])} for place, one in enumerate(ids)]
    return {"tie_break": "single", "schools": schools, "applicants": applicants}


def _zones(folder: Path, people: list[dict[str, str]], near: Any, seats: Any, ids: list[str]) -> dict[str, Any]:
    zone = {row["mrun"]: ids[nearest[0]] for row, nearest in zip(people, near, strict=True)}
    bundle: dict[str, str] = {}
    sibling: dict[str, str] = {}
    for link in rows_of(folder / "family-links.csv.gz", ";"):
        one, other = link["mrun_1"], link["mrun_2"]
        if link["es_hermano"] != "1" or one not in zone or other not in zone:
            continue
        if link["mismo_nivel"] == "1" and zone[one] == zone[other] and not {one, other} & bundle.keys():
            bundle[one] = bundle[other] = f"family-{one}"
        elif link["mismo_nivel"] == "0":
            sibling[one] = zone[other]
    applicants = [
        {
            "id": row["mrun"],
            "zone": zone[row["mrun"]],
            "class": "1" if row["prioritario"] == "1" else "2",
            "keys": {},
            "bundle": bundle.get(row["mrun"]),
            "sibling_at": sibling.get(row["mrun"]),
        }
        for row in people
    ]
    overflow: dict[int, list[str]] = {}
    for nearest in near:
        overflow.setdefault(int(nearest[0]), [ids[place] for place in nearest[1:]])
    schools = [
        {"id": one, "seats": int(seats[place]), "overflow": overflow.get(place, [])} for place, one in enumerate(ids)
    ]
    return {"classes": ["1", "2"], "last_class": "3", "order": [], "schools": schools, "applicants": applicants}
