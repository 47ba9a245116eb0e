"""The class lists as an Excel file for the school: every cell a text, so that nothing in it is ever executed (P16)."""

from typing import Any

from backend.classes.class_lists import newest_run
from backend.classes.gather_intake import facts_of
from backend.classes.intake import admitted
from backend.classes.move_ledger import ClassesNotFormed
from backend.classes.sign_lists import team_of
from backend.classes.standing import classes_now, sexes_of
from backend.families.people import people_of
from backend.foundation.audit import record, record_access
from backend.foundation.safe_sheets import csv_sheet, excel_sheet
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes

HEADERS = {"class": "班级", "no": "编号", "name": "姓名", "sex": "性别", "head": "班主任"}
SEX_NAMES = {"male": "男", "female": "女"}
MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


def export_lists(actor: Actor, school: str, file_format: str) -> bytes:
    """The lists as they stand now, `xlsx` or `csv`, by class and number; the look is written down child by child.

    Raises NotAllowed, ClassesNotFormed.
    """
    rows = listed(actor, school)
    record("classes.exported", "school", school, format=file_format, count=len(rows))
    texts = [{name: str(value) for name, value in row.items()} for row in rows]
    return csv_sheet(HEADERS, texts) if file_format == "csv" else excel_sheet(HEADERS, texts, "分班名单")


def listed(actor: Actor, school: str) -> list[dict[str, Any]]:
    """Every pupil with class, number, name, sex and head teacher. Raises NotAllowed, ClassesNotFormed."""
    grant = authorize_office(actor, "admitted.read", school_scopes(school))
    run = newest_run(school)
    if run is None or run.state != "published":
        raise ClassesNotFormed
    confirmed = admitted(school, ("confirmed",))
    people = people_of([child for _, _, child in confirmed])
    names = {line.no: line.name for line in facts_of(school).values()}
    names |= {placed.receipt: people[child.id].name for placed, _, child in confirmed}
    for _, _, child in confirmed:
        record_access(grant.role.name, "child", child.id, f"class lists of {school}")
    sexes, heads = sexes_of(run), {}
    rows = []
    for no, number in classes_now(run).items():
        if number not in heads:
            heads[number] = (team_of(run, number) or {}).get("head", "")
        sex = SEX_NAMES.get(sexes.get(no, ""), "")
        rows.append({"class": number, "no": no, "name": names.get(no, ""), "sex": sex, "head": heads[number]})
    return sorted(rows, key=lambda row: (row["class"], row["no"].encode()))
