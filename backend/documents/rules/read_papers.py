"""Which page this is and what stands in its fields: by labels and what stands beside them, for five kinds of pages.

Pages: id-card, household-head (户口簿首页), household-member (常住人口登记卡), property (不动产权证), residence (居住证).
What comes out is a proposal: the family says 对 or 改; it never decides (capabilities A23, wishes 9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.documents.rules.boxes import Box, below, in_reading_order, right_of, straightened
from backend.documents.rules.read_values import EXACT, READERS, plain

CONFIDENT = 90
CONFIDENT_EXACT = 94
BESIDE = 0.6
HALF_A_CELL = 1.4
"""A value of two lines stands above and below the middle of its cell by less than this many letters' heights."""
CARD, ENOUGH = "id-card", 2
SAID_FIELD = 60
"""A text that the reader is less sure of is not proposed at all."""


@dataclass(frozen=True)
class Page:
    """`labels`: field → how its label is printed; `title`: words that stand on no other page; `long` fields take lines."""

    labels: Mapping[str, tuple[str, ...]]
    title: tuple[str, ...]
    other_labels: tuple[str, ...] = ()
    long: tuple[str, ...] = ("address",)


PAGES: Mapping[str, Page] = {
    "id-card": Page(
        {
            "name": ("姓名",),
            "sex": ("性别",),
            "ethnicity": ("民族",),
            "born_on": ("出生",),
            "address": ("住址",),
            "id_number": ("公民身份号码",),
        },
        ("公民身份号码", "住址", "出生", "民族"),
    ),
    "household-head": Page(
        {"head_name": ("户主姓名",), "household_number": ("户号",), "address": ("住址",)},
        ("户主姓名", "户别", "户号", "住址变动登记"),
        ("户别", "省级公安机关", "户口登记机关"),
    ),
    "household-member": Page(
        {
            "name": ("姓名",),
            "sex": ("性别",),
            "ethnicity": ("民族",),
            "born_on": ("出生日期",),
            "id_number": ("公民身份号码", "公民身份证件编号"),
            "moved_in_on": ("何时由何地迁来本址", "迁入日期"),
        },
        ("常住人口登记卡", "与户主关系", "户主或与户主关系", "籍贯", "出生地", "迁来本址"),
        ("户主或与户主关系", "与户主关系", "曾用名", "出生地", "籍贯", "宗教信仰", "身高", "血型", "文化程度",
         "婚姻状况", "兵役状况", "服务处所", "职业", "本市县其他住址", "何时由何地迁来本市县"),
        (),
    ),
    "property": Page(
        {
            "owner": ("权利人",),
            "address": ("坐落",),
            "property_unit": ("不动产单元号",),
            "use": ("用途",),
            "registered_on": ("登记日期", "登记时间"),
        },
        ("不动产权", "权利人", "坐落", "不动产单元号", "共有情况", "权利性质"),
        ("共有情况", "权利类型", "权利性质", "面积", "使用期限", "权利其他状况", "附记"),
        ("address", "property_unit"),
    ),
    "residence": Page(
        {
            "name": ("姓名",),
            "sex": ("性别",),
            "ethnicity": ("民族",),
            "born_on": ("出生",),
            "address": ("住址",),
            "id_number": ("公民身份号码",),
            "valid_until": ("有效期限",),
        },
        ("居住证", "签发机关", "有效期限"),
        ("签发机关", "签发次数"),
    ),
}  # fmt: skip
PAGES_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "household": ("household-member", "household-head", "id-card"),
    "property": ("property",),
    "residence": ("residence", "id-card"),
}
"""Kind of paper → the pages that belong to it; other kinds are not read."""


@dataclass(frozen=True)
class Read:
    """One field: its value, how sure the reader is (0 to 100), and whether that is enough to say so."""

    value: str
    sure: int
    is_confident: bool


@dataclass(frozen=True)
class Reading:
    """The page ("" where it is none that is known) and its fields."""

    page: str
    fields: Mapping[str, Read] = field(default_factory=dict)


def read_page(boxes: Sequence[Box]) -> Reading:
    """What stands on the page."""
    straight = straightened(boxes)
    page = page_of(straight)
    if not page:
        return Reading("")
    fields = _fields(PAGES[page], straight)
    if page == "property":
        fields |= _certificate(straight)
    return Reading(page, _agreed(fields))


