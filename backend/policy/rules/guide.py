"""The answer to what parents ask first: which school, which papers, does my child qualify; chat and phone alike."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from backend.policy.rules.book import Book
from backend.policy.rules.claims import PaperDue, facts_assumed, in_area_of, papers_for
from backend.policy.rules.facts import STAGES
from backend.policy.rules.places import ZoneLine, zone_lines_for
from backend.policy.rules.predicates import Facts
from backend.policy.rules.seat_types import SeatTypeVerdict, SettledType, seat_type_for
from backend.policy.rules.times import BEIJING, age_verdict

KINDS = {"registration": "登记", "supplement": "补登"}


@dataclass(frozen=True)
class DateTold:
    """A span of the calendar in words: what, from and to as YYYY-MM-DD HH:MM or YYYY-MM-DD."""

    what: str
    begins: str
    ends: str


@dataclass(frozen=True)
class Guide:
    """The guide's answer. `of_age` and `seat_type` are None where they cannot be said; the texts then say why."""

    of_age: bool | None
    age_text: str
    schools: tuple[tuple[str, str], ...]
    seat_type: SettledType | None
    seat_type_text: str
    papers: tuple[PaperDue, ...]
    dates: tuple[DateTold, ...]
    notes: tuple[str, ...]


def guide(
    book: Book, zones: Sequence[ZoneLine], stage: str, unit_code: str, claims: Facts, born_on: dt.date | None
) -> Guide:
    """What a family with these claims at this address may expect, if everything it says is confirmed.

    It promises nothing: the notes say that departments verify, and what would change the answer. KeyError where the
    book does not speak of the stage.
    """
    of_age, age_text = None, f"告诉我孩子的出生日期，就能知道今年能不能登记{STAGES[stage]}。"
    if born_on is not None or book.age(stage).turns is None:
        verdict = age_verdict(book, stage, born_on or dt.date.min)
        of_age, age_text = verdict.of_age, verdict.text
    seat = seat_type_for(book, stage, facts_assumed(book, claims, unit_code))
    lines = zone_lines_for(zones, stage, unit_code, seat.settled.code if seat.settled else None)
    return Guide(
        of_age,
        age_text,
        tuple((line.school, line.school_name) for line in lines),
        seat.settled,
        _seat_type_text(book, seat),
        papers_for(book, stage, claims),
        calendar(book, stage),
        tuple(_notes(book, stage, unit_code, lines, claims)),
    )


def _seat_type_text(book: Book, seat: SeatTypeVerdict) -> str:
    if seat.settled is None:
        names = "、".join(kind.name for kind in seat.possible)
        return f"现在还不能确定，可能是：{names}。核验之后才能确定。"
    if seat.settled.kind == "coordination":
        return f"{seat.settled.name}：{book.coordination.text}"
    return next(f"{kind.name}：{kind.text}" for kind in book.seat_types if kind.code == seat.settled.code)


def calendar(book: Book, stage: str | None = None) -> tuple[DateTold, ...]:
    """The published calendar (D12c): the windows of a stage (None: of all), then the other dates of the book."""
    windows = [
        DateTold(
            f"{STAGES[window.stage]}{KINDS[window.kind]}",
            window.opens_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"),
            window.closes_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"),
        )
        for window in sorted(book.windows, key=lambda window: (window.opens_at, list(STAGES).index(window.stage)))
        if stage in {None, window.stage}
    ]
    return (*windows, *(DateTold(line.what, line.from_on, line.to_on) for line in book.dates))


def _notes(book: Book, stage: str, unit_code: str, lines: Sequence[ZoneLine], claims: Facts) -> list[str]:
    notes = ["以上按您说的情况推算，以部门核验和正式公布为准。"]
    if not unit_code.startswith(book.banner):
        notes.append(f"这个地址不在{book.banner_name}，请到住址所在旗区登记。")
    elif not in_area_of(book, unit_code):
        notes.append(f"这个地址不在{book.area.name}的招生范围内，请向旗区教育体育局咨询。")
    elif not lines:
        notes.append(f"这个地址还没有划入{STAGES[stage]}片区，由教育行政部门统筹安排，请打咨询电话。")
    elif len(lines) > 1:
        notes.append("这个地址属于多校划片，登记时可在上面几所学校中填报志愿。")
    if claims.get("claim.household") == "elsewhere":
        notes.append("外地户籍的孩子同样可以登记，以居住证为主要依据。")
    lock = book.lock(stage)
    if lock is not None:
        except_ = "，同一家庭的二孩、三孩不受限" if lock.sibling_exception else ""
        notes.append(f"同一套住房{lock.years}年内只提供一个{STAGES[stage]}学位{except_}；可先查询学位是否被占用。")
    if book.families.sibling_follows:
        notes.append("哥哥或姐姐正在片区学校就读的，登记时可申请长幼随学。")
    if book.school_visit is not None:
        notes.append(book.school_visit.notice)
    return [*notes, book.confirmation.text, *book.notes]
