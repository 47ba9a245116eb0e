"""What a school hands in before its classes are formed, as Excel files, and what the hall's screen shows after the draw."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

from tests.policy_builders import workbook

PEOPLES, PLACES = ("汉", "汉", "汉", "蒙古", "回"), ("康巴什区", "康巴什区", "外地")
SUBJECTS = ("语文", "数学", "英语")


def pupil_rows(count: int) -> list[list[str]]:
    """Pupils who did not come through the platform; two names sound alike, two quarrel."""
    rows = [["编号", "姓名", "性别", "民族", "户籍地", "出生日期", "特殊需要", "分开组"]]
    for number in range(count):
        name = ("张伟", "章薇")[number] if number < 2 else f"演练生{number}"
        born_on = f"2020-{number % 12 + 1:02d}-15"
        quarrel = "甲" if number in (4, 5) else ""
        traits = [
            "男女"[number % 2],
            PEOPLES[number % 5],
            PLACES[number % 3],
            born_on,
            "是" if number % 20 == 7 else "否",
        ]
        rows.append([f"N{number:03d}", name, *traits, quarrel])
    return rows


def teacher_rows(classes: int) -> list[list[str]]:
    """A head for every class, and one teacher of each other subject for two classes."""
    rows = [["工号", "姓名", "性别", "出生日期", "职称", "任教学科", "业务水平", "班主任"]]
    for place, subject in enumerate(SUBJECTS):
        for turn in range(classes if place == 0 else (classes + 1) // 2):
            sex, title = "男女"[(place + turn) % 2], ("高级", "一级")[turn % 2]
            more = [f"{1975 + 5 * turn}-06-01", title, subject, str(80 + 3 * turn), "是" if place == 0 else "否"]
            rows.append([f"T{place}{turn}", f"演练师{place}{turn}", sex, *more])
    return rows


def written(file: Path, rows: Sequence[Sequence[str]]) -> Path:
    """The rows as an .xlsx file."""
    file.write_bytes(workbook([list(row) for row in rows]))
    return file


def members_of(hall: Page) -> list[list[str]]:
    """The numbers of every class as the screen shows them."""
    return [card.locator(".member").all_inner_texts() for card in hall.locator(".class-cards article").all()]