def page_of(boxes: Sequence[Box]) -> str:
    """The page whose own words stand here, at least two of them; an ID card has no words of its own; "" for none."""
    texts = [plain(box.text) for box in boxes]
    found = {name: sum(any(word in text for text in texts) for word in page.title) for name, page in PAGES.items()}
    own = {name: count / len(PAGES[name].title) for name, count in found.items() if name != CARD and count >= ENOUGH}
    if own:
        return max(own, key=lambda name: (own[name], name))
    return CARD if found[CARD] >= ENOUGH else ""


def is_other_page(kind: str, page: str) -> bool:
    """Whether a page that was recognised belongs to another kind of paper than the family said."""
    return kind in PAGES_OF_KIND and page != "" and page not in PAGES_OF_KIND[kind]


def _fields(page: Page, boxes: Sequence[Box]) -> dict[str, Read]:
    labels = {box: known for box in boxes if (known := _label_in(page, box)) is not None}
    fields: dict[str, Read] = {}
    for box, (name, label) in labels.items():
        if name not in page.labels or name in fields:
            continue
        read = _beside(page, name, label, box, boxes, list(labels))
        if read is not None:
            fields[name] = read
    return fields


def _label_in(page: Page, box: Box) -> tuple[str, str] | None:
    """(field, label) where the box begins with a label of the page; a label without a field is told as ("", label)."""
    text = plain(box.text)
    known = [(name, label) for name, labels in page.labels.items() for label in labels]
    known += [("", label) for label in page.other_labels]
    fits = [(name, label) for name, label in known if text.startswith(label)]
    return max(fits, key=lambda each: len(each[1])) if fits else None


def _beside(page: Page, name: str, label: str, box: Box, boxes: Sequence[Box], labels: Sequence[Box]) -> Read | None:
    """The value that stands in the label's own box, right of it, and for long fields under that."""
    until = min((each.left for each in right_of(box, labels, float("inf"))), default=float("inf"))
    parts = [each for each in right_of(box, boxes, until) if each not in labels]
    own = plain(box.text)[len(label) :]
    texts, sure = [own] if own else [], [box.sure] if own else []
    if name in page.long:
        parts = _lines(box, parts, boxes, until, labels)
    texts += [each.text for each in parts]
    sure += [each.sure for each in parts]
    value = READERS[name]("".join(texts)) if texts else None
    return _read(name, value, min(sure)) if value and min(sure) >= SAID_FIELD else None


def _lines(label: Box, parts: Sequence[Box], boxes: Sequence[Box], until: float, labels: Sequence[Box]) -> list[Box]:
    """The lines of a long value: beside the label and on under it; in a table cell also half a line above the label."""
    next_label = min((each.top for each in labels if each.top > label.bottom and each.left < label.right), default=1e9)
    near = {
        each: None
        for each in (*parts, *boxes)
        if each not in labels
        and label.right - label.height * BESIDE <= each.left < until
        and abs(each.middle - label.middle) <= HALF_A_CELL * max(each.height, label.height)
    }
    lines = in_reading_order(list(near))
    first = lines[0] if lines else label
    last = lines[-1] if lines else label
    more = below(replace(last, left=first.left), boxes, next_label, until)
    return [*lines, *(each for each in more if each not in labels and each not in near)]


def _certificate(boxes: Sequence[Box]) -> dict[str, Read]:
    """The number stands under the title, without a label; it may be read as several boxes of one line."""
    for box in sorted(boxes, key=lambda each: each.top):
        line = [box, *right_of(box, boxes, float("inf"))]
        value = READERS["certificate"]("".join(each.text for each in line))
        if value is not None:
            return {"certificate": _read("certificate", value, min(each.sure for each in line))}
    return {}


def _read(name: str, value: str, sure: int) -> Read:
    return Read(value, sure, sure >= (CONFIDENT_EXACT if name in EXACT else CONFIDENT))


def _agreed(fields: dict[str, Read]) -> dict[str, Read]:
    """The identity number holds birthday and sex: where a read one says otherwise, none of both is said for sure."""
    number = fields.get("id_number")
    if number is None:
        return fields
    digits = number.value
    told = {
        "born_on": f"{digits[6:10]}-{digits[10:12]}-{digits[12:14]}",
        "sex": "male" if int(digits[16]) % 2 else "female",
    }
    for name, value in told.items():
        read = fields.get(name)
        if read is None or read.value == value:
            fields[name] = Read(value, max(number.sure, read.sure if read else 0), number.is_confident)
        else:
            fields[name] = Read(read.value, read.sure, is_confident=False)
            fields["id_number"] = Read(digits, number.sure, is_confident=False)
    return fields
