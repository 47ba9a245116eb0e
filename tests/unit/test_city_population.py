"""The simulated families: the same seed gives the same city, the shares are those asked for, all of it fits together."""

import csv
import hashlib
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from rehearsal.chance import Chance
from rehearsal.fates import SAMPLES, draw_fate
from rehearsal.identity_numbers import check_character
from rehearsal.people import birthday_range
from rehearsal.place_grounds import wrong_unit
from rehearsal.place_parts import PARTS
from rehearsal.population import Spec, main, write_city
from rehearsal.rates import Rates, rates_from
from rehearsal.writing import another_name, another_number, another_unit

SPEC = Spec("a seed for tests", 600, ("150603", "150621"))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(SPEC, folder)
    return folder


def lines(city: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (city / name).read_text(encoding="utf-8").splitlines()]


def table(city: Path, name: str) -> list[dict[str, str]]:
    with (city / name).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_files_and_another_seed_others(city: Path, tmp_path: Path) -> None:
    write_city(SPEC, tmp_path / "again")
    assert digests(tmp_path / "again") == digests(city)
    write_city(Spec("another seed", 600, SPEC.banners), tmp_path / "other")
    assert digests(tmp_path / "other")["families.jsonl"] != digests(city)["families.jsonl"]


def test_identity_numbers_are_valid_and_nobody_has_the_number_of_another(city: Path) -> None:
    people = [line["guardian"]["id_number"] for line in lines(city, "families.jsonl")]
    people += [child["id_number"] for line in lines(city, "families.jsonl") for child in line["children"]]
    assert len(set(people)) == len(people)
    assert all(number[17] == check_character(number[:17]) for number in people)


def test_children_are_of_the_age_of_their_stage_and_their_numbers_say_so(city: Path) -> None:
    """T-2.5: 3, 6 or 12 years by 31 August."""
    for line in lines(city, "families.jsonl"):
        first, last = birthday_range(line["stage"], 2027)
        for child in line["children"]:
            assert first <= date.fromisoformat(child["born_on"]) <= last
            assert child["id_number"][6:14] == child["born_on"].replace("-", "")


@pytest.mark.parametrize(
    ("stage", "year", "oldest", "youngest"),
    [
        ("primary", 2024, date(2017, 9, 1), date(2018, 8, 31)),
        ("kindergarten", 2024, date(2020, 9, 1), date(2021, 8, 31)),
    ],
)
def test_the_range_of_birth_dates_is_that_of_the_published_rule(
    stage: str, year: int, oldest: date, youngest: date
) -> None:
    """T-2.5: born 2018-08-31 starts primary school in 2024, born 2018-09-01 a year later."""
    assert birthday_range(stage, year) == (oldest, youngest)


def test_phones_and_wechat_ids_are_different_for_all_families(city: Path) -> None:
    families = lines(city, "families.jsonl")
    phones = [line["guardian"]["phone"] for line in families]
    openids = [line["guardian"]["openid"] for line in families if line["guardian"]["openid"]]
    assert len(set(phones)) == len(families)
    assert all(phone.startswith("1700") and len(phone) == 11 for phone in phones)
    assert len(set(openids)) == len(openids)
    assert all(len(openid) == 28 for openid in openids)


def test_nothing_in_the_city_lies_ahead_of_the_day_it_is_told_on(city: Path) -> None:
    """Only the ends of leases and permits do."""
    told = (city / "families.jsonl").read_text() + (city / "departments.jsonl").read_text()
    told = re.sub(r'"(ends_on|valid_until)":"[^"]*"', "", told)
    days = re.findall(r'"(\d{4}-\d{2}-\d{2})"', told)
    assert max(days) < "2026-10-31"
    assert max(re.findall(r'"last_month":"(\d{4}-\d{2})"', told)) == "2026-09"


