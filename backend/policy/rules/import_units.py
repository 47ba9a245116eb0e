"""Address units of a banner read from a sheet (A06): the village-level codes that zones are made of."""

from backend.policy.rules.import_zones import UNIT_CODE
from backend.policy.rules.imports import read_position
from backend.policy.rules.places import RowFault, Unit
from backend.policy.rules.sheets import WHOLE_SHEET, Column, Rows, SheetReader

UNIT_COLUMNS = (
    Column("unit_code", "地址单元代码", ("社区代码", "村居代码")),
    Column("unit", "地址单元名称", ("社区", "村居")),
    Column("town", "乡镇街道"),
    Column("town_code", "乡镇街道代码", needed=False),
    Column("banner", "旗区", needed=False),
    Column("banner_code", "旗区代码", needed=False),
    Column("longitude", "经度", needed=False),
    Column("latitude", "纬度", needed=False),
)


def read_units(rows: Rows, banner: str) -> tuple[list[Unit], list[RowFault]]:
    """The address units of one banner; rows of other banners are passed over (a sheet of the whole city is common).

    Faults: codes twice or of a wrong form, a name missing, no unit of the banner at all.
    """
    sheet = SheetReader(UNIT_COLUMNS, rows)
    units: dict[str, Unit] = {}
    for row in sheet:
        code = row.code("unit_code", UNIT_CODE, "150603001001（12位）")
        if row.sound and not code.startswith(banner):
            continue
        if code in units:
            row.fault("unit_code", f"地址单元代码“{code}”重复出现。")
        unit = Unit(code, row.text("unit", 60), row.text("town", 60), banner, read_position(row))
        if row.sound:
            units[code] = unit
    if not units and not any(fault.grave for fault in sheet.faults):
        sheet.fault(WHOLE_SHEET, "", f"表中没有旗区 {banner} 的地址单元。")
    return sorted(units.values()), sheet.faults
