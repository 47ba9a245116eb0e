"""A banner made ready the way officials do it: book, sheets and page through the verbs, for tests of the policy room."""

import datetime as dt
import io
from collections.abc import Sequence

import xlsxwriter

from backend.foundation import clock
from backend.identity.actors import Actor
from backend.identity.rules.roles import Scope
from backend.policy.book_for import book_for
from backend.policy.import_sheet import import_sheet
from backend.policy.publish_disclosure import publish_disclosure
from backend.policy.publish_rulebook import publish_rulebook
from backend.policy.rules.book import Book
from backend.policy.take_sheet import Imported
from tests.families_builders import official

BANNER = "150603"
UNITS = [
    ["unit_code", "unit", "town"],
    ["150603001001", "新北社区", "哈巴格希街道"],
    ["150603001002", "达尔罕社区", "哈巴格希街道"],
]
SCHOOLS = [
    ["学校代码", "学校名称", "学段", "学校地址", "办学条件"],
    ["150603-K01", "康巴什一幼", "幼儿园", "新北路1号", "9个班"],
    ["150603-P01", "康巴什一小", "小学", "新北路2号", "30个班"],
    ["150603-P02", "康巴什二小", "小学", "达尔罕路2号", "24个班"],
    ["150603-J01", "康巴什一中", "初中", "新北路3号", "24个班"],
]
PLAN = [
    ["学校代码", "计划人数"],
    ["150603-K01", "60"],
    ["150603-P01", "90"],
    ["150603-P02", "45"],
    ["150603-J01", "100"],
]
ZONES = [
    ["学校代码", "地址单元代码"],
    ["150603-K01", "150603001001"],
    ["150603-K01", "150603001002"],
    ["150603-P01", "150603001001"],
    ["150603-P02", "150603001002"],
    ["150603-J01", "150603001001"],
    ["150603-J01", "150603001002"],
]
OVERFLOW = [
    ["学校代码", "调剂顺序", "调剂学校代码"],
    ["150603-P01", "1", "150603-P02"],
    ["150603-P02", "1", "150603-P01"],
]
SHEETS = {"units": UNITS, "schools": SCHOOLS, "seats": PLAN, "zones": ZONES, "overflow": OVERFLOW}


def official_of(banner: str = BANNER) -> Actor:
    """An admissions official of the banner."""
    return official("banner-admissions", Scope("banner", banner))


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as an .xlsx file, every cell a text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return out.getvalue()


def take(by: Actor, kind: str, rows: Sequence[Sequence[str]], *, dry_run: bool = False) -> Imported:
    """Import rows as a sheet of a kind."""
    return import_sheet(by, BANNER, kind, f"{kind}.xlsx", workbook(rows), dry_run=dry_run)


def kangbashi(opens_in: dt.timedelta = dt.timedelta(days=-1)) -> Book:
    """康巴什's book with windows that open `opens_in` from now, for ten days."""
    now = clock.now()
    return book_for(
        "kangbashi-2020", BANNER, "康巴什区", now.year, now + opens_in, now + opens_in + dt.timedelta(days=10)
    )


def made_ready(by: Actor, book: Book | None = None, *, disclosed: bool = True) -> Book:
    """The banner with its book, all sheets and, unless said, its disclosure page."""
    book = book or kangbashi()
    publish_rulebook(by, BANNER, book.content, "测试")
    for kind, rows in SHEETS.items():
        assert take(by, kind, rows).applied, kind
    if disclosed:
        publish_disclosure(by, BANNER)
    return book
