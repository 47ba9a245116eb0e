"""The simulated city, written from a seed: `python -m rehearsal.population --seed TEXT --families N --folder DIR`.

The same seed and settings give the same files. Units are real; people, homes, schools and zones are made up.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rehearsal import land
from rehearsal.areas import area_of
from rehearsal.chance import Chance
from rehearsal.city_tables import write_csv, write_tables, zone_rows
from rehearsal.families import Place, draw_family, openid_of, phone_of
from rehearsal.fates import SAMPLES, draw_fate
from rehearsal.identity_numbers import NumberOffice
from rehearsal.land import Unit
from rehearsal.place_grounds import (
    PRIVATE_HEAD,
    ROSTER_HEAD,
    ZONE_HEAD,
    Grounds,
    first_zone_sheets,
    is_fed,
    leaves_school,
    overflow_expected,
    private_schools,
    set_seats,
    wrong_unit,
)
from rehearsal.place_parts import FULL, SHORT, has_ground, part_by_chance, parts_of
from rehearsal.rates import Rates, rates_from
from rehearsal.schools import School, schools_of, seats_for

FORMAT = 1
STAGE_SHARES = {"kindergarten": 36, "primary": 34, "junior": 30}
SAMPLE_STAGE = "primary"
SYNTHETIC = "人员、学校、片区、坐标均为虚构（演练数据）；地址单元与旗区轮廓为真实公开数据"


@dataclass(frozen=True)
class Spec:
    """What city to make. `families` counts the sample families in; `banners` are codes, the first one gets the samples."""

    seed: str
    families: int
    banners: tuple[str, ...] = ("150603",)
    year: int = 2027
    rates: Rates = field(default_factory=Rates)

    def __post_init__(self) -> None:
        unknown = [code for code in self.banners if code not in land.banners()]
        if unknown or not self.banners:
            raise ValueError(f"unknown banners {unknown}; known are {', '.join(land.banners())}")
        if self.families < len(SAMPLES):
            raise ValueError(f"a city has at least {len(SAMPLES)} families, not {self.families}")


def write_city(spec: Spec, folder: Path) -> dict[str, Any]:
    """Write the whole CITY folder (rehearsal/README.md lists its files) and return the content of city.json."""
    folder.mkdir(parents=True, exist_ok=True)
    schools = tuple(
        school for code in spec.banners for school in schools_of(code, area_of(code).units(code), area_of(code).stages)
    )
    near, grounds = _grounds(spec, schools)
    children: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    leavers: list[tuple[str, str, str]] = []
    with (
        (folder / "families.jsonl").open("w", encoding="utf-8") as families,
        (folder / "departments.jsonl").open("w", encoding="utf-8") as departments,
    ):
        for told, known in draw_families(spec, near, grounds):
            families.write(_line(told))
            departments.write(_line(known))
            children[told["choices"][0]] += len(told["children"])
            if told["leaves_school"]:
                leavers += [(child["name"], child["id_number"], told["leaves_school"]) for child in told["children"]]
            for check, said in told["expected"].items():
                verdicts[f"{check} {said['verdict']}"] += 1
    seats = seats_for(children, schools, Chance(f"{spec.seed}/seats"))
    size = spec.banners, spec.families, len(SAMPLES)
    short = grounds.short_school() if has_ground(SHORT, *size) else None
    full = grounds.full_school() if has_ground(FULL, *size) else None
    set_seats(seats, children, schools, short, full)
    write_tables(folder, schools, seats)
    write_csv(folder / "private.csv", PRIVATE_HEAD, private_schools(spec.banners, schools, SAMPLE_STAGE))
    write_csv(folder / "roster.csv", ROSTER_HEAD, leavers)
    for banner, rows in first_zone_sheets(zone_rows(schools), near, spec.banners).items():
        write_csv(folder / "sheets" / f"{banner}-zones-first.csv", ZONE_HEAD, rows)
    city = {
        "format": FORMAT,
        "synthetic": SYNTHETIC,
        "seed": spec.seed,
        "year": spec.year,
        "families": spec.families,
        "children": children.total(),
        "seats": sum(seats.values()),
        "short": short,
        "full": {"school": full, "then": overflow_expected(full, schools)} if full else None,
        "banners": [
            {"code": code, "name": land.banners()[code], "stages": list(area_of(code).stages)} for code in spec.banners
        ],
        "rates": asdict(spec.rates),
        "expected": dict(verdicts),
        "samples": _samples(spec),
    }
    text = json.dumps(city, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / "city.json").write_text(text, encoding="utf-8")
    return city


def _grounds(spec: Spec, schools: Sequence[School]) -> tuple[dict[str, dict[str, tuple[str, ...]]], Grounds]:
    """(unit code → stage → school codes, the grounds of the parts)."""
    near = _schools_near(schools)
    return near, Grounds(near, {code: _most_lived_in(area_of(code).units(code)) for code in spec.banners})


def draw_families(
    spec: Spec, near: Mapping[str, Mapping[str, Sequence[str]]], grounds: Grounds
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every family's two lines: the sample families, those with a part (place_parts.py), the others; one at a time."""
    office = NumberOffice()
    parts = parts_of(spec.banners)
    for number, letter in enumerate(SAMPLES, 1):
        chance = Chance(f"sample family {letter}")
        unit = chance.choice(_most_lived_in(area_of(spec.banners[0]).units(spec.banners[0])))
        place = Place(spec.year, SAMPLE_STAGE, unit)
        told, known = draw_family(spec.seed, number, place, SAMPLES[letter][0], chance, office, near[unit.code])
        yield {**told, "sample": letter, "arrives": 0, "part": "", "leaves_school": None, "is_fed": False}, known
    for number in range(len(SAMPLES) + 1, spec.families + 1):
        chance = Chance(f"{spec.seed}/family/{number}")
        index = number - len(SAMPLES) - 1
        if index < len(parts):
            part, fate = parts[index].name, parts[index].fate
            place = Place(spec.year, parts[index].stage, grounds.unit_of(parts[index], chance))
        else:
            part, place, fate = (
                part_by_chance(spec.seed, number, spec.rates),
                _place(spec, chance),
                draw_fate(chance, spec.rates),
            )
        if fate.helper:
            fate = replace(fate, wechat=False)
        told, known = draw_family(spec.seed, number, place, fate, chance, office, near[place.unit.code])
        told |= {"part": part}
        if part == "follows":
            told["form"]["sibling_at"] = told["choices"][-1]
        school = leaves_school(told, near)
        yield {**told, "leaves_school": school, "is_fed": is_fed(school, near)}, known


