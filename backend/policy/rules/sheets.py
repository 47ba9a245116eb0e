"""Sheets that officials hand in: their columns, and every row read into words with its faults told at once."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backend.policy.rules.facts import STAGES
from backend.policy.rules.places import RowFault

Rows = Sequence[Sequence[str]]
MICRO = 1_000_000
WHOLE_SHEET = 0
"""The row number of faults that belong to no single row."""

YES, NO = {"是", "有", "yes", "true", "1"}, {"否", "无", "no", "false", "0", ""}
SPOILED = re.compile(r"^[0-9.]+E\+?[0-9]+$", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """A column by its key, the title officials write, other titles accepted, and whether it must be there."""

    key: str
    title: str
    also: tuple[str, ...] = ()
    needed: bool = True


@dataclass
class SheetReader:
    """The rows of a sheet under known titles; faults gather here while a reader goes through the rows."""

    columns: Sequence[Column]
    rows: Rows
    faults: list[RowFault] = field(default_factory=list)

    def __iter__(self) -> Iterator["RowReader"]:
        """Every row that is not empty; nothing where a needed column is missing."""
        places = self._places()
        if places is None:
            return
        for number, row in enumerate(self.rows[1:], start=2):
            cells = {key: row[place].strip() if place < len(row) else "" for key, place in places.items()}
            if any(cell.strip() for cell in row):
                yield RowReader(self, number, cells)

    def title(self, key: str) -> str:
        """The title of a column."""
        return next(column.title for column in self.columns if column.key == key)

    def fault(self, row: int, key: str, what: str, *, grave: bool = True) -> None:
        """Write down a fault of a row's column, or of the whole sheet (`row` 0, `key` "")."""
        self.faults.append(RowFault(row, self.title(key) if key else "", what, grave))

    def _places(self) -> Mapping[str, int] | None:
        if not self.rows or not any(cell.strip() for cell in self.rows[0]):
            self.faults.append(RowFault(1, "", "表格是空的：第一行应是列名。"))
            return None
        known = {name: column.key for column in self.columns for name in (column.key, column.title, *column.also)}
        places: dict[str, int] = {}
        for place, title in enumerate(cell.strip() for cell in self.rows[0]):
            key = known.get(title)
            if key is None and title:
                self.faults.append(RowFault(1, title, f"不认识“{title}”这一列，已忽略。", grave=False))
            elif key in places:
                self.faults.append(RowFault(1, title, f"“{title}”这一列出现了两次。"))
            elif key is not None:
                places[key] = place
        absent = [column.title for column in self.columns if column.needed and column.key not in places]
        self.faults += [RowFault(1, title, f"缺少“{title}”这一列。") for title in absent]
        return None if absent else places


@dataclass
class RowReader:
    """One row: its cells by key, each read with a check that writes down what is wrong and goes on."""

    sheet: SheetReader
    number: int
    cells: Mapping[str, str]
    sound: bool = True

    def fault(self, key: str, what: str) -> None:
        """Write down a grave fault; the row gives no value any more."""
        self.sound = False
        self.sheet.fault(self.number, key, what)

    def text(self, key: str, longest: int = 200) -> str:
        """A text; empty only where the column may be."""
        value = self.cells.get(key, "")
        column = next(column for column in self.sheet.columns if column.key == key)
        if not value and column.needed:
            self.fault(key, f"“{column.title}”不能空着。")
        if "\x00" in value or "\n" in value:
            self.fault(key, f"“{column.title}”里有不能显示的字符或换行。")
        if len(value) > longest:
            self.fault(key, f"“{column.title}”太长，最多{longest}个字。")
        return value

    def code(self, key: str, pattern: str, like: str) -> str:
        """A code of a fixed form, or an empty text with a fault that shows the form."""
        value = self.text(key)
        if value and SPOILED.match(value):
            self.fault(key, f"“{value}”被表格软件存成了数字，后面的位数丢了；请把这一列设为文本再重新填写。")
        elif value and not re.fullmatch(pattern, value):
            self.fault(key, f"“{value}”写法不对，应像 {like}。")
        return value

    def id_number(self, key: str, id_fault: Callable[[str], str | None]) -> str:
        """An ID number with a capital X; `id_fault` says in Chinese what is wrong with one (GB 11643)."""
        number = self.code(key, r"[0-9Xx]+", "18位身份证号").upper()
        wrong = id_fault(number) if number and self.sound else None
        if wrong:
            self.fault(key, wrong)
        return number

    def stage(self) -> str:
        """The stage by its key or its name, or an empty text with a fault."""
        named = self.text("stage")
        stage = next((key for key, name in STAGES.items() if named in {key, name}), "")
        if named and not stage:
            self.fault("stage", f"没有“{named}”这个学段，请填幼儿园、小学或初中。")
        return stage

    def whole_number(self, key: str, least: int, most: int) -> int:
        """A whole number between `least` and `most`; 0 with a fault where it is none."""
        value = self.text(key, 20)
        if not value:
            return 0
        if not re.fullmatch(r"[0-9]{1,9}", value):
            self.fault(key, f"“{value}”不是整数，请填阿拉伯数字，不要带“人”等字。")
            return 0
        if not least <= int(value) <= most:
            self.fault(key, f"“{value}”超出范围，应在{least}到{most}之间。")
        return int(value)

    def degrees(self, key: str, most: int) -> int | None:
        """A coordinate in degrees with at most six decimals, as whole millionths; None where the cell is empty."""
        value = self.text(key, 20)
        if not value:
            return None
        found = re.fullmatch(r"(-?)([0-9]{1,3})(?:\.([0-9]{1,6}))?", value)
        whole = int(found[2]) * MICRO + int((found[3] or "").ljust(6, "0")) if found else 0
        if found is None or whole > most * MICRO:
            self.fault(key, f"“{value}”不是经纬度，应像 109.781327，最多六位小数。")
            return None
        return -whole if found[1] else whole

    def yes(self, key: str) -> bool:
        """是 or 否; an empty cell is 否."""
        value = self.cells.get(key, "").lower()
        if value not in YES | NO:
            self.fault(key, f"“{value}”看不懂，请填“是”或“否”。")
        return value in YES
