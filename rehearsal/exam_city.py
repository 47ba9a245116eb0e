"""The exam wing's simulated city: rules of a year, junior schools, plan units, candidates with scores and true wishes."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rehearsal.chance import Chance
from rehearsal.exam_rules import BANNERS, SUBJECTS, Unit, exam_rules
from rehearsal.names import ethnicity, family_name, full_name

JUNIORS_A_BANNER = 3
CLASS_SIZE = 48
PLACES_SHARE = 0.72
"""Places of all general units for each candidate: about what the prefecture's ordinary senior highs take."""
WISHES = 6


@dataclass(frozen=True)
class Candidate:
    """A candidate who does not exist: number, phone, scores by subject (tenths), true wishes best first."""

    number: str
    name: str
    phone: str
    junior: str
    banner: str
    scores: Mapping[str, int]
    wishes: tuple[str, ...]
    leaves_a_list: bool

    @property
    def total(self) -> float:
        """The total in points."""
        return sum(self.scores.values()) / 10


@dataclass(frozen=True)
class ExamCity:
    """Everything the exam office hands in, and the candidates."""

    year: int
    rules: Mapping[str, Any]
    juniors: Sequence[tuple[str, str, str, int, int]]
    units: Sequence[Unit]
    candidates: Sequence[Candidate]

    def sheets(self) -> dict[str, bytes]:
        """The sheets by kind, in the order in which they are imported; former years' lines stand in `exam_former`."""
        return {
            "juniors": csv_sheet(("学校代码", "学校名称", "旗区代码", "毕业班数", "毕业生数"), self.juniors),
            "units": csv_sheet(
                ("计划代码", "学校代码", "名称", "旗区代码", "类别", "计划数", "生源范围"),
                [
                    (one.code, one.school, one.name, one.banner, "general", one.plan, "、".join(one.origin))
                    for one in self.units
                ],
            ),
            "candidates": csv_sheet(
                ("准考证号", "姓名", "手机号", "学籍学校代码", "学籍旗区代码", "户籍旗区代码", "学籍取得日期"),
                [
                    (one.number, one.name, one.phone, one.junior, one.banner, one.banner, f"{self.year - 3}-09-01")
                    for one in self.candidates
                ],
            ),
            "scores": csv_sheet(
                ("准考证号", *(name for _, name, _ in SUBJECTS)),
                [(one.number, *(f"{one.scores[code] / 10:g}" for code, _, _ in SUBJECTS)) for one in self.candidates],
            ),
        }


def csv_sheet(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A sheet as an office hands it in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()


def make_exam(seed: str, candidates: int, opens_at: datetime, band: timedelta) -> ExamCity:
    """The same seed makes the same city. Bands of 普通类 open together at `opens_at` and close one `band` after another."""
    chance = Chance(f"exam/{seed}")
    year = opens_at.year
    pupils = candidates // (len(BANNERS) * JUNIORS_A_BANNER) + 1
    juniors = [
        (
            f"{banner}-J{number:02d}",
            f"演练{BANNERS[banner]}第{number}初中",
            banner,
            -(-pupils // CLASS_SIZE),
            pupils,
        )
        for banner in BANNERS
        for number in range(1, JUNIORS_A_BANNER + 1)
    ]
    units = _units(candidates)
    people = [_candidate(chance, index, juniors, units) for index in range(candidates)]
    return ExamCity(year, exam_rules(year, opens_at, band, units), juniors, units, people)


def candidates_of(seed: str, city: ExamCity) -> list[Candidate]:
    """As many other candidates of the same schools, wishing for the same units."""
    chance = Chance(f"exam/{seed}")
    return [_candidate(chance, index, city.juniors, city.units) for index in range(len(city.candidates))]


def _units(candidates: int) -> list[Unit]:
    """One school open to the whole city, three in each banner for its own pupils; better ones are smaller."""
    places = max(20, round(candidates * PLACES_SHARE))
    shares: list[tuple[str, str, str, tuple[str, ...], float, float]] = [
        ("1506-S01", "演练市第一中学", "150602", (), 0.16, 1.0)
    ]
    for banner in BANNERS:
        for number, share, liked in ((1, 0.05, 0.8), (2, 0.07, 0.55), (3, 0.09, 0.3)):
            name = f"演练{BANNERS[banner]}第{number}高中"
            shares.append((f"{banner}-S{number:02d}", name, banner, (banner,), share, liked))
    return [
        Unit(
            f"{school}-general",
            school,
            f"{name}（汉授·{'全市' if not origin else '本旗区'}）",
            banner,
            max(1, round(places * share)),
            origin,
            liked,
        )
        for school, name, banner, origin, share, liked in shares
    ]


def _candidate(chance: Chance, index: int, juniors: Sequence[tuple[Any, ...]], units: Sequence[Unit]) -> Candidate:
    junior = juniors[index % len(juniors)]
    nation, sex = ethnicity(chance), chance.choice(("male", "female"))
    ability = min(0.97, max(0.25, chance.gauss(0.68, 0.15)))
    scores = {
        code: round(10 * full * min(1.0, max(0.05, chance.gauss(ability, 0.06)))) // 5 * 5 for code, _, full in SUBJECTS
    }
    open_to = [unit for unit in units if not unit.origin or junior[2] in unit.origin]
    wishes = sorted(open_to, key=lambda unit: -(unit.liked + chance.gauss(0, 0.12)))
    return Candidate(
        number=f"26{index + 1:07d}",
        name=full_name(chance, family_name(chance, nation), sex, nation),
        phone=f"139{index + 1:08d}",
        junior=str(junior[0]),
        banner=str(junior[2]),
        scores=scores,
        wishes=tuple(unit.code for unit in wishes[:WISHES]),
        leaves_a_list=chance.happens(0.3),
    )


def wishes_passed_over(candidates: Sequence[Candidate], units: Mapping[str, str | None]) -> tuple[int, int]:
    """Wishes better than what a candidate got, at units that admitted somebody with a lower total: of those who moved by
    hand, and of those who left a list.

    `units`: candidate's number → unit or None; who is not in it counts neither way. Equal totals are no envy. By hand it
    happens to who stops looking before the close; a list is never passed over.
    """
    lowest: dict[str, float] = {}
    for one in candidates:
        unit = units.get(one.number)
        if unit is not None:
            lowest[unit] = min(lowest.get(unit, one.total), one.total)
    passed = {False: 0, True: 0}
    for one in candidates:
        if one.number in units:
            held = units[one.number]
            better = one.wishes[: one.wishes.index(held)] if held in one.wishes else one.wishes
            passed[one.leaves_a_list] += sum(unit in lowest and lowest[unit] < one.total for unit in better)
    return passed[False], passed[True]