_WEIGHTS = (0, 1, 6)


def _weight(unit: Unit) -> int:
    """How many families live in a unit, relative to others: many in sub-districts, none in virtual communities."""
    if "虚拟" in unit.name:
        return _WEIGHTS[0]
    return _WEIGHTS[2] if unit.town.endswith("街道") or unit.name.endswith("社区") else _WEIGHTS[1]


def _most_lived_in(units: Sequence[Unit]) -> list[Unit]:
    """The units of the greatest weight among these."""
    most = max(_weight(unit) for unit in units)
    return [unit for unit in units if _weight(unit) == most]


def _place(spec: Spec, chance: Chance) -> Place:
    members = [unit for code in spec.banners for unit in area_of(code).units(code) if unit.code != wrong_unit().code]
    unit = chance.choices(members, weights=[_weight(unit) for unit in members])[0]
    shares = {stage: STAGE_SHARES[stage] for stage in area_of(unit.banner_code).stages}
    return Place(spec.year, chance.one_of(shares), unit)


def _schools_near(schools: Sequence[School]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Unit code → stage → school codes, the own zone's school first, then its overflow order."""
    near: dict[str, dict[str, tuple[str, ...]]] = {}
    for school in schools:
        for code in school.units:
            near.setdefault(code, {})[school.stage] = (school.code, *school.overflow)
    return near


def _samples(spec: Spec) -> list[dict[str, Any]]:
    return [
        {
            "letter": letter,
            "id": f"F{number:06d}",
            "phone": phone_of(number),
            "openid": openid_of(spec.seed, number) if fate.wechat else None,
            "story": story,
        }
        for number, (letter, (fate, story)) in enumerate(SAMPLES.items(), 1)
    ]


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a city from the command line."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.population", description=__doc__)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--families", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--banners", default="150603", help="codes, separated by commas")
    parser.add_argument("--year", type=int, default=2027)
    parser.add_argument("--rate", action="append", default=[], metavar="NAME=SHARE")
    told = parser.parse_args(arguments)
    try:
        rates = rates_from({name: float(share) for name, _, share in (each.partition("=") for each in told.rate)})
        spec = Spec(told.seed, told.families, tuple(told.banners.split(",")), told.year, rates=rates)
    except ValueError as error:
        parser.error(str(error))
    city = write_city(spec, told.folder)
    print(f"{city['families']} families, {city['children']} children, {city['seats']} seats: {told.folder}")


if __name__ == "__main__":
    main()
