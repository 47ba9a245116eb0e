"""Zones from a sheet: every unit in one zone a stage, unless the zone is shared on purpose; gaps are warned of."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.policy.rules.import_zones import Zones, read_zones
from backend.policy.rules.places import FeederLine, OverflowLine, RowFault, School, Unit, overflow_lists, zone_lines_for

U1 = Unit("150603001001", "新北社区", "哈巴格希街道", "150603")
U2 = Unit("150603001002", "达尔罕社区", "哈巴格希街道", "150603")
P01, P02 = (
    School(f"150603-P0{n}", f"康巴什{n}小", "primary", private=False, address="路", phone="", conditions="")
    for n in (1, 2)
)
J01 = School("150603-J01", "康巴什一中", "junior", private=False, address="路", phone="", conditions="")
HEAD = ["学校代码", "地址单元代码", "地址单元名称", "适用学位类型", "多校划片", "对口小学代码"]


def read(*rows: list[str], schools: tuple[School, ...] = (P01, P02)) -> tuple[Zones, list[RowFault]]:
    return read_zones([HEAD, *rows], [U1, U2], schools, {"1", "2", "T"})


def test_a_good_sheet_gives_each_unit_its_school() -> None:
    """A06, A07, D12a."""
    zones, faults = read(["150603-P01", U1.code, "新北社区"], ["150603-P02", U2.code])
    assert faults == []
    assert [line.school_name for line in zone_lines_for(zones.lines, "primary", U1.code)] == ["康巴什1小"]


def test_unknown_units_schools_types_and_wrong_names_are_all_told() -> None:
    _, faults = read(
        ["150603-P09", U1.code],
        ["150603-P01", "150603009009"],
        ["150603-P01", "1506", ""],
        ["150603-P01", U1.code, "达尔罕社区"],
        ["150603-P01", U1.code, "", "9"],
        ["150603-P01", "", ""],
        ["150603-P01", "1.50603E+11"],
    )
    assert [(fault.row, fault.column) for fault in faults if fault.grave and fault.row] == [
        (2, "学校代码"),
        (3, "地址单元代码"),
        (4, "地址单元代码"),
        (5, "地址单元名称"),
        (6, "适用学位类型"),
        (7, "地址单元代码"),
        (8, "地址单元代码"),
    ]


def test_a_unit_twice_in_one_stage_is_a_fault_that_names_the_first_row() -> None:
    _, faults = read(["150603-P01", U1.code], ["150603-P02", U1.code], ["150603-P02", U2.code])
    grave = [fault for fault in faults if fault.grave]
    assert [fault.row for fault in grave] == [3]
    assert "第2行" in grave[0].what


def test_a_unit_may_be_shared_in_a_multi_school_zone_or_by_seat_type_but_not_by_halves() -> None:
    """多校划片 (domain 2.9); 锡林浩特: one community, two schools by seat type (domain 2.1)."""
    shared = (["150603-P01", U1.code, "", "", "是"], ["150603-P02", U1.code, "", "", "是"])
    assert not [fault for fault in read(*shared)[1] if fault.grave]
    by_type = (["150603-P01", U1.code, "", "1"], ["150603-P02", U1.code, "", "2，T"])
    zones, faults = read(*by_type)
    assert not [fault for fault in faults if fault.grave]
    assert [line.school for line in zone_lines_for(zones.lines, "primary", U1.code, "T")] == ["150603-P02"]
    halves = (["150603-P01", U1.code, "", "", "是"], ["150603-P02", U1.code])
    assert [fault.row for fault in read(*halves)[1] if fault.grave] == [3]
    overlapping = (["150603-P01", U1.code, "", "1,2"], ["150603-P02", U1.code, "", "2"])
    assert [fault.row for fault in read(*overlapping)[1] if fault.grave] == [3]


def test_one_unit_serves_schools_of_different_stages() -> None:
    rows = (["150603-P01", U1.code], ["150603-J01", U1.code], ["150603-P02", U2.code], ["150603-J01", U2.code])
    assert read(*rows, schools=(P01, P02, J01))[1] == []


def test_a_unit_in_no_zone_is_a_warning_and_a_school_without_a_zone_a_fault() -> None:
    zones, faults = read(["150603-P01", U1.code])
    assert [line.school for line in zones.lines] == ["150603-P01"]
    assert [(fault.row, fault.grave) for fault in faults] == [(0, True), (0, False)]
    assert "康巴什2小" in faults[0].what
    assert "达尔罕社区" in faults[1].what


def test_feeder_primaries_lead_to_junior_schools_only() -> None:
    """D07: 毕业小学对口直升初中; D23."""
    zones, faults = read(["150603-J01", "", "", "", "", "150603-P01"], schools=(P01, J01))
    assert zones.feeders == [FeederLine("150603-P01", "150603-J01")]
    assert [fault for fault in faults if fault.grave and fault.row] == []
    _, faults = read(["150603-P01", "", "", "", "", "150603-J01"], schools=(P01, J01))
    assert [(fault.row, fault.column) for fault in faults if fault.row] == [(2, "对口小学代码")]


@given(
    st.permutations([["150603-P01", U1.code], ["150603-P02", U2.code], ["150603-P02", U1.code], ["150603-P77", "x"]])
)
@settings(max_examples=24, deadline=None)
def test_the_order_of_rows_changes_neither_the_count_of_faults_nor_what_is_read(rows: list[list[str]]) -> None:
    _, faults = read(*rows)
    assert len(faults) == 3


def test_overflow_lists_follow_their_places() -> None:
    lines = [OverflowLine("A", 2, "C"), OverflowLine("A", 1, "B"), OverflowLine("B", 1, "A")]
    assert overflow_lists(lines) == {"A": ["B", "C"], "B": ["A"]}
