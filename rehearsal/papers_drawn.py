"""Pages of papers that do not exist, laid out as the real ones are: ID card, 户口簿 first page and member page, 不动产权证, 居住证.

Beside the picture comes what stands on it, in the words of the form, so that a reader can be measured.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from PIL import Image, ImageDraw

from rehearsal import names
from rehearsal.chance import Chance
from rehearsal.identity_numbers import NumberOffice
from rehearsal.land import units_of
from rehearsal.pictures import letters

INK, LABEL, RED = (30, 28, 34), (70, 90, 120), (178, 36, 40)
DESK = (112, 96, 80)
BANNER = "150603"
LONGEST_PLACE = 24
SEXES = {"male": "男", "female": "女"}
Truth = Mapping[str, str]


@dataclass(frozen=True)
class Person:
    """Who stands on the page."""

    name: str
    sex: str
    ethnicity: str
    born_on: date
    number: str
    address: str


def person(chance: Chance, office: NumberOffice) -> Person:
    """Somebody who does not exist, child or adult."""
    nation = names.ethnicity(chance)
    sex = chance.choice(("male", "female"))
    name = names.full_name(chance, names.family_name(chance, nation), sex, nation)
    born_on = date(chance.choice((1988, 1992, 2014, 2020)), 1, 1) + timedelta(days=chance.randrange(365))
    unit = chance.choice([unit for unit in units_of(BANNER) if len(unit.address) <= LONGEST_PLACE])
    door = (
        f"阳光花园{chance.randint(1, 24)}号楼{chance.randint(1, 4)}单元{chance.randint(1, 18)}0{chance.randint(1, 4)}室"
    )
    return Person(name, sex, nation, born_on, office.number(BANNER, born_on, sex), f"{unit.address}{door}")


def id_card(chance: Chance, office: NumberOffice) -> tuple[Image.Image, Truth]:
    """The front of an ID card."""
    who = person(chance, office)
    page, pen = _sheet((1100, 700), (232, 240, 246))
    _pair(pen, (80, 80), "姓名", who.name, 52)
    _pair(pen, (80, 180), "性别", SEXES[who.sex], 44)
    _pair(pen, (330, 180), "民族", who.ethnicity, 44)
    _pair(pen, (80, 270), "出生", f"{who.born_on.year} 年 {who.born_on.month} 月 {who.born_on.day} 日", 44)
    _long(pen, (80, 360), "住址", who.address, 42, 12)
    pen.text((80, 600), "公民身份号码", font=letters(42), fill=LABEL)
    pen.text((400, 596), who.number, font=letters(50), fill=INK)
    pen.rectangle((790, 110, 1010, 400), fill=(206, 212, 216))
    truth = {
        "name": who.name, "sex": who.sex, "ethnicity": who.ethnicity, "born_on": who.born_on.isoformat(),
        "address": who.address, "id_number": who.number,
    }  # fmt: skip
    return _on_desk(page), truth


def residence(chance: Chance, office: NumberOffice) -> tuple[Image.Image, Truth]:
    """A residence permit."""
    who = person(chance, office)
    begins = date(2025, chance.randint(1, 12), chance.randint(1, 28))
    ends = begins.replace(year=begins.year + 3)
    page, pen = _sheet((1100, 760), (226, 240, 246))
    pen.text((550, 40), "居住证", font=letters(56), fill=RED, anchor="ma")
    _pair(pen, (80, 140), "姓名", who.name, 46)
    _pair(pen, (80, 220), "性别", SEXES[who.sex], 42)
    _pair(pen, (330, 220), "民族", who.ethnicity, 42)
    _pair(pen, (80, 300), "出生", f"{who.born_on.year} 年 {who.born_on.month} 月 {who.born_on.day} 日", 42)
    _long(pen, (80, 380), "住址", who.address, 40, 13)
    _pair(pen, (80, 540), "公民身份号码", who.number, 42)
    _pair(pen, (80, 610), "签发机关", "康巴什区公安局（演练）", 38)
    _pair(pen, (80, 680), "有效期限", f"{begins:%Y.%m.%d}-{ends:%Y.%m.%d}", 38)
    truth = {
        "name": who.name, "sex": who.sex, "ethnicity": who.ethnicity, "born_on": who.born_on.isoformat(),
        "address": who.address, "id_number": who.number, "valid_until": ends.isoformat(),
    }  # fmt: skip
    return _on_desk(page), truth


def household_head(chance: Chance, office: NumberOffice) -> tuple[Image.Image, Truth]:
    """The first page of a household book."""
    who = person(chance, office)
    number = BANNER + chance.digits(6)
    page, pen = _sheet((1400, 900), (247, 238, 214))
    _table(pen, (80, 90), (("户别", "家庭户", 620), ("户主姓名", who.name, 620)), 110, 44)
    _table(pen, (80, 200), (("户号", number, 1240),), 110, 44)
    _table(pen, (80, 310), (("住址", who.address, 1240),), 150, 42)
    pen.text((120, 560), "省级公安机关户口专用章", font=letters(36), fill=LABEL)
    pen.text((760, 560), "户口登记机关户口专用章", font=letters(36), fill=LABEL)
    pen.text(
        (760, 760),
        f"签发 {date(2020, chance.randint(1, 12), chance.randint(1, 28)):%Y年%m月%d日}",
        font=letters(34),
        fill=INK,
    )
    return _on_desk(page), {"head_name": who.name, "household_number": number, "address": who.address}


def household_member(chance: Chance, office: NumberOffice) -> tuple[Image.Image, Truth]:
    """The page of a member of the household: 常住人口登记卡."""
    who = person(chance, office)
    moved = who.born_on + timedelta(days=chance.randint(30, 700))
    page, pen = _sheet((1500, 1060), (247, 238, 214))
    pen.text((750, 30), "常住人口登记卡", font=letters(54), fill=INK, anchor="ma")
    rows = (
        (("姓名", who.name, 690), ("户主或与户主关系", "子" if who.sex == "male" else "女", 690)),
        (("曾用名", "", 690), ("性别", SEXES[who.sex], 690)),
        (("出生地", "内蒙古鄂尔多斯市", 690), ("民族", f"{who.ethnicity}族", 690)),
        (
            ("籍贯", "内蒙古自治区", 690),
            ("出生日期", f"{who.born_on.year}年{who.born_on.month}月{who.born_on.day}日", 690),
        ),
        (("本市县其他住址", "", 690), ("宗教信仰", "", 690)),
        (("公民身份证件编号", who.number, 820), ("身高", "", 270), ("血型", "", 290)),
        (("文化程度", "", 460), ("婚姻状况", "", 460), ("兵役状况", "", 460)),
        (("何时由何地迁来本址", f"{moved.year}年{moved.month}月{moved.day}日 出生登记", 1380),),
    )
    for index, row in enumerate(rows):
        _table(pen, (60, 130 + index * 104), row, 104, 38)
    truth = {
        "name": who.name, "sex": who.sex, "ethnicity": who.ethnicity, "born_on": who.born_on.isoformat(),
        "id_number": who.number, "moved_in_on": moved.isoformat(),
    }  # fmt: skip
    return _on_desk(page), truth


def property_page(chance: Chance, office: NumberOffice) -> tuple[Image.Image, Truth]:
    """The inner page of a property certificate."""
    who = person(chance, office)
    year, number = chance.randint(2016, 2026), chance.randint(1, 9_999_999)
    certificate = f"蒙({year})康巴什区不动产权第{number:07d}号"
    unit = f"{BANNER}{chance.digits(6)}GB{chance.digits(5)}F{chance.digits(8)}"
    use = chance.choice(("住宅", "住宅", "公寓"))
    registered = date(year, chance.randint(1, 12), chance.randint(1, 28))
    page, pen = _sheet((1240, 1500), (250, 236, 230))
    pen.text((620, 60), certificate.replace("(", "（").replace(")", "）"), font=letters(44), fill=INK, anchor="ma")
    rows: tuple[tuple[str, str], ...] = (
        ("权利人", who.name), ("共有情况", "单独所有"), ("坐落", who.address), ("不动产单元号", unit),
        ("权利类型", "国有建设用地使用权/房屋所有权"), ("权利性质", "出让/市场化商品房"), ("用途", f"城镇住宅用地/{use}"),
        ("面积", f"房屋建筑面积{chance.randint(60, 180)}.{chance.randint(10, 99)}㎡"),
        ("使用期限", "国有建设用地使用权 2080年06月30日止"), ("登记日期", f"{registered:%Y年%m月%d日}"),
    )  # fmt: skip
    if use == "公寓":
        rows = tuple((label, "商服用地/公寓" if label == "用途" else text) for label, text in rows)
    for index, (label, text) in enumerate(rows):
        _table(pen, (60, 150 + index * 122), ((label, text, 1120),), 122, 38)
    truth = {
        "owner": who.name, "address": who.address, "property_unit": unit, "use": use, "certificate": certificate,
        "registered_on": registered.isoformat(),
    }  # fmt: skip
    return _on_desk(page), truth


DRAWN: Mapping[str, Callable[[Chance, NumberOffice], tuple[Image.Image, Truth]]] = {
    "id-card": id_card,
    "household-head": household_head,
    "household-member": household_member,
    "property": property_page,
    "residence": residence,
}
"""Page → how it is drawn: (picture, what stands on it)."""


def _sheet(size: tuple[int, int], paper: tuple[int, int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(page)
    for down in range(30, size[1], 26):
        pen.line([(0, down), (size[0], down + 12)], fill=tuple(max(0, part - 9) for part in paper), width=1)
    return page, pen


def _on_desk(page: Image.Image) -> Image.Image:
    """The page on a desk, as a phone frames it."""
    margin = page.width // 14
    picture = Image.new("RGB", (page.width + 2 * margin, page.height + 2 * margin), DESK)
    picture.paste(page, (margin, margin))
    return picture


def _pair(pen: ImageDraw.ImageDraw, at: tuple[int, int], label: str, text: str, size: int) -> None:
    pen.text(at, label, font=letters(size - 8), fill=LABEL)
    pen.text((at[0] + (size - 8) * len(label) + 34, at[1] - 4), text, font=letters(size), fill=INK)


def _long(pen: ImageDraw.ImageDraw, at: tuple[int, int], label: str, text: str, size: int, per_line: int) -> None:
    pen.text(at, label, font=letters(size - 8), fill=LABEL)
    for line in range(0, len(text), per_line):
        place = (at[0] + (size - 8) * len(label) + 34, at[1] - 4 + line // per_line * (size + 16))
        pen.text(place, text[line : line + per_line], font=letters(size), fill=INK)


def _table(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], cells: tuple[tuple[str, str, int], ...], height: int, size: int
) -> None:
    """One row of a printed table: label cell and value cell, side by side, each pair `width` wide."""
    left, top = at
    for label, text, width in cells:
        label_width = int((size - 6) * len(label) + 40)
        pen.rectangle((left, top, left + width, top + height), outline=(120, 100, 80), width=2)
        pen.line((left + label_width, top, left + label_width, top + height), fill=(120, 100, 80), width=2)
        middle = top + height // 2
        pen.text((left + 18, middle), label, font=letters(size - 6), fill=LABEL, anchor="lm")
        room = width - label_width - 30
        lines = [text]
        if pen.textlength(text, font=letters(size)) > room:
            half = (len(text) + 1) // 2
            lines = [text[:half], text[half:]]
        for number, line in enumerate(lines):
            shift = (number - (len(lines) - 1) / 2) * (size + 8)
            pen.text((left + label_width + 18, middle + shift), line, font=letters(size), fill=INK, anchor="lm")
        left += width
