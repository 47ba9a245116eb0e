"""The disclosure page of a banner (D12a-D12f) as a value, and what is still missing before a window may open."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.policy.rules.book import Book
from backend.policy.rules.facts import STAGES
from backend.policy.rules.guide import calendar
from backend.policy.rules.places import PlanLine, School, ZoneLine
from backend.policy.rules.placing_words import placing_words
from backend.policy.rules.seat_types import shown_classes

EFFECTS = {
    "place-first": "在本片区优先安排",
    "choose-within-list": "在公布的学校名单中选择",
    "any-school": "可选择任何公办学校",
}


@dataclass(frozen=True)
class Missing:
    """One thing that the disclosure page lacks: the duty (D12a-D12f) and a Chinese sentence."""

    duty: str
    what: str


@dataclass(frozen=True)
class DisclosurePage:
    """`value` is the page as JSON (GET /api/banners/{code}/disclosure); with anything `missing` it may not stand."""

    value: dict[str, Any]
    missing: tuple[Missing, ...]


def disclosure(
    book: Book, schools: Sequence[School], zones: Sequence[ZoneLine], plan: Sequence[PlanLine]
) -> DisclosurePage:
    """The page that must be public before any window opens (D12a-D12f), with everything it still lacks."""
    schools = sorted(school for school in schools if school.stage in book.stages)
    value = {
        "banner": book.banner,
        "name": book.banner_name,
        "year": book.year,
        "book_sha256": book.sha256,
        "version": book.version,
        "source": book.source.title,
        "zones": [_zone(school, zones) for school in schools],
        "plan": _plan(schools, plan),
        "dates": [{"what": told.what, "from": told.begins, "to": told.ends} for told in calendar(book)],
        "conditions": [{"school": school.code, "text": school.conditions} for school in schools if school.conditions],
        "seat_types": [
            {"code": shown.code, "name": shown.name, "stage": stage, "text": shown.text}
            for stage in book.stages
            for shown in shown_classes(book, stage)
        ],
        "placing": placing_words(book),
        "papers": [
            {"kind": paper.kind, "name": paper.shown_name, "when": paper.why, "stages": list(paper.stages)}
            for paper in book.papers
        ],
        "preferences": [
            {"name": group.name, "approved_by": group.approved_by, "effect": EFFECTS[group.effect]}
            for group in book.preferences
        ],
        "enquiry": [{"name": line.name, "phone": line.phone, "hours": line.hours} for line in book.enquiry],
        "complaint": [{"name": line.name, "phone": line.phone} for line in book.complaint],
        "class_forming": book.class_forming,
    }
    return DisclosurePage(value, tuple(_missing(book, schools, zones, plan)))


def _zone(school: School, zones: Iterable[ZoneLine]) -> dict[str, Any]:
    units = sorted({(line.unit_code, line.unit_name) for line in zones if line.school == school.code})
    return {
        "school": school.code,
        "school_name": school.name,
        "stage": school.stage,
        "units": [{"code": code, "name": name} for code, name in units],
    }


def _plan(schools: Iterable[School], plan: Iterable[PlanLine]) -> list[dict[str, Any]]:
    seats = {line.school: line.seats for line in plan}
    return [
        {"school": school.code, "school_name": school.name, "stage": school.stage, "seats": seats[school.code]}
        for school in schools
        if school.code in seats
    ]


def _missing(
    book: Book, schools: Sequence[School], zones: Sequence[ZoneLine], plan: Sequence[PlanLine]
) -> Iterator[Missing]:
    planned = {line.school for line in plan}
    zoned = {line.school for line in zones}
    for stage in book.stages:
        if not any(school.stage == stage for school in schools):
            yield Missing("D12a", f"{STAGES[stage]}还没有一所学校。")
    for school in schools:
        if not school.private and school.code not in zoned:
            yield Missing("D12a", f"{school.name}（{school.code}）还没有划片范围。")
        if school.code not in planned:
            yield Missing("D12b", f"{school.name}（{school.code}）还没有招生计划。")
        if not school.conditions:
            yield Missing("D12d", f"{school.name}（{school.code}）还没有公布办学条件。")
    if not book.dates:
        yield Missing("D12c", "招生程序和时间只有登记时间，还要写明核验、公布结果和报到的日期。")
    if not book.enquiry:
        yield Missing("D12e", "还没有咨询电话。")
    if not book.complaint:
        yield Missing("D12f", "还没有举报信访电话。")