def test_the_shares_of_matching_checks_are_those_asked_for() -> None:
    """C18b, C18c: household check 63 %, property check 86 % in many families; and any other share that is set."""
    for rates in (Rates(), rates_from({"household_match": 0.9, "household_not_found": 0.02, "property_match": 0.5})):
        chance = Chance("shares")
        fates = [draw_fate(chance, rates) for _ in range(6000)]
        owned = [fate for fate in fates if fate.home == "owned"]
        here = [fate for fate in fates if fate.book == "here"]
        assert abs(sum(fate.household.verdict == "match" for fate in here) / len(here) - rates.household_match) < 0.02
        assert abs(sum(fate.property.verdict == "match" for fate in owned) / len(owned) - rates.property_match) < 0.03
        assert abs(sum(not fate.wechat for fate in fates) / 6000 - rates.without_wechat) < 0.02


def test_a_rate_that_is_no_share_or_has_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rates: luck"):
        rates_from({"luck": 1.0})
    with pytest.raises(ValueError, match="between 0 and 1"):
        rates_from({"twins": 1.5})
    with pytest.raises(ValueError, match="together are more than 1"):
        rates_from({"household_match": 0.95})


def test_the_sample_families_have_the_stories_they_are_there_for(city: Path) -> None:
    samples = {line["sample"]: line for line in lines(city, "families.jsonl")[: len(SAMPLES)]}
    assert set(samples) == {"a", "b", "c", "d"}
    assert {check["verdict"] for check in samples["a"]["expected"].values()} == {"match"}
    assert samples["b"]["expected"]["police/household"]["field"] == "household_number"
    assert samples["c"]["guardian"]["openid"] is None
    assert samples["c"]["answers"] == "silent"
    assert samples["d"]["helper"]
    assert all(line["banner"] == "150603" and line["stage"] == "primary" for line in samples.values())


def test_a_banner_whose_rule_book_covers_one_town_has_families_and_schools_there_alone(city: Path) -> None:
    """达拉特: the published rule is that of 树林召镇."""
    told = [line["form"]["unit_code"] for line in lines(city, "families.jsonl") if line["banner"] == "150621"]
    assert told
    assert {code[:9] for code in told} == {"150621100"}
    zones = [row["unit_code"] for row in table(city, "zones.csv") if row["school"].startswith("150621")]
    assert {code[:9] for code in zones} == {"150621100"}


def test_a_banner_without_kindergartens_in_its_rule_book_has_no_such_families(tmp_path: Path) -> None:
    write_city(Spec("capital", 60, ("150602",)), tmp_path)
    assert {line["stage"] for line in lines(tmp_path, "families.jsonl")} == {"primary", "junior"}
    assert {row["stage"] for row in table(tmp_path, "schools.csv")} == {"primary", "junior"}


def test_twins_are_two_children_of_one_birth_date_in_one_family(city: Path) -> None:
    pairs = [line["children"] for line in lines(city, "families.jsonl") if len(line["children"]) == 2]
    assert pairs
    assert all(one["born_on"] == other["born_on"] for one, other in pairs)


def test_every_zone_school_and_seat_of_the_tables_belongs_together(city: Path) -> None:
    schools = {row["code"]: row["stage"] for row in table(city, "schools.csv")}
    for name in ("plan.csv", "zones.csv"):
        assert all(schools[row["school"]] == row["stage"] for row in table(city, name))
    assert {row["school"] for row in table(city, "plan.csv")} == set(schools)
    assert {row["other_school"] for row in table(city, "overflow.csv")} <= set(schools)
    zone = {(row["unit_code"], row["stage"]): row["school"] for row in table(city, "zones.csv")}
    for line in lines(city, "families.jsonl"):
        assert zone[line["form"]["unit_code"], line["stage"]] == line["choices"][0]


def test_the_workbooks_hold_the_same_rows_as_the_tables(city: Path) -> None:
    sheet = CalamineWorkbook.from_path(city / "sheets" / "150603-plan.xlsx").get_sheet_by_index(0).to_python()
    rows = [row for row in table(city, "plan.csv") if row["school"].startswith("150603")]
    assert sheet[0] == ["school", "stage", "seats"]
    assert [[str(a), str(b), str(int(str(c).split(".")[0]))] for a, b, c in sheet[1:]] == [
        [row["school"], row["stage"], row["seats"]] for row in rows
    ]


def test_mongolian_names_with_a_middle_dot_and_without_a_family_name_live_in_the_city(city: Path) -> None:
    names = [child["name"] for line in lines(city, "families.jsonl") for child in line["children"]]
    assert any("·" in name for name in names)
    nations = Counter(child["ethnicity"] for line in lines(city, "families.jsonl") for child in line["children"])
    assert set(nations) == {"汉", "蒙古", "回", "满"}


@pytest.mark.parametrize(
    ("wrong", "truth"),
    [
        (another_number("第0000009号"), "第0000009号"),
        (another_unit("150603003003"), "150603003003"),
        (another_name("宝音·巴特尔"), "宝音·巴特尔"),
        (another_name("张伟"), "张伟"),
    ],
)
def test_a_slip_is_never_the_truth(wrong: str, truth: str) -> None:
    assert wrong != truth


def test_impossible_cities_are_refused_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="unknown banners"):
        Spec("s", 10, ("999999",))
    with pytest.raises(ValueError, match="at least 4 families"):
        Spec("s", 3)
    with pytest.raises(SystemExit) as left:
        main(["--seed", "s", "--families", "9", "--folder", str(tmp_path), "--rate", "luck=1"])
    assert left.value.code == 2
    assert "unknown rates: luck" in capsys.readouterr().err


ALL = ("150603", "150621", "150627", "150602")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("played")
    write_city(Spec("parts", len(SAMPLES) + len(PARTS), ALL), folder)
    return folder


def test_a_city_of_all_banners_deals_every_part_once(played: Path) -> None:
    dealt = [(line["part"], line["banner"], line["stage"]) for line in lines(played, "families.jsonl") if line["part"]]
    assert dealt == [(part.name, part.banner, part.stage) for part in PARTS]


def test_the_short_kindergarten_has_as_many_places_too_few_as_children_play_that_they_wait(played: Path) -> None:
    short = json.loads((played / "city.json").read_text())["short"]
    wanted = sum(len(line["children"]) for line in lines(played, "families.jsonl") if line["choices"][0] == short)
    seats = {row["school"]: int(row["seats"]) for row in table(played, "plan.csv")}
    assert seats[short] == wanted - sum(part.name == "waits" for part in PARTS) > 0


def test_a_small_city_has_no_kindergarten_with_too_few_places(tmp_path: Path) -> None:
    assert write_city(Spec("parts", len(SAMPLES) + 1, ALL), tmp_path)["short"] is None


def test_one_line_of_the_first_sheet_of_zones_is_wrong_and_only_those_who_play_it_live_there(played: Path) -> None:
    right = [row for row in table(played, "zones.csv") if row["school"].startswith("150621")]
    first = table(played, "sheets/150621-zones-first.csv")
    other = [(one, its) for one, its in zip(right, first, strict=True) if one["school"] != its["school"]]
    assert [(one["unit_code"], one["stage"]) for one, _ in other] == [(wrong_unit().code, "junior")]
    there = [line for line in lines(played, "families.jsonl") if line["form"]["unit_code"] == wrong_unit().code]
    assert {line["part"] for line in there} == {"objects", "misplaced"}
    assert {line["choices"][0] for line in there} == {other[0][0]["school"]}


def test_the_feeder_leads_to_another_junior_school_than_the_address(played: Path) -> None:
    """D07: 对口直升."""
    feeder = table(played, "sheets/150602-zones-first.csv")[-1]
    fed = next(line for line in lines(played, "families.jsonl") if line["part"] == "fed")
    assert fed["leaves_school"] == feeder["feeder"]
    assert feeder["school"] != fed["choices"][0]
    assert {row["from_school"] for row in table(played, "roster.csv")} >= {feeder["feeder"]}
